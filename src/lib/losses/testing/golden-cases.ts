/** Reads the shared golden vectors: published formulas and public unit tests, each with input, value and gradient. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Nested = number | string | null | readonly Nested[];

export interface GoldenCase {
	readonly id: string;
	readonly loss: string;
	readonly params: Readonly<Record<string, unknown>>;
	readonly shape: readonly number[];
	/** Rank of the pixel axes in `upstream.json`: 2 is an image, 1 a line, 0 rows of values. */
	readonly spatialRank?: number;
	readonly yTrue: Nested;
	readonly yPred: Nested;
	readonly expected: Nested;
	readonly tol: { readonly rtol: number; readonly atol: number };
	readonly gradMode?: 'exact' | 'finite' | 'none';
	readonly grad?: Nested;
	readonly gradTol?: { readonly rtolOfMax: number; readonly atol: number };
}

export interface Relation {
	readonly id: string;
	readonly kind: 'equal' | 'lessEqual';
	readonly a: { readonly loss: string; readonly params: Readonly<Record<string, unknown>> };
	readonly b: { readonly loss: string; readonly params: Readonly<Record<string, unknown>> };
	readonly tol: number;
	readonly mul: number;
	readonly add: number;
	readonly fn?: string;
	readonly transform?: string;
	readonly checked: readonly { readonly input: string }[];
}

const folder = join(process.env.OVERLAP_SHARED ?? '../shared', 'golden');

export const goldenIsHere = existsSync(join(folder, 'losses.json'));

const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

export const goldenCases: readonly GoldenCase[] = goldenIsHere
	? [...(read('losses.json') as GoldenCase[]), ...(read('upstream.json') as GoldenCase[])]
	: [];

export const goldenRelations = (goldenIsHere ? read('relations.json') : { fixtures: {}, relations: [] }) as {
	readonly fixtures: Readonly<Record<string, { readonly yTrue: Nested; readonly yPred: Nested }>>;
	readonly relations: readonly Relation[];
};

/** The numbers of nested lists in order; null where a kink forbids a check. */
export function flatten(nested: Nested): (number | null)[] {
	if (Array.isArray(nested)) return nested.flatMap((inner: Nested) => flatten(inner));
	return [nested === null ? null : Number(nested)];
}

/** Sizes of nested lists. */
export function shapeOf(nested: Nested): number[] {
	return Array.isArray(nested) ? [nested.length, ...shapeOf(nested[0] as Nested)] : [];
}
