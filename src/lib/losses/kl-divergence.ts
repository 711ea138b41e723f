import { defineLoss } from './define-loss.ts';
import { divergence } from './divergence.ts';
import { classMaps, meanOverValid } from './pixelwise.ts';

/**
 * Kullback–Leibler divergence of the prediction from the truth; cross-entropy for hard masks.
 *
 * Formula: mean( Σ g·ln(g / p) ), both clipped to [10⁻⁷, 1].
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const klDivergence = defineLoss({
	id: 'klDivergence',
	name: 'KL divergence',
	family: 'distribution',
	summary: 'The information lost when the prediction stands in for the truth; 0 for soft masks that are met exactly.',
	formula: 'mean( Σ g·ln(g / p) )',
	symbols: { g: 'truth', p: 'probability; both are clipped to [10⁻⁷, 1]' },
	takes: 'probabilities',
	range: '[0, 16.1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Masks are soft, such as the mean of several raters, and should be met as they are.',
	badWhen: 'Masks are hard: cross-entropy is the same without the clip that stops very wrong pixels from teaching.',
	edgeCases:
		'Empty and full masks are ordinary. A pixel whose true class has a probability below 10⁻⁷ gives no slope; cross-entropy does not have this limit.',
	sources: [
		{ authors: 'Kullback, Leibler', year: 1951, title: 'On Information and Sufficiency', venue: 'Annals of Mathematical Statistics' },
	],
	params: {},
	compute(tf, input) {
		const { truth, probability } = classMaps(tf, input);
		return meanOverValid(tf, divergence(tf, truth, probability), input.valid);
	},
});
