/** Runs of one loss with several seeds, taken together. Pure. */
import { bandOf, meanInterval, type Band } from '#lib/stats/interval.ts';

/** The values in the order of their losses, one list per loss. */
export function bySeed<Run extends { readonly place: number }>(runs: readonly Run[]): readonly (readonly [Run, ...Run[]])[] {
	const groups = new Map<number, [Run, ...Run[]]>();
	for (const run of runs) {
		const group = groups.get(run.place);
		if (group) group.push(run);
		else groups.set(run.place, [run]);
	}
	return [...groups.values()];
}

type Values = Readonly<Record<string, number | null>>;

/** Mean and standard deviation (divisor n − 1) of every value over the runs that have it; `n` runs have any. */
export function scoresOverSeeds(runs: readonly { readonly values: Values }[]): {
	readonly values: Values;
	readonly spreads: Values;
	readonly n: number;
} {
	const measured = runs.filter(({ values }) => Object.values(values).some((value) => value !== null));
	const names = [...new Set(measured.flatMap(({ values }) => Object.keys(values)))];
	const intervals = names.map((name) => {
		const known = measured.flatMap(({ values }) => values[name] ?? []);
		return [name, known.length > 0 ? meanInterval(known) : null] as const;
	});
	return {
		values: Object.fromEntries(intervals.map(([name, interval]) => [name, interval?.mean ?? null])),
		spreads: Object.fromEntries(intervals.map(([name, interval]) => [name, interval?.sd ?? null])),
		n: measured.length,
	};
}

interface Line {
	readonly x: readonly number[];
	readonly y: readonly (number | null)[];
}

/** The mean line of several runs and half the height of its band, at every x that one of them has. A run without a value there is left out of it. */
export function curveOverSeeds(curves: readonly Line[], band: Band): Line & { readonly spread: readonly (number | null)[] } {
	const byX = new Map<number, number[]>();
	for (const { x, y } of curves) {
		x.forEach((at, index) => {
			const value = y[index] ?? null;
			byX.set(at, [...(byX.get(at) ?? []), ...(value === null ? [] : [value])]);
		});
	}
	const x = [...byX.keys()].sort((a, b) => a - b);
	const intervals = x.map((at) => {
		const values = byX.get(at) ?? [];
		return values.length > 0 ? meanInterval(values) : null;
	});
	return {
		x,
		y: intervals.map((interval) => interval?.mean ?? null),
		spread: intervals.map((interval) => interval && bandOf(interval, band)),
	};
}
