import { defineLoss } from './define-loss.ts';
import { generalizedDiceLosses, generalizedParams } from './generalized-overlap.ts';

/**
 * Generalised Dice: one overlap for all classes, each weighted against its size.
 *
 * Formula: 1 − (2·Σ w_c·TP_c + s) / (Σ w_c·(Σ p + Σ g) + s), w_c = 1/(Σ g)².
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const generalizedDice = defineLoss({
	id: 'generalizedDice',
	name: 'Generalized Dice',
	family: 'region',
	summary: 'One overlap for all classes in which small classes weigh more; strong when every class is present.',
	formula: '1 − (2·Σ w_c·TP_c + s) / (Σ w_c·(Σ p_c + Σ g_c) + s), w_c = 1/(Σ g_c)²',
	symbols: { TP_c: 'Σ p_c·g_c', w_c: 'weight of class c', p_c: 'probability', g_c: 'truth', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Classes of very different size are all present in nearly every image.',
	badWhen: 'Classes are often absent: it failed altogether on the organs of the published comparison.',
	edgeCases:
		'A class without a true pixel would weigh infinitely; it takes the largest of the other weights, or 0. With one channel the weight cancels; an empty truth then gives 0. Known to fail where many classes are absent.',
	sources: [
		{
			authors: 'Sudre, Li, Vercauteren, Ourselin, Cardoso',
			year: 2017,
			title: 'Generalised Dice Overlap as a Deep Learning Loss Function for Highly Unbalanced Segmentations',
			venue: 'DLMIA',
			link: 'https://arxiv.org/abs/1707.03237',
		},
	],
	params: generalizedParams,
	compute: (tf, input, values) => tf.mean(generalizedDiceLosses(tf, input, values)),
});
