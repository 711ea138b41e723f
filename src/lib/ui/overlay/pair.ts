/** Which two runs are compared. Pure. */

/** The runs with these ids, and in place of one that is missing, or twice the same, the next that is free; null for fewer than two runs. */
export function pairOf<Run extends { readonly id: string }>(
	runs: readonly Run[],
	firstId: string,
	secondId: string,
): readonly [Run, Run] | null {
	const first = runs.find(({ id }) => id === firstId) ?? runs.find(({ id }) => id !== secondId);
	const others = runs.filter((run) => run !== first);
	const second = others.find(({ id }) => id === secondId) ?? others[0];
	return first && second ? [first, second] : null;
}
