import { defineLoss } from './define-loss.ts';
import { focalTerm, unifiedParams, unifiedSource } from './unified-terms.ts';

/**
 * Asymmetric focal loss: only the background is turned down where it is easy.
 *
 * Formula: mean( (1 − δ)·(1 − p₀)^γ·CE₀ + δ·Σ CE_c ).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const asymmetricFocal = defineLoss({
	id: 'asymmetricFocal',
	name: 'Asymmetric focal',
	family: 'distribution',
	summary: 'Focal loss for the background only: rare foreground keeps its full cross-entropy.',
	formula: 'mean( (1 − δ)·(1 − p₀)^γ·CE₀ + δ·Σ CE_c ), p clipped to [10⁻⁷, 1 − 10⁻⁷]',
	symbols: {
		'p₀': 'probability of background',
		'CE₀': 'cross-entropy of background',
		CE_c: 'cross-entropy of foreground class c',
		δ: 'weight of foreground',
		γ: 'focusing',
	},
	takes: 'probabilities',
	range: '[0, 16.1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Background is vast and easy, and rare foreground must keep its full pull.',
	badWhen: 'Classes are about equally large, or probabilities must be honest.',
	edgeCases: 'Empty and full masks are ordinary. Beyond a logit of 16 on the wrong side the clipped probability gives no slope.',
	sources: [unifiedSource],
	params: unifiedParams,
	compute: focalTerm,
});
