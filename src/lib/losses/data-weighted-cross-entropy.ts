import type { Numbers } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { cui2019 } from './papers.ts';
import { meanOverValid, pixelCrossEntropy } from './pixelwise.ts';

interface WeightRule {
	readonly weighting: string;
	readonly beta: number;
	readonly strength: number;
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? 0;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** One weight per class from its pixels in the training part; a class without a pixel weighs 0, since nothing teaches it. */
export function weightsFromPixels(classPixels: readonly number[], { weighting, beta, strength }: WeightRule): number[] {
	const present = classPixels.filter((pixels) => pixels > 0);
	const total = present.reduce((sum, pixels) => sum + pixels, 0);
	const frequency = median(present) / total;
	const effective = (pixels: number): number => (1 - beta) / -Math.expm1(pixels * Math.log(beta));
	const scale = present.length / present.reduce((sum, pixels) => sum + effective(pixels), 0);
	const rules: Record<string, (pixels: number) => number> = {
		inverse: (pixels) => total / (present.length * pixels),
		median: (pixels) => (frequency * total) / pixels,
		effective: (pixels) => effective(pixels) * scale,
	};
	const rule = rules[weighting];
	if (!rule) throw new RangeError(`there is no weighting ${weighting}`);
	return classPixels.map((pixels) => (pixels > 0 ? rule(pixels) ** strength : 0));
}

const nameOf = (index: number): string => `class ${index}`;

function weightsIn(state: Numbers): number[] {
	return Object.keys(state).map((_, index) => state[nameOf(index)] ?? 1);
}

/**
 * Cross-entropy whose class weights come from the whole training part.
 *
 * Formula: mean( w_c·(−ln p_c) ), w_c from the pixels of class c before the first step.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar. C = 1 has two classes, background and foreground.
 */
export const dataWeightedCrossEntropy = defineLoss({
	id: 'dataWeightedCrossEntropy',
	name: 'Cross-entropy, weights from the data',
	family: 'adaptive',
	summary: 'Cross-entropy that counts your training masks first and lets rare classes weigh more.',
	formula: 'mean( w_c·(−ln p_c) )',
	symbols: {
		p_c: 'probability of the true class c',
		w_c: '(N / (C·n_c))^k; or the median frequency over that of c; or 1 over the effective number of pixels',
		n_c: 'training pixels of class c; N of all, C classes',
		k: 'strength',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Some classes are much rarer than others and none may be missed.',
	badWhen: 'Foreground is far below 1 %: full weights then mark far too much; take a strength of about a half.',
	edgeCases: 'A class without a training pixel weighs 0. The weights are counted once, kept in the checkpoint and shown.',
	sources: [
		{
			authors: 'Eigen, Fergus',
			year: 2015,
			title: 'Predicting Depth, Surface Normals and Semantic Labels with a Common Multi-Scale Convolutional Architecture',
			venue: 'ICCV',
			link: 'https://arxiv.org/abs/1411.4734',
		},
		cui2019,
	],
	params: {
		weighting: {
			kind: 'choice',
			label: 'Weights',
			help: 'How rarity becomes weight. With two classes the first two differ by a factor only.',
			options: [
				{ value: 'inverse', label: 'one over frequency' },
				{ value: 'median', label: 'median frequency' },
				{ value: 'effective', label: 'effective number' },
			],
			default: 'inverse',
		},
		strength: {
			kind: 'number',
			label: 'Strength (k)',
			help: 'The power that each weight is taken to: 1 as published, 0 for plain cross-entropy.',
			min: 0,
			max: 1,
			step: 0.05,
			default: 1,
		},
		beta: {
			kind: 'number',
			label: 'Balance (β)',
			help: 'Nearer to 1, the weights come nearer to one over frequency. The paper takes 0.9 to 0.9999.',
			min: 0.5,
			max: 0.9999999,
			step: 0.0001,
			default: 0.9999,
			onlyWhen: { weighting: ['effective'] },
		},
	},
	memory: {
		first: (values, { classPixels }) =>
			Object.fromEntries(weightsFromPixels(classPixels, values).map((weight, index) => [nameOf(index), weight])),
	},
	readings: ({ state }) => Object.fromEntries(weightsIn(state).map((weight, index) => [`weight of ${nameOf(index)}`, weight])),
	compute: (tf, input) => meanOverValid(tf, pixelCrossEntropy(tf, input, input.yTrue, weightsIn(input.state)), input.valid),
});
