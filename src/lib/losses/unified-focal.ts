import { defineLoss } from './define-loss.ts';
import { focalTerm, tverskyTerm, unifiedParams, unifiedSource, unifiedSumParam } from './unified-terms.ts';

/**
 * Unified focal loss: asymmetric focal and focal Tversky under one weight and one focus.
 *
 * Formula: λ·aFT + (1 − λ)·aF.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const unifiedFocal = defineLoss({
	id: 'unifiedFocal',
	name: 'Unified focal',
	family: 'compound',
	summary: 'One loss for imbalance: cross-entropy and Tversky together, with a single weight δ and a single focus γ.',
	formula: 'λ·aFT + (1 − λ)·aF',
	symbols: {
		aFT: 'asymmetric focal Tversky',
		aF: 'asymmetric focal',
		λ: 'share of Tversky',
		δ: 'weight of missed foreground',
		γ: 'focusing',
	},
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Imbalance is strong and three numbers should replace a mix of losses.',
	badWhen: 'Masks are often empty: the Tversky half is then high whatever is predicted.',
	edgeCases: 'Empty masks teach through the focal half. Probabilities are clipped to [10⁻⁷, 1 − 10⁻⁷]; beyond, there is no slope.',
	sources: [unifiedSource],
	params: {
		lambda: {
			kind: 'number',
			label: 'Share of Tversky (λ)',
			help: 'Larger values care more for overlap and less for single pixels.',
			min: 0,
			max: 1,
			step: 0.05,
			default: 0.5,
		},
		...unifiedParams,
		...unifiedSumParam,
	},
	compute(tf, input, values) {
		return tf.add(tf.mul(tverskyTerm(tf, input, values), values.lambda), tf.mul(focalTerm(tf, input, values), 1 - values.lambda));
	},
});
