/** From scores of images to the series of their charts. Pure. */
import { plainStyle, runStyle } from '../run-colours.ts';
import type { BoxSeries } from './box-plot.ts';
import type { ScatterSeries } from './scatter.ts';

export interface ScoredRun {
	readonly id: string;
	readonly name: string;
	/** Place of its loss in the experiment. */
	readonly place: number;
	/** By image; null where the score is not defined. */
	readonly scores: ReadonlyMap<string, number | null>;
}

type NameOf = (sampleId: string) => string;

/** The images of a run that have a score, as points: `x` of the image against the score. */
function points({ scores }: ScoredRun, x: (sampleId: string) => number | null | undefined, nameOf: NameOf): ScatterSeries['points'] {
	return [...scores].flatMap(([id, score]) => {
		const at = x(id);
		return score === null || typeof at !== 'number' ? [] : [{ id, name: nameOf(id), x: at, y: score }];
	});
}

/** Images on which both runs have a score: first across, second up, apart by which is higher. */
export function duelSeries(first: ScoredRun, second: ScoredRun, nameOf: NameOf): readonly ScatterSeries[] {
	const both = points(second, (id) => first.scores.get(id), nameOf);
	return [
		{ id: 'first', name: `${first.name} higher`, style: runStyle(first.place), points: both.filter(({ x, y }) => x > y) },
		{ id: 'second', name: `${second.name} higher`, style: runStyle(second.place), points: both.filter(({ x, y }) => x < y) },
		{ id: 'equal', name: 'equal', style: plainStyle, points: both.filter(({ x, y }) => x === y) },
	].filter(({ id, points: some }) => id !== 'equal' || some.length > 0);
}

/** The score of every run on every image over a number of the image, for instance its share of foreground. */
export function scoreOverSeries(
	runs: readonly ScoredRun[],
	of: ReadonlyMap<string, number | null>,
	nameOf: NameOf,
): readonly ScatterSeries[] {
	return runs.map((run) => ({ id: run.id, name: run.name, style: runStyle(run.place), points: points(run, (id) => of.get(id), nameOf) }));
}

/** The scores of every run as a box over images. */
export function imageBoxes(runs: readonly ScoredRun[], nameOf: NameOf): readonly BoxSeries[] {
	return runs.map(({ id, name, place, scores }) => ({
		id,
		name,
		style: runStyle(place),
		values: [...scores].flatMap(([sampleId, value]) => (value === null ? [] : [{ id: sampleId, name: nameOf(sampleId), value }])),
	}));
}
