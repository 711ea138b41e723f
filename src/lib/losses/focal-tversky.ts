import { defineLoss } from './define-loss.ts';
import { power } from './power.ts';
import { regionParams, tverskyParams } from './region-params.ts';
import { meanOverClasses, regionCounts, tverskyLoss } from './region.ts';

/**
 * Tversky raised to a power, class by class.
 *
 * Formula: mean( (1 − TI)^x ), TI = (TP + s) / (TP + α·FP + β·FN + s).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const focalTversky = defineLoss({
	id: 'focalTversky',
	name: 'Focal Tversky',
	family: 'region',
	summary: 'Tversky with an exponent: below 1 it keeps pushing when the overlap is good already, above 1 it lets go.',
	formula: 'mean( (1 − TI)^x ), TI = (TP + s) / (TP + α·FP + β·FN + s)',
	symbols: {
		TI: 'Tversky index of a class',
		x: 'exponent; the paper writes 1/γ with γ = 4/3',
		α: 'weight of false positives',
		β: 'weight of false negatives',
		s: 'smoothing',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Lesions fill under about 5 % of the image and recall counts.',
	badWhen: 'Many images are empty, or a steady end is wanted: the slope is infinite at perfect overlap.',
	edgeCases:
		'As Tversky on empty truth. An exponent below 1 has an infinite slope at perfect overlap; where 1 − TI has run out of float32 the slope is 0. The exponent is applied before the mean over classes.',
	sources: [
		{
			authors: 'Abraham, Khan',
			year: 2019,
			title: 'A Novel Focal Tversky Loss Function with Improved Attention U-Net for Lesion Segmentation',
			venue: 'ISBI',
			link: 'https://arxiv.org/abs/1810.07842',
		},
	],
	params: {
		...tverskyParams(0.3, 0.7),
		exponent: {
			kind: 'number',
			label: 'Exponent (x)',
			help: 'Below 1 the slope grows as the overlap gets good; above 1 it fades.',
			min: 0.1,
			max: 4,
			step: 0.05,
			default: 0.75,
		},
		...regionParams,
	},
	compute(tf, input, values) {
		const counts = regionCounts(tf, input, values);
		return meanOverClasses(tf, input, power(tf, tverskyLoss(tf, counts, values), values.exponent), counts, values);
	},
});
