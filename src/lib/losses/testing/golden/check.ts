/** Compares ours with golden numbers: cases with values and gradients, and relations. */
import { evaluateGolden } from './evaluate.ts';
import { Unsupported } from './param-reader.ts';
import { relationBound, relationInput } from './relations.ts';
import { flatten, numbersOf } from './types.ts';
import type { GoldenCase, Relation, RelationFile } from './types.ts';

export interface Outcome {
	readonly id: string;
	/** What the table lists it under. */
	readonly group: string;
	readonly verdict: 'passed' | 'failed' | 'unsupported';
	/** What differs, or why it is not supported. */
	readonly detail?: string;
}

const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(7))) : String(value));

/** The first value outside the tolerance. */
function valueFault({ expected, tol }: GoldenCase, values: readonly number[]): string | undefined {
	const wanted = numbersOf(expected);
	if (wanted.length !== values.length) return `${values.length} values instead of ${wanted.length}`;
	const at = wanted.findIndex((value, i) => !isNear(values[i]!, value, tol.atol + tol.rtol * Math.abs(value)));
	return at < 0 ? undefined : `value ${wanted.length > 1 ? `[${at}] ` : ''}expected ${short(wanted[at]!)}, got ${short(values[at]!)}`;
}

function isNear(value: number, expected: number, allowed: number): boolean {
	if (Number.isNaN(expected)) return Number.isNaN(value);
	return value === expected || Math.abs(value - expected) <= allowed;
}

function gradientFault({ gradMode, grad, gradTol }: GoldenCase, gradient: readonly number[]): string | undefined {
	const broken = gradient.findIndex((slope) => !Number.isFinite(slope));
	if (broken >= 0) return `slope [${broken}] is ${gradient[broken]}`;
	if (gradMode !== 'exact' || grad === undefined) return undefined;
	const wanted = flatten(grad);
	const largest = Math.max(...wanted.map((slope) => Math.abs(slope ?? 0)));
	const allowed = (gradTol?.atol ?? 1e-6) + (gradTol?.rtolOfMax ?? 1e-3) * largest;
	const at = wanted.findIndex((slope, i) => slope !== null && !(Math.abs(slope - gradient[i]!) <= allowed));
	return at < 0 ? undefined : `slope [${at}] expected ${short(wanted[at] ?? 0)}, got ${short(gradient[at]!)}, allowed ±${short(allowed)}`;
}

/** Whether the gradient of a case is to be looked at. */
const hasGradient = ({ gradMode }: GoldenCase): boolean => gradMode === 'exact' || gradMode === 'finite';

/** Turns what a check found into an outcome; what ours cannot express is told apart from what it gets wrong. */
async function outcomeOf(id: string, group: string, check: () => Promise<string | undefined>): Promise<Outcome> {
	try {
		const fault = await check();
		return fault === undefined ? { id, group, verdict: 'passed' } : { id, group, verdict: 'failed', detail: fault };
	} catch (error) {
		if (error instanceof Unsupported) return { id, group, verdict: 'unsupported', detail: error.message };
		return { id, group, verdict: 'failed', detail: String(error) };
	}
}

export function checkCase(golden: GoldenCase): Promise<Outcome> {
	return outcomeOf(golden.id, golden.loss, async () => {
		const { values, gradient } = await evaluateGolden(golden, hasGradient(golden));
		return valueFault(golden, values) ?? (gradient === undefined ? undefined : gradientFault(golden, gradient));
	});
}

/** The first input on which a relation does not hold. */
async function relationFault(relation: Relation, file: RelationFile): Promise<string | undefined> {
	for (const { input } of relation.checked) {
		const a = await evaluateGolden(relationInput(relation, file, 'a', input), false);
		const b = await evaluateGolden(relationInput(relation, file, 'b', input), false);
		if (a.values.length !== b.values.length) return `${input}: ${a.values.length} values beside ${b.values.length}`;
		const at = a.values.findIndex((value, i) => {
			const bound = relationBound(relation, b.values[i]!);
			const allowed = relation.tol * Math.max(1, Math.abs(bound));
			return relation.kind === 'lessEqual' ? !(value <= bound + allowed) : !isNear(value, bound, allowed);
		});
		if (at >= 0) return `${input}: ${short(a.values[at]!)} beside ${short(relationBound(relation, b.values[at]!))}`;
	}
	return undefined;
}

export function checkRelation(relation: Relation, file: RelationFile): Promise<Outcome> {
	return outcomeOf(relation.id, 'relations', () => relationFault(relation, file));
}
