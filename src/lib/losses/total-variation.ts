import type { LossInput, Scalar, Tensor, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { meanOverValid, pixelCrossEntropy } from './pixelwise.ts';

/** Σ |x − neighbour| along one axis over pairs of valid pixels: [B, C]. */
function steps(tf: Tf, { yPred, valid }: LossInput, axis: 1 | 2): Tensor {
	const length = yPred.shape[axis];
	const part = (map: Tensor4D, from: number): Tensor4D => {
		const begin: [number, number, number, number] = [0, 0, 0, 0];
		const size: [number, number, number, number] = [...map.shape];
		begin[axis] = from;
		size[axis] = length - 1;
		return tf.slice4d(map, begin, size);
	};
	const bothValid = tf.mul(part(valid, 0), part(valid, 1));
	return tf.sum(tf.mul(tf.abs(tf.sub(part(yPred, 1), part(yPred, 0))), bothValid), [1, 2]);
}

function variation(tf: Tf, input: LossInput): Scalar {
	return tf.mean(tf.add(steps(tf, input, 1), steps(tf, input, 2)));
}

/**
 * Cross-entropy with total variation, which counts how much probability changes from pixel to pixel.
 *
 * Formula: f·CE + λ·Σ |p − p′| over neighbours.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits and yPred [B,H,W,C] → scalar.
 */
export const totalVariation = defineLoss({
	id: 'totalVariation',
	name: 'Cross-entropy + total variation',
	family: 'boundary',
	summary: 'Cross-entropy that charges every change between neighbours: smooth masks without speckles.',
	formula: 'f·CE + λ·Σ |p − p′| over neighbours, mean over images and classes',
	symbols: {
		CE: 'cross-entropy',
		p: 'probability',
		'p′': 'that of the pixel to the right or below',
		f: 'weight of cross-entropy',
		λ: 'weight of variation',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: false,
	goodWhen: 'Masks come out speckled or ragged.',
	badWhen: 'Objects are thin or tiny: smoothing wipes them out.',
	edgeCases:
		'Empty and full masks are ordinary. Variation is a sum over pixels and grows with the image; too large a λ wipes out small objects. It teaches nothing alone.',
	sources: [
		{ authors: 'Rudin, Osher, Fatemi', year: 1992, title: 'Nonlinear total variation based noise removal algorithms', venue: 'Physica D' },
	],
	params: {
		crossEntropyWeight: {
			kind: 'number',
			label: 'Weight of cross-entropy (f)',
			help: 'Larger values follow the truth more closely.',
			min: 0,
			max: 10,
			step: 0.1,
			default: 1,
		},
		variationWeight: {
			kind: 'number',
			label: 'Weight of variation (λ)',
			help: 'Larger values give smoother masks and lose small objects. No value is published.',
			min: 0,
			max: 1,
			step: 0.00001,
			default: 0.0001,
		},
	},
	compute(tf, input, values) {
		const penalty = tf.mul<Scalar>(variation(tf, input), values.variationWeight);
		if (values.crossEntropyWeight === 0) return penalty;
		return tf.add(penalty, tf.mul(meanOverValid(tf, pixelCrossEntropy(tf, input), input.valid), values.crossEntropyWeight));
	},
});
