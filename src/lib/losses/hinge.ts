import { defineLoss } from './define-loss.ts';
import { marginShortfall } from './margin.ts';
import { meanOverValid } from './pixelwise.ts';

/**
 * Hinge loss: logits must clear a margin on the right side of 0.
 *
 * Formula: mean( max(0, 1 − s·z) ), s = 2g − 1.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar. With C ≥ 2, each class against the rest.
 */
export const hinge = defineLoss({
	id: 'hinge',
	name: 'Hinge',
	family: 'distribution',
	summary: 'Asks for a margin only: pixels that clear it no longer count, however certain they could become.',
	formula: 'mean( max(0, 1 − s·z) ), s = 2g − 1',
	symbols: { z: 'logit', g: 'truth', s: 'its sign: +1 inside, −1 outside' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Only the decision counts, and pixels that are right should stop pulling.',
	badWhen: 'Probabilities are read afterwards: they seldom pass 0.73.',
	edgeCases: 'Empty and full masks are ordinary. The slope ends at |z| = 1, so probabilities seldom pass 0.73.',
	sources: [{ authors: 'Cortes, Vapnik', year: 1995, title: 'Support-Vector Networks', venue: 'Machine Learning' }],
	params: {},
	compute: (tf, input) => meanOverValid(tf, marginShortfall(tf, input), input.valid),
});
