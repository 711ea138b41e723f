/** The parameters of the losses that compare areas. */
import type { BooleanParam, ChoiceParam, NumberParam, NumbersParam } from '#lib/core/params.ts';

/** The parameters that say which pixels and classes are summed together. */
export const sumParams = {
	batchSums: {
		kind: 'boolean',
		label: 'Sum over the batch',
		help: 'On counts pixels over the whole batch; off scores every image alone and takes the mean, so that small objects weigh as much as large ones.',
		default: true,
	},
	includeBackground: {
		kind: 'boolean',
		label: 'Background counts as a class',
		help: 'Only with three or more classes: on adds the background as a class of its own.',
		default: false,
	},
} as const satisfies Readonly<Record<string, BooleanParam>>;

/** Whether and how the numerator is smoothed, beside a parameter `smoothing` of the same range for the denominator. */
export function numeratorParams(range: Pick<NumberParam, 'max' | 'step' | 'unit'>): {
	readonly smoothNumerator: BooleanParam;
	readonly numeratorSmoothing: NumberParam;
} {
	return {
		smoothNumerator: {
			kind: 'boolean',
			label: 'Smooth the numerator alike',
			help: 'Off gives the numerator a constant of its own; with 0 an empty mask that is predicted empty has loss 1 instead of 0.',
			default: true,
		},
		numeratorSmoothing: {
			kind: 'number',
			label: 'Smoothing of the numerator',
			help: 'Where it is above that of the denominator, the loss of small masks can fall below 0. Keras has 0.',
			min: 0,
			...range,
			default: 0,
			onlyWhen: { smoothNumerator: [false] },
		},
	};
}

/** The parameters of every loss of Tversky's form. */
export const regionParams = {
	smoothing: {
		kind: 'number',
		label: 'Smoothing (s)',
		help: 'Added to the numerator and the denominator; larger values soften the loss of small and empty masks. The papers have none, published code 10⁻⁷ to 1.',
		min: 0,
		max: 1000,
		step: 0.1,
		default: 1,
		unit: 'px',
	},
	...numeratorParams({ max: 1000, step: 0.1, unit: 'px' }),
	...sumParams,
	absentClasses: {
		kind: 'choice',
		label: 'Classes without a true pixel',
		help: 'Counting them punishes every false positive of an absent class; leaving them out never does.',
		options: [
			{ value: 'count', label: 'count' },
			{ value: 'zero', label: 'contribute 0' },
		],
		default: 'count',
	},
	overlapWeights: {
		kind: 'numbers',
		label: 'Weight of each class’ overlap',
		help: 'Background first, separated by commas; multiplies the loss of a class before the mean. Empty means 1 for all.',
		min: 0,
		max: 10000,
		default: '',
	},
} as const satisfies Readonly<Record<string, NumberParam | BooleanParam | ChoiceParam | NumbersParam>>;

/** The parameters of Dice, Jaccard and what is made of them. */
export const overlapParams = {
	...regionParams,
	squared: {
		kind: 'boolean',
		label: 'Squared denominator',
		help: 'On divides by Σp² + Σg² (V-Net); the slope is flatter around p = ½.',
		default: false,
	},
} as const satisfies Readonly<Record<string, NumberParam | BooleanParam | ChoiceParam | NumbersParam>>;

/** The weights of the two kinds of error. */
export function tverskyParams(alpha: number, beta: number): { readonly alpha: NumberParam; readonly beta: NumberParam } {
	const shared = { kind: 'number', min: 0, max: 2, step: 0.05 } as const;
	return {
		alpha: {
			...shared,
			label: 'Weight of false positives (α)',
			help: 'Larger values punish pixels that are marked by mistake: higher precision.',
			default: alpha,
		},
		beta: {
			...shared,
			label: 'Weight of false negatives (β)',
			help: 'Larger values punish pixels that are missed: higher recall.',
			default: beta,
		},
	};
}
