import type { Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { neighbourSum } from './neighbours.ts';
import { karimi2019 } from './papers.ts';
import { meanOverValid } from './pixelwise.ts';
import { sumParams } from './region-params.ts';
import { regionMaps } from './region.ts';

/** Keeps a flat map, which has no range, as it is. */
const smallestRange = 1e-12;

/** Mean of the plus-shaped neighbourhood less ½, at least 0, stretched to its own range in each image and class. */
function erode(tf: Tf, error: Tensor4D): Tensor4D {
	const eroded = tf.relu(tf.sub(tf.div(tf.add(error, neighbourSum(tf, error)), 5), 0.5));
	const least = tf.min(eroded, [1, 2], true);
	const range = tf.sub(tf.max(eroded, [1, 2], true), least);
	const flat = tf.sub(1, tf.step(tf.sub(range, smallestRange)));
	return tf.div(tf.sub(eroded, tf.mul(least, tf.sub(1, flat))), tf.add(range, flat));
}

/**
 * Hausdorff loss by erosion: what is left of the errors after each of several erosions costs more and more.
 *
 * Formula: mean Σ_k e_k·k^α, e_0 = (p − g)², e_k the k-th erosion of it.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const hausdorffErosion = defineLoss({
	id: 'hausdorffErosion',
	name: 'Hausdorff (erosions)',
	family: 'boundary',
	summary: 'Thick errors cost more than thin ones: what survives k erosions counts k to the power α times.',
	formula: 'mean Σ_k e_k·k^α + mean (p − g)²',
	symbols: { p: 'probability', g: 'truth', e_k: '(p − g)² eroded k times and stretched to its range', α: 'how much thick errors count' },
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Thick errors must go, without the cost of distance maps.',
	badWhen: 'Objects are thin: their errors do not survive one erosion.',
	edgeCases:
		'Errors thinner than the first erosion leave only the squared error, which can be weighed down. Empty and full masks are ordinary.',
	sources: [karimi2019],
	params: {
		alpha: {
			kind: 'number',
			label: 'Power of the thickness (α)',
			help: 'Larger values make thick errors count more over thin ones.',
			min: 0,
			max: 4,
			step: 0.5,
			default: 2,
		},
		erosions: {
			kind: 'number',
			label: 'Erosions (k)',
			help: 'More of them tell thicker errors apart.',
			min: 1,
			max: 20,
			step: 1,
			default: 10,
		},
		squaredError: {
			kind: 'number',
			label: 'Weight of the squared error',
			help: 'What thin errors and faint probabilities teach; 0 is the published form, which starts slowly.',
			min: 0,
			max: 10,
			step: 0.1,
			default: 1,
		},
		includeBackground: sumParams.includeBackground,
	},
	compute(tf, input, values) {
		const { truth, prediction, valid } = regionMaps(tf, input, values.includeBackground);
		let error = tf.mul<Tensor4D>(tf.square(tf.sub(prediction, truth)), valid);
		let total = tf.mul(error, values.squaredError);
		for (let k = 1; k <= Math.round(values.erosions); k++) {
			error = erode(tf, error);
			total = tf.add(total, tf.mul(error, k ** values.alpha));
		}
		return meanOverValid(tf, total, valid);
	},
});
