import { AppError } from '#lib/core/errors.ts';
import { parseNumbers } from '#lib/core/params.ts';
import type { LossInput, Tensor, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { classMaps } from './pixelwise.ts';
import type { ClassMaps } from './pixelwise.ts';
import { numeratorParams, sumParams } from './region-params.ts';
import { regionSum, smoothingGap } from './region.ts';

/** Distances between classes [K][K] over their maximum: as spelled out row by row, or 1 between any two. */
function distanceMatrix(text: string, classes: number): number[] {
	const given = parseNumbers(text);
	if (given.length === 0) return Array.from({ length: classes * classes }, (_, i) => (Math.floor(i / classes) === i % classes ? 0 : 1));
	if (given.length !== classes * classes) throw new AppError('spec-invalid', { parameter: 'distances', given: given.length, classes });
	const largest = Math.max(...given);
	return largest > 0 ? given.map((distance) => distance / largest) : given;
}

/** δ: how far each pixel's probabilities lie from its true class [B, H, W, 1]. */
function wassersteinDistance(tf: Tf, { truth, probability }: ClassMaps, matrix: readonly number[]): Tensor4D {
	const classes = truth.shape[3];
	const rows = tf.matMul(tf.reshape(truth, [-1, classes]), tf.tensor2d([...matrix], [classes, classes]));
	return tf.sum(tf.mul(tf.reshape(rows, truth.shape), probability), 3, true);
}

/** Weight of each pixel [B, H, W, 1]: 1 off the background, or one over the size of its true class. */
function pixelWeights(tf: Tf, truth: Tensor4D, valid: Tensor4D, values: { weighting: string; batchSums: boolean }): Tensor {
	if (values.weighting === 'foreground') return tf.sub(1, tf.slice(truth, [0, 0, 0, 0], [-1, -1, -1, 1]));
	const axes = values.batchSums ? [0, 1, 2] : [1, 2];
	const sizes = tf.sum(tf.mul(truth, valid), axes, true);
	return tf.sum(tf.div(truth, tf.add(sizes, 1)), 3, true);
}

/** Hits and denominator of the score for each image, or for the batch. */
function sums(
	tf: Tf,
	input: LossInput,
	values: { distances: string; weighting: string; batchSums: boolean },
): { hits: Tensor; area: Tensor } {
	const maps = classMaps(tf, input);
	const distance = wassersteinDistance(tf, maps, distanceMatrix(values.distances, maps.truth.shape[3]));
	const weight = tf.mul(pixelWeights(tf, maps.truth, input.valid, values), input.valid);
	const total = (map: Tensor): Tensor => regionSum(tf, map, values.batchSums);
	const hits = total(tf.mul(weight, tf.sub(1, distance)));
	const missed = total(tf.mul(distance, values.weighting === 'foreground' ? input.valid : weight));
	return { hits, area: tf.add(tf.mul(hits, 2), missed) };
}

/**
 * Generalised Wasserstein Dice: some confusions of classes cost more than others.
 *
 * Formula: 1 − (2·Σ a·(1 − δ) + s) / (Σ 2a·(1 − δ) + Σ δ + s), δ = Σ g_c·M_cd·p_d.
 * Shapes: yTrue [B,H,W,C] one-hot, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const wassersteinDice = defineLoss({
	id: 'wassersteinDice',
	name: 'Wasserstein Dice',
	family: 'region',
	summary: 'Dice for related classes: mixing up near ones costs less than mixing up far ones.',
	formula: '1 − (2·Σ a·(1 − δ) + s) / (2·Σ a·(1 − δ) + Σ b·δ + s), δ = Σ g_c·M_cd·p_d',
	symbols: {
		δ: 'how far a pixel’s probabilities lie from its true class',
		M_cd: 'distance between classes c and d, over the largest',
		a: 'weight of a pixel: 0 on background, or one over one plus the size of its class',
		b: '1, or a when classes are weighted by size',
		s: 'smoothing',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Some confusions of classes are worse than others and you can say by how much.',
	badWhen: 'There are only two classes, or all mistakes are equally bad: Dice is simpler.',
	edgeCases: 'Empty truth: 0 when nothing is predicted, 1 as soon as anything is, up to smoothing. Two classes have only one distance.',
	sources: [
		{
			authors: 'Fidon, Li, Garcia-Peraza-Herrera, Ekanayake, Kitchen, Ourselin, Vercauteren',
			year: 2017,
			title: 'Generalised Wasserstein Dice Score for Imbalanced Multi-class Segmentation using Holistic Convolutional Networks',
			venue: 'BrainLes',
			link: 'https://arxiv.org/abs/1707.00478',
		},
	],
	params: {
		distances: {
			kind: 'numbers',
			label: 'Distances between classes',
			help: 'Row by row, separated by commas: 0, 1, 1, 0 for two classes. Empty takes all as equally far.',
			min: 0,
			max: 1000,
			default: '',
		},
		weighting: {
			kind: 'choice',
			label: 'Weight of a pixel',
			help: 'Leaving the background out is the published form; by size favours small classes.',
			options: [
				{ value: 'foreground', label: '1 off the background' },
				{ value: 'size', label: 'one over the size of its class' },
			],
			default: 'foreground',
		},
		smoothing: {
			kind: 'number',
			label: 'Smoothing (s)',
			help: 'Added to the numerator and the denominator; 10⁻⁵ as in MONAI.',
			min: 0,
			max: 100,
			step: 0.00001,
			default: 0.00001,
			unit: 'px',
		},
		...numeratorParams({ max: 100, step: 0.00001, unit: 'px' }),
		batchSums: sumParams.batchSums,
	},
	compute(tf, input, values) {
		const { hits, area } = sums(tf, input, values);
		const missed = tf.add(tf.sub(area, tf.mul(hits, 2)), smoothingGap(values));
		return tf.mean(tf.div(missed, tf.maximum(tf.add(area, values.smoothing), 1e-30)));
	},
});
