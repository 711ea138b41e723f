import type { Tensor4D } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { divergence } from './divergence.ts';
import { classMaps, meanOverValid } from './pixelwise.ts';

/**
 * Jensen–Shannon divergence: Kullback–Leibler of both sides from their middle.
 *
 * Formula: mean( ½·KL(g ‖ m) + ½·KL(p ‖ m) ), m = (g + p) / 2.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const jsDivergence = defineLoss({
	id: 'jsDivergence',
	name: 'Jensen–Shannon divergence',
	family: 'distribution',
	summary: 'A divergence that treats truth and prediction alike and is limited, so that single wrong labels pull little.',
	formula: 'mean( ½·KL(g ‖ m) + ½·KL(p ‖ m) ), m = (g + p) / 2',
	symbols: { g: 'truth', p: 'probability', m: 'their middle', KL: 'Kullback–Leibler divergence, clipped to [10⁻⁷, 1]' },
	takes: 'probabilities',
	range: '[0, ln 2]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Some labels are wrong and no pixel should weigh without limit.',
	badWhen: 'Foreground is rare or the start is far off: very wrong pixels hardly teach.',
	edgeCases: 'Empty and full masks are ordinary. Pixels that are far wrong hardly teach: training can start slowly.',
	sources: [
		{
			authors: 'Lin',
			year: 1991,
			title: 'Divergence Measures Based on the Shannon Entropy',
			venue: 'IEEE Transactions on Information Theory',
		},
	],
	params: {},
	compute(tf, input) {
		const { truth, probability } = classMaps(tf, input);
		const middle = tf.div<Tensor4D>(tf.add(truth, probability), 2);
		const map = tf.add(divergence(tf, truth, middle), divergence(tf, probability, middle));
		return meanOverValid(tf, tf.div(map, 2), input.valid);
	},
});
