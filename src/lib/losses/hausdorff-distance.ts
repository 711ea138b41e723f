import { constant } from './constant.ts';
import type { LossInput, Scalar, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { distanceToOtherSide, pixelAxes } from './distance-maps.ts';
import { karimi2019 } from './papers.ts';
import { companionDice } from './region.ts';
import { requiredTarget } from './required-target.ts';

/** mean( (p − g)²·(d_p^α + d_g^α) ) over the pixels of an image, then over images and classes. */
function hausdorffTerm(tf: Tf, input: LossInput, values: { alpha: number; includeBackground: boolean }): Scalar {
	const { yTrue, yPred, valid } = input;
	const predicted = constant(tf, yPred, () => distanceToOtherSide(tf, tf.mul(tf.step(tf.sub(yPred, 0.5)), valid)));
	const given = tf.abs(requiredTarget(input, 'signedDistance'));
	const reach = tf.add(tf.pow(predicted, values.alpha), tf.pow(given, values.alpha));
	const map = tf.mul<Tensor4D>(tf.mul(tf.square(tf.sub(yPred, yTrue)), reach), valid);
	const axes = pixelAxes(map);
	const perClass = tf.div(tf.sum(map, axes), tf.maximum(tf.sum(valid, axes), 1));
	const channels = perClass.shape[1] ?? 1;
	return tf.mean(values.includeBackground || channels === 1 ? perClass : tf.slice(perClass, [0, 1], [-1, channels - 1]));
}

/**
 * Hausdorff loss by distance transforms: errors cost by how far from both contours they lie.
 *
 * Formula: λ·mean( (p − g)²·(d_p^α + d_g^α) ) + D.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1), signedDistance [B,H,W,C] px → scalar.
 */
export const hausdorffDistance = defineLoss({
	id: 'hausdorffDistance',
	name: 'Hausdorff (distance maps)',
	family: 'boundary',
	summary: 'Errors cost by their distance from the contours, so that the furthest ones, which the Hausdorff distance sees, go first.',
	formula: 'λ·mean( (p − g)²·(d_p^α + d_g^α) ) + μ·Dice',
	symbols: {
		p: 'probability',
		g: 'truth',
		d_p: 'distance in pixels to the contour of the prediction at p > ½, constant for the slope',
		d_g: 'distance in pixels to the contour of the truth',
		α: 'how much far errors count over near ones',
		λ: 'weight of the Hausdorff term',
		μ: 'weight of Dice',
	},
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Far-off false alarms must go and the Hausdorff distance is what you report.',
	badWhen: 'There is no GPU and time is short, or its weight is large: masks then end empty.',
	edgeCases:
		'The distances of an empty or full mask are 0. Values are hundreds of times those of Dice on large images, hence the small weight; too large a weight leads to empty masks. The distance map of the prediction is made at every step, which is slow on large squares without a GPU.',
	sources: [karimi2019],
	params: {
		alpha: {
			kind: 'number',
			label: 'Power of the distance (α)',
			help: 'Larger values make far errors count more over near ones.',
			min: 0.5,
			max: 4,
			step: 0.5,
			default: 2,
		},
		logarithm: {
			kind: 'boolean',
			label: 'Logarithm',
			help: 'On takes ln(1 + x) of the Hausdorff term, which tames its size.',
			default: false,
		},
		hausdorffWeight: {
			kind: 'number',
			label: 'Weight of the Hausdorff term (λ)',
			help: 'Larger values care more for far errors and less for overlap. No value is published: the paper balances both terms anew each epoch.',
			min: 0,
			max: 10,
			step: 0.001,
			default: 0.01,
		},
		diceWeight: {
			kind: 'number',
			label: 'Weight of Dice (μ)',
			help: 'Larger values care more for overlap; 0 leaves the Hausdorff term alone.',
			min: 0,
			max: 10,
			step: 0.1,
			default: 1,
		},
		includeBackground: {
			kind: 'boolean',
			label: 'Background counts as a class',
			help: 'Only with three or more classes: on adds the contour of the background.',
			default: false,
		},
	},
	targets: ['signedDistance'],
	compute(tf, input, values) {
		const term = hausdorffTerm(tf, input, values);
		const weighted = tf.mul<Scalar>(values.logarithm ? tf.log1p(term) : term, values.hausdorffWeight);
		if (values.diceWeight === 0) return weighted;
		return tf.add(weighted, tf.mul(companionDice(tf, input, values.includeBackground), values.diceWeight));
	},
});
