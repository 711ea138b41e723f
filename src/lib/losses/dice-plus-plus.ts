import { defineLoss } from './define-loss.ts';
import { power } from './power.ts';
import { sumParams } from './region-params.ts';
import { regionMaps, regionSum, tverskyLoss } from './region.ts';

/**
 * Dice whose errors are raised to a power, so that only confident ones count.
 *
 * Formula: 1 − (TP + s) / (TP + ½·Σ (g(1 − p))^γ + ½·Σ ((1 − g)p)^γ + s).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const dicePlusPlus = defineLoss({
	id: 'dicePlusPlus',
	name: 'Dice++',
	family: 'region',
	summary: 'Dice that forgives hesitant errors and punishes confident ones, for better calibrated probabilities.',
	formula: '1 − (TP + s) / (TP + ½·Σ ((1 − g)·p)^γ + ½·Σ (g·(1 − p))^γ + s)',
	symbols: { TP: 'Σ p·g', g: 'truth', p: 'probability', γ: '1 is Dice', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Dice suits you but its probabilities are too sure.',
	badWhen: 'Only the mask at one half counts: hesitant errors are forgiven and go last.',
	edgeCases: 'As Dice: 0 on an empty truth when nothing is predicted, towards 1 the more is predicted.',
	sources: [
		{
			authors: 'Yeung, Rundo, Nan, Sala, Schönlieb, Yang',
			year: 2023,
			title: 'Calibrating the Dice Loss to Handle Neural Network Overconfidence for Biomedical Image Segmentation',
			venue: 'Journal of Digital Imaging',
			link: 'https://arxiv.org/abs/2111.00528',
		},
	],
	params: {
		gamma: {
			kind: 'number',
			label: 'Exponent (γ)',
			help: 'Larger values forgive hesitant errors more.',
			min: 1,
			max: 5,
			step: 0.5,
			default: 2,
		},
		smoothing: {
			kind: 'number',
			label: 'Smoothing (s)',
			help: 'Added to the numerator and the denominator; larger values soften the loss of small and empty masks. Published: 10⁻⁷.',
			min: 0.0000001,
			max: 1000,
			step: 0.1,
			default: 1,
			unit: 'px',
		},
		...sumParams,
	},
	compute(tf, input, values) {
		const { truth, prediction, valid } = regionMaps(tf, input, values.includeBackground);
		const outside = tf.sub(valid, truth);
		const counts = {
			truePositives: regionSum(tf, tf.mul(prediction, truth), values.batchSums),
			falsePositives: regionSum(tf, power(tf, tf.mul(prediction, outside), values.gamma), values.batchSums),
			falseNegatives: regionSum(tf, power(tf, tf.mul(tf.sub(1, prediction), truth), values.gamma), values.batchSums),
		};
		return tf.mean(tverskyLoss(tf, counts, { alpha: 0.5, beta: 0.5, smoothing: values.smoothing, smoothNumerator: true }));
	},
});
