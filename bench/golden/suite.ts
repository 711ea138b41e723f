/** Runs golden cases with the losses of the shelf on the present backend; the same in Node and in a page. */
import { checkCase, checkRelation } from '#lib/losses/testing/golden/check.ts';
import type { Outcome } from '#lib/losses/testing/golden/check.ts';
import type { GoldenCase, RelationFile } from '#lib/losses/testing/golden/types.ts';

export async function runCases(cases: readonly GoldenCase[]): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const golden of cases) outcomes.push(await checkCase(golden));
	return outcomes;
}

export async function runRelations(file: RelationFile): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const relation of file.relations) outcomes.push(await checkRelation(relation, file));
	return outcomes;
}
