/** What the golden files hold, as their README describes it, and plain operations on nested lists. */

export type Nested = number | string | null | readonly Nested[];

/** The parameters of a case, as the golden files name them. */
export type Params = Readonly<Record<string, unknown>>;

/** `|v − e| ≤ atol + rtol·|e|`. */
export interface Tolerance {
	readonly rtol: number;
	readonly atol: number;
}

export interface GoldenInput {
	readonly id: string;
	readonly loss: string;
	readonly params: Params;
	/** Of `yPred`, channels last. */
	readonly shape: readonly number[];
	/** Pixel axes in `upstream.json`: 3 is a volume, 2 an image, 1 a line, 0 rows of values, −1 a list of values. */
	readonly spatialRank?: number;
	readonly yTrue: Nested;
	readonly yPred: Nested;
}

export interface GoldenCase extends GoldenInput {
	readonly expected: Nested;
	readonly tol: Tolerance;
	readonly gradMode?: 'exact' | 'finite' | 'none';
	readonly grad?: Nested;
	readonly gradTol?: { readonly rtolOfMax: number; readonly atol: number } | null;
}

export interface RelationSide {
	readonly loss: string;
	readonly params: Params;
}

/** A(x) = mul·fn(B(transform(x))) + add, or A(x) ≤ it. */
export interface Relation {
	readonly id: string;
	readonly kind: string;
	readonly a: RelationSide;
	readonly b: RelationSide;
	readonly tol: number;
	readonly mul: number;
	readonly add: number;
	readonly fn?: string;
	readonly transform?: string;
	readonly checked: readonly { readonly input: string }[];
}

export interface RelationFile {
	readonly fixtures: Readonly<Record<string, { readonly yTrue: Nested; readonly yPred: Nested }>>;
	readonly relations: readonly Relation[];
}

const isList = (nested: Nested): nested is readonly Nested[] => Array.isArray(nested);

/** The numbers of nested lists in order; null where a kink forbids a check. */
export function flatten(nested: Nested): (number | null)[] {
	if (isList(nested)) return nested.flatMap(flatten);
	return [nested === null ? null : Number(nested)];
}

/** The numbers of nested lists in order; NaN for null. */
export const numbersOf = (nested: Nested): number[] => flatten(nested).map((value) => value ?? Number.NaN);

/** Sizes of nested lists. */
export function shapeOf(nested: Nested): number[] {
	return isList(nested) ? [nested.length, ...shapeOf(nested[0] ?? null)] : [];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Whether something read from JSON is nested lists of numbers. */
export function isNested(value: unknown): value is Nested {
	return typeof value === 'number' || typeof value === 'string' || value === null || (Array.isArray(value) && value.every(isNested));
}
