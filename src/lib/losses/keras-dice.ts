import { defineLoss } from './define-loss.ts';
import { kerasParams, pooledTverskyLoss } from './keras-region.ts';
import { milletari2016 } from './papers.ts';

/**
 * Dice as Keras 3 has it: all classes in one sum.
 *
 * Formula: 1 − 2·Σ p·g / (Σ p + Σ g + 10⁻⁷).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const kerasDice = defineLoss({
	id: 'kerasDice',
	name: 'Dice (Keras)',
	family: 'region',
	summary: 'Dice by the rules of Keras 3, for comparing with runs made there: all classes are summed before dividing.',
	formula: '1 − 2·Σ p·g / (Σ p + Σ g + 10⁻⁷)',
	symbols: { p: 'probability', g: 'truth', Σ: 'over pixels, classes and the batch' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'A run made with Keras 3 is to be matched.',
	badWhen: 'Masks may be empty or classes differ in size: empty batches teach nothing and large classes lead.',
	edgeCases: 'Empty truth: 1 whatever is predicted, with hardly any slope. The background counts as a class, and large classes lead.',
	sources: [milletari2016],
	params: kerasParams,
	compute: (tf, input, values) => pooledTverskyLoss(tf, input, { ...values, alpha: 0.5, beta: 0.5, smoothing: 0.5e-7 }),
});
