import type { LossInput, Numbers, Scalar, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { salehi2017 } from './papers.ts';
import { regionParams } from './region-params.ts';
import { meanOverClasses, regionCounts, tverskyLoss } from './region.ts';

/** Keeps 0/0 away when nothing is there or nothing was predicted. */
const smallestArea = 1e-7;

/** α and β by the running rates: the more frequent error weighs more, none less than `floor`, and both sum to 1. */
function weightsOf(state: Numbers, floor: number): { alpha: number; beta: number } {
	const { falsePositiveRate = 0, falseNegativeRate = 0 } = state;
	const both = falsePositiveRate + falseNegativeRate;
	const share = both > 0 ? falseNegativeRate / both : 0.5;
	const beta = Math.min(1 - floor, Math.max(floor, share));
	return { alpha: 1 - beta, beta };
}

/** The share of the predicted area that is false, and the share of the true area that is missed. */
function errorRates(tf: Tf, input: LossInput, includeBackground: boolean): Record<string, Scalar> {
	const counts = regionCounts(tf, input, { batchSums: true, includeBackground });
	const hits = tf.sum<Scalar>(counts.truePositives);
	const rate = (errors: Scalar): Scalar => tf.div(errors, tf.maximum(tf.add(errors, hits), smallestArea));
	return {
		falsePositiveRate: rate(tf.sum(counts.falsePositives)),
		falseNegativeRate: rate(tf.sum(counts.falseNegatives)),
	};
}

/**
 * Tversky whose weights follow the errors that the run makes.
 *
 * Formula: 1 − (TP + s) / (TP + α·FP + β·FN + s), β = FNR / (FPR + FNR), α = 1 − β, from running rates.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const steeredTversky = defineLoss({
	id: 'steeredTversky',
	name: 'Steered Tversky',
	family: 'adaptive',
	summary: 'Tversky that moves its weight to the error it makes more of: missed foreground early on, false marks later.',
	formula: '1 − (TP + s) / (TP + α·FP + β·FN + s), β = r_n / (r_p + r_n), α = 1 − β',
	symbols: {
		TP: 'Σ p·g',
		FP: 'Σ p·(1 − g)',
		FN: 'Σ (1 − p)·g',
		r_p: 'running share of the predicted area that is false',
		r_n: 'running share of the true area that is missed',
		α: 'weight of false positives, steered',
		β: 'weight of false negatives, steered',
		s: 'smoothing',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'You want precision and recall to meet without trying values of α and β.',
	badWhen: 'One kind of error costs you more: say so with plain Tversky.',
	edgeCases:
		'As Tversky. The steering is this project’s own rule over the published loss. A batch without foreground counts as all marks false and nothing missed.',
	sources: [salehi2017],
	params: {
		memory: {
			kind: 'number',
			label: 'Memory',
			help: 'Share of the old rates that each step keeps: nearer to 1, the weights move more slowly.',
			min: 0,
			max: 0.999,
			step: 0.01,
			default: 0.9,
		},
		floor: {
			kind: 'number',
			label: 'Smallest weight',
			help: 'Neither error ever weighs less; 0.5 is Dice.',
			min: 0.01,
			max: 0.5,
			step: 0.01,
			default: 0.1,
		},
		...regionParams,
	},
	memory: {
		first: () => ({ falsePositiveRate: 0.5, falseNegativeRate: 0.5 }),
		update: {
			observe: (tf, input, values) => errorRates(tf, input, values.includeBackground),
			next: (state, observed, { memory }) =>
				Object.fromEntries(Object.entries(state).map(([name, rate]) => [name, memory * rate + (1 - memory) * (observed[name] ?? rate)])),
		},
	},
	readings({ state }, values) {
		const { alpha, beta } = weightsOf(state, values.floor);
		return { 'weight of false positives α': alpha, 'weight of false negatives β': beta };
	},
	compute(tf, input, values) {
		const counts = regionCounts(tf, input, values);
		const losses = tverskyLoss(tf, counts, { ...values, ...weightsOf(input.state, values.floor) });
		return meanOverClasses(tf, input, losses, counts, values);
	},
});
