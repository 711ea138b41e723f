import type { Scalar, Tensor, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { dilation, erosion } from './neighbours.ts';
import { sumParams } from './region-params.ts';
import { regionMaps } from './region.ts';

/** What an opening takes away: the thinnest parts. */
function thinParts(tf: Tf, map: Tensor4D): Tensor4D {
	return tf.relu(tf.sub(map, dilation(tf, erosion(tf, map))));
}

/** A soft skeleton: the thin parts found after each of several erosions. */
function softSkeleton(tf: Tf, map: Tensor4D, iterations: number): Tensor4D {
	let eroded = map;
	let skeleton = thinParts(tf, map);
	for (let i = 0; i < iterations; i++) {
		eroded = erosion(tf, eroded);
		const found = thinParts(tf, eroded);
		skeleton = tf.add(skeleton, tf.relu(tf.sub(found, tf.mul(skeleton, found))));
	}
	return skeleton;
}

/** (Σ a·b + s) / (Σ a + s) over everything. */
function share(tf: Tf, a: Tensor, b: Tensor, smoothing: number): Scalar {
	return tf.div(tf.add(tf.sum(tf.mul(a, b)), smoothing), tf.add(tf.sum(a), smoothing));
}

/**
 * Soft centre-line Dice, beside Dice: the skeletons of truth and prediction must lie in one another.
 *
 * Formula: (1 − α)·Dice + α·(1 − 2·P·S / (P + S)).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const clDice = defineLoss({
	id: 'clDice',
	name: 'Centre-line Dice',
	family: 'boundary',
	summary: 'For vessels, roads and cracks: rewards unbroken centre lines, whatever the width.',
	formula: '(1 − α)·Dice + α·(1 − 2·P·S / (P + S))',
	symbols: {
		P: 'share of the predicted skeleton inside the truth',
		S: 'share of the true skeleton inside the prediction',
		α: 'weight of the centre-line term',
		s: 'smoothing of every share and of Dice, 2·TP + s over Σ p + Σ g + s',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Vessels, roads or cracks must stay unbroken, whatever their width.',
	badWhen: 'Objects are blobs, or Dice is left out beside it: thin lines may then vanish.',
	edgeCases:
		'Sums run over the batch and the foreground classes. Empty truth: the shares are 1 when nothing is predicted. Without Dice, thin objects may vanish. Where neighbours tie, the slope goes to one of them.',
	sources: [
		{
			authors: 'Shit, Paetzold, Sekuboyina, Ezhov, Unger, Zhylka, Pluim, Bauer, Menze',
			year: 2021,
			title: 'clDice – a Novel Topology-Preserving Loss Function for Tubular Structure Segmentation',
			venue: 'CVPR',
			link: 'https://arxiv.org/abs/2003.07311',
		},
	],
	params: {
		alpha: {
			kind: 'number',
			label: 'Weight of the centre line (α)',
			help: 'Larger values care more for unbroken lines and less for overlap.',
			min: 0,
			max: 1,
			step: 0.05,
			default: 0.5,
		},
		iterations: {
			kind: 'number',
			label: 'Erosions',
			help: 'At least half the largest width of the objects.',
			min: 1,
			max: 20,
			step: 1,
			default: 3,
			unit: 'px',
		},
		smoothing: {
			kind: 'number',
			label: 'Smoothing (s)',
			help: 'Added to every numerator and denominator; larger values soften the loss of small and empty masks.',
			min: 0.00001,
			max: 100,
			step: 0.1,
			default: 1,
			unit: 'px',
		},
		includeBackground: sumParams.includeBackground,
	},
	compute(tf, input, values) {
		const { truth, prediction, valid } = regionMaps(tf, input, values.includeBackground);
		const kept = tf.mul<Tensor4D>(prediction, valid);
		const iterations = Math.round(values.iterations);
		const precision = share(tf, softSkeleton(tf, kept, iterations), truth, values.smoothing);
		const sensitivity = share(tf, softSkeleton(tf, truth, iterations), kept, values.smoothing);
		const centreLine = tf.sub(1, tf.div(tf.mul(tf.mul(precision, sensitivity), 2), tf.add(precision, sensitivity)));
		const overlap = tf.add(tf.mul(tf.sum(tf.mul(kept, truth)), 2), values.smoothing);
		const dice = tf.sub(1, tf.div(overlap, tf.add(tf.add(tf.sum(kept), tf.sum(truth)), values.smoothing)));
		return tf.add(tf.mul(dice, 1 - values.alpha), tf.mul(centreLine, values.alpha));
	},
});
