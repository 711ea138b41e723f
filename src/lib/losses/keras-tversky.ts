import { defineLoss } from './define-loss.ts';
import { kerasParams, pooledTverskyLoss } from './keras-region.ts';
import { salehi2017 } from './papers.ts';
import { tverskyParams } from './region-params.ts';

/**
 * Tversky as Keras 3 has it: all classes in one sum.
 *
 * Formula: 1 − TP / (TP + α·FP + β·FN + 10⁻⁷).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const kerasTversky = defineLoss({
	id: 'kerasTversky',
	name: 'Tversky (Keras)',
	family: 'region',
	summary: 'Tversky by the rules of Keras 3, for comparing with runs made there: all classes are summed before dividing.',
	formula: '1 − TP / (TP + α·FP + β·FN + 10⁻⁷)',
	symbols: { TP: 'Σ p·g', FP: 'Σ p·(1 − g)', FN: 'Σ (1 − p)·g', α: 'weight of false positives', β: 'weight of false negatives' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'A run made with Keras 3 is to be matched, with one error dearer than the other.',
	badWhen: 'Masks may be empty or classes differ in size: empty batches teach nothing and large classes lead.',
	edgeCases:
		'Empty truth: 1 whatever is predicted, with hardly any slope. Early releases of Keras 3 swapped α and β; here α weighs false positives, as it does there now.',
	sources: [salehi2017],
	params: {
		...tverskyParams(0.5, 0.5),
		...kerasParams,
	},
	compute: (tf, input, values) => pooledTverskyLoss(tf, input, { ...values, smoothing: 1e-7 }),
});
