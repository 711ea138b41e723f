import { defineLoss } from './define-loss.ts';
import { marginShortfall } from './margin.ts';
import { meanOverValid } from './pixelwise.ts';

/**
 * Squared hinge loss: far misses cost more than in proportion.
 *
 * Formula: mean( max(0, 1 − s·z)² ), s = 2g − 1.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar. With C ≥ 2, each class against the rest.
 */
export const squaredHinge = defineLoss({
	id: 'squaredHinge',
	name: 'Squared hinge',
	family: 'distribution',
	summary: 'Hinge with a square: smooth at the margin, harsh on pixels that are far wrong.',
	formula: 'mean( max(0, 1 − s·z)² ), s = 2g − 1',
	symbols: { z: 'logit', g: 'truth', s: 'its sign: +1 inside, −1 outside' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'A margin is wanted with a smooth end, and labels are clean.',
	badWhen: 'Labels hold gross mistakes: each counts by its square.',
	edgeCases: 'Empty and full masks are ordinary. Single pixels with a far wrong logit can lead the whole batch.',
	sources: [
		{
			authors: 'Lee, Mangasarian',
			year: 2001,
			title: 'SSVM: A Smooth Support Vector Machine',
			venue: 'Computational Optimization and Applications',
		},
	],
	params: {},
	compute: (tf, input) => meanOverValid(tf, tf.square(marginShortfall(tf, input)), input.valid),
});
