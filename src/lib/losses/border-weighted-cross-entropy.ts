import { defineLoss } from './define-loss.ts';
import { ronneberger2015 } from './papers.ts';
import { classMaps, classWeights, classWeightsParam, meanOverValid, pixelCrossEntropy, weightOfTrueClass } from './pixelwise.ts';
import { requiredTarget } from './required-target.ts';

/**
 * The cross-entropy of the first U-Net: background between two objects weighs more.
 *
 * Formula: mean( W·(−ln p_t) ), W = w_c + [background]·w₀·exp(−(d₁ + d₂)² / 2σ²).
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C], instanceGap [B,H,W,C] px → scalar.
 */
export const borderWeightedCrossEntropy = defineLoss({
	id: 'borderWeightedCrossEntropy',
	name: 'Border-weighted cross-entropy',
	family: 'boundary',
	summary: 'Cross-entropy in which the narrow gap between two objects weighs more, so that touching objects come apart.',
	formula: 'mean( W·(−ln p_t) ), W = w_c + [background]·w₀·exp(−(d₁ + d₂)² / 2σ²)',
	symbols: {
		p_t: 'probability of the true class',
		w_c: 'weight of the true class',
		'd₁': 'distance to the nearest object, pixels',
		'd₂': 'distance to the second nearest, pixels',
		'w₀': 'weight at a border',
		σ: 'how wide a gap counts, pixels',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Many objects nearly touch and must come apart, such as cells.',
	badWhen: 'Images hold one object or none: it is then cross-entropy.',
	edgeCases:
		'An image with fewer than two objects, empty ones included, has no border term. Objects that touch in the mask along an edge are one.',
	sources: [ronneberger2015],
	params: {
		borderWeight: {
			kind: 'number',
			label: 'Weight at a border (w₀)',
			help: 'Larger values keep objects further apart.',
			min: 0,
			max: 100,
			step: 1,
			default: 10,
		},
		sigma: {
			kind: 'number',
			label: 'Width of a gap (σ)',
			help: 'Larger values count wider gaps.',
			min: 0.5,
			max: 16,
			step: 0.5,
			default: 5,
			unit: 'px',
		},
		classWeights: classWeightsParam,
	},
	targets: ['instanceGap'],
	compute(tf, input, values) {
		const gap = tf.slice(requiredTarget(input, 'instanceGap'), [0, 0, 0, 0], [-1, -1, -1, 1]);
		const border = tf.exp(tf.div(tf.square(gap), -2 * values.sigma ** 2));
		const background = tf.slice(classMaps(tf, input).truth, [0, 0, 0, 0], [-1, -1, -1, 1]);
		const ofClass = weightOfTrueClass(tf, input, classWeights(values.classWeights, input));
		const weight = tf.add(ofClass, tf.mul(tf.mul(background, border), values.borderWeight));
		return meanOverValid(tf, tf.mul(pixelCrossEntropy(tf, input), weight), input.valid);
	},
});
