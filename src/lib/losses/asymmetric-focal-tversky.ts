import { defineLoss } from './define-loss.ts';
import { tverskyTerm, unifiedParams, unifiedSource, unifiedSumParam } from './unified-terms.ts';

/**
 * Asymmetric focal Tversky: only the foreground keeps being pushed when it is nearly right.
 *
 * Formula: mean over classes of 1 − TI₀ and (1 − TI_c)^(1 − γ).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const asymmetricFocalTversky = defineLoss({
	id: 'asymmetricFocalTversky',
	name: 'Asymmetric focal Tversky',
	family: 'region',
	summary: 'Tversky for background and foreground, of which only the foreground keeps being pushed near the goal.',
	formula: 'mean of 1 − TI₀ and (1 − TI_c)^(1 − γ), TI = (TP + ε) / (TP + δ·FN + (1 − δ)·FP + ε)',
	symbols: {
		'TI₀': 'Tversky index of background',
		TI_c: 'that of foreground class c',
		δ: 'weight of false negatives',
		γ: 'focusing',
		ε: '10⁻⁷',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Foreground is rare and should be pushed on even when nearly right.',
	badWhen: 'Many masks are empty: the foreground half stays near 1 whatever is predicted.',
	edgeCases: 'Empty truth: the foreground term is near 1 whatever is predicted. The background always counts as a class.',
	sources: [unifiedSource],
	params: { ...unifiedParams, ...unifiedSumParam },
	compute: tverskyTerm,
});
