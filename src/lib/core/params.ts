/** Parameters as data: forms, documentation and links are drawn from these. */

interface AnyParam {
	readonly label: string;
	/** One sentence: what a larger value, or the switch, does. */
	readonly help: string;
	/** By other parameters of the same set: the values with which this one counts. It always counts when absent. */
	readonly onlyWhen?: Readonly<Record<string, readonly ParamValue[]>>;
}

export interface NumberParam extends AnyParam {
	readonly kind: 'number';
	readonly min: number;
	readonly max: number;
	readonly step: number;
	readonly default: number;
	/** Shown behind the value, for instance `px` or `%`. */
	readonly unit?: string;
}

export interface BooleanParam extends AnyParam {
	readonly kind: 'boolean';
	readonly default: boolean;
}

export interface ChoiceParam extends AnyParam {
	readonly kind: 'choice';
	readonly options: readonly { readonly value: string; readonly label: string }[];
	readonly default: string;
}

/** Several numbers, spelled out as text with commas, for instance one per class; the help says which. '' leaves the parameter out. */
export interface NumbersParam extends AnyParam {
	readonly kind: 'numbers';
	readonly min: number;
	readonly max: number;
	readonly default: string;
}

export type Param = NumberParam | BooleanParam | ChoiceParam | NumbersParam;
export type Params = Readonly<Record<string, Param>>;
export type ParamValue = number | boolean | string;

/** The value types that a set of parameters stands for. */
export type ValuesOf<P extends Params> = {
	readonly [K in keyof P]: P[K] extends NumberParam ? number : P[K] extends BooleanParam ? boolean : string;
};

/** The published defaults of a set of parameters. */
export function defaultValues(params: Params): Record<string, ParamValue> {
	return Object.fromEntries(Object.entries(params).map(([key, param]) => [key, param.default]));
}

/** False for a parameter that makes no difference beside the values of the others; missing values count as their defaults. */
export function counts(params: Params, key: string, values: Readonly<Record<string, ParamValue>>): boolean {
	return Object.entries(params[key]?.onlyWhen ?? {}).every(([other, allowed]) => {
		const value = values[other] ?? params[other]?.default;
		return value !== undefined && allowed.includes(value);
	});
}

/** The numbers of a `numbers` parameter: `'0.5, 1, 4'` gives [0.5, 1, 4], `''` gives []. What is no number becomes NaN. */
export function parseNumbers(text: string): number[] {
	if (text.trim() === '') return [];
	return text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
}

/** True when `value` is one that `param` can take. */
export function isValidValue(param: Param, value: unknown): value is ParamValue {
	switch (param.kind) {
		case 'number':
			return typeof value === 'number' && Number.isFinite(value) && value >= param.min && value <= param.max;
		case 'boolean':
			return typeof value === 'boolean';
		case 'choice':
			return param.options.some((option) => option.value === value);
		case 'numbers':
			return typeof value === 'string' && parseNumbers(value).every((number) => number >= param.min && number <= param.max);
		default:
			return param satisfies never;
	}
}
