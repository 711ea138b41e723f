import type { LossInput, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { meanOverValid, pixelCrossEntropy } from './pixelwise.ts';

/** ∫ of a normal density over each of the 2·reach + 1 unit cells around 0, by Simpson's rule. */
function gaussianWeights(sigma: number): number[] {
	const reach = Math.max(1, Math.round(4 * sigma));
	const density = (x: number): number => Math.exp(-(x * x) / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI));
	const parts = 32;
	return Array.from({ length: 2 * reach + 1 }, (_, i) => {
		let sum = 0;
		for (let part = 0; part <= parts; part++) {
			const weight = part === 0 || part === parts ? 1 : part % 2 === 1 ? 4 : 2;
			sum += weight * density(i - reach - 0.5 + part / parts);
		}
		return sum / (3 * parts);
	});
}

/** The truth averaged over the neighbours of each pixel, zero outside the image. It needs no gradient. */
function neighbourhood(tf: Tf, input: LossInput, kernel: readonly number[]): Tensor4D {
	const truth = tf.mul<Tensor4D>(input.yTrue, input.valid);
	const channels = input.yTrue.shape[3];
	const filter = (height: number, width: number): Tensor4D => tf.tile(tf.tensor4d([...kernel], [height, width, 1, 1]), [1, 1, channels, 1]);
	const rows = tf.depthwiseConv2d(truth, filter(1, kernel.length), 1, 'same');
	return tf.depthwiseConv2d(rows, filter(kernel.length, 1), 1, 'same');
}

/**
 * Neighbour-aware calibration: cross-entropy, with logits held near the classes found around each pixel.
 *
 * Formula: CE + α·mean |K∗g − z|^d.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar.
 */
export const nacl = defineLoss({
	id: 'nacl',
	name: 'NACL',
	family: 'distribution',
	summary: 'Cross-entropy that keeps logits small and lets them follow how mixed the neighbourhood is: honest probabilities.',
	formula: 'CE + α·mean |K∗g − z|^d',
	symbols: { CE: 'cross-entropy', g: 'truth', z: 'logits', K: 'mean or Gaussian filter', α: 'weight', d: '1 or 2' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: false,
	goodWhen: 'Probabilities must be calibrated, near borders above all.',
	badWhen: 'Objects are a pixel or two wide: their surroundings pull them to background.',
	edgeCases: 'Empty and full masks are ordinary. Pixels outside the image count as no class, so logits at the border are drawn lower.',
	sources: [
		{
			authors: 'Murugesan, Vasudeva, Liu, Lombaert, Ben Ayed, Dolz',
			year: 2023,
			title: 'Trust your neighbours: Penalty-based constraints for model calibration',
			venue: 'MICCAI',
			link: 'https://arxiv.org/abs/2303.06268',
		},
	],
	params: {
		alpha: {
			kind: 'number',
			label: 'Weight of the penalty (α)',
			help: 'Larger values keep logits nearer to the neighbourhood and probabilities further from 0 and 1.',
			min: 0,
			max: 10,
			step: 0.05,
			default: 0.1,
		},
		kernel: {
			kind: 'choice',
			label: 'Filter',
			help: 'How the classes around a pixel are averaged.',
			options: [
				{ value: 'mean', label: 'mean' },
				{ value: 'gaussian', label: 'Gaussian' },
			],
			default: 'mean',
		},
		kernelSize: {
			kind: 'number',
			label: 'Size of the mean filter',
			help: 'Larger values look further around; even sizes are rounded up.',
			min: 1,
			max: 15,
			step: 2,
			default: 3,
			unit: 'px',
			onlyWhen: { kernel: ['mean'] },
		},
		sigma: {
			kind: 'number',
			label: 'Width of the Gaussian filter (σ)',
			help: 'Larger values look further around.',
			min: 0.25,
			max: 5,
			step: 0.25,
			default: 1,
			unit: 'px',
			onlyWhen: { kernel: ['gaussian'] },
		},
		distance: {
			kind: 'choice',
			label: 'Distance',
			help: 'Absolute distances tolerate single far logits, squared ones do not.',
			options: [
				{ value: 'l1', label: 'absolute' },
				{ value: 'l2', label: 'squared' },
			],
			default: 'l1',
		},
	},
	compute(tf, input, values) {
		const size = 2 * Math.floor(values.kernelSize / 2) + 1;
		const kernel = values.kernel === 'gaussian' ? gaussianWeights(values.sigma) : Array.from({ length: size }, () => 1 / size);
		const apart = tf.sub(neighbourhood(tf, input, kernel), input.logits);
		const penalty = meanOverValid(tf, values.distance === 'l1' ? tf.abs(apart) : tf.square(apart), input.valid);
		return tf.add(meanOverValid(tf, pixelCrossEntropy(tf, input), input.valid), tf.mul(penalty, values.alpha));
	},
});
