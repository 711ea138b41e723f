/** How runs do on single images: what the charts of images are drawn from. Pure. */
import type { ImageEvidence, Repeat } from '#lib/core/run.ts';
import { countsAt } from '#lib/metrics/confusion.ts';
import type { Metric } from '#lib/metrics/metric.ts';
import { meanOfDefined } from '#lib/metrics/summary.ts';
import type { RunFace } from './run-curves.ts';

/** Runs that are shown as one have the same face. */
export interface RunEvidence extends RunFace {
	readonly runId: string;
	readonly repeat: Repeat;
	readonly failed: boolean;
	readonly images: readonly ImageEvidence[];
}

interface View {
	readonly thresholdLevel: number;
	/** The mean over them is the score of an image. */
	readonly classes: readonly number[];
}

/** The mean over the classes that are defined on the image; null for none. */
export function imageScore(evidence: ImageEvidence, metric: Metric, { thresholdLevel, classes }: View): number | null {
	return meanOfDefined(classes.map((classIndex) => metric.compute(countsAt(evidence, thresholdLevel, classIndex))));
}

export interface ImageScores extends RunFace {
	/** Runs that are in the scores, and runs that stopped by themselves. */
	readonly runs: number;
	readonly failed: number;
	/** Of each image, the mean over the runs that were asked about it; null where one of them has none. With folds one of each seed is. */
	readonly scores: ReadonlyMap<string, number | null>;
	/** The mean over images of each run. */
	readonly byRun: readonly { readonly repeat: Repeat; readonly score: number | null }[];
}

/** One entry per face, in the order of the runs. */
export function scoreImages(runs: readonly RunEvidence[], metric: Metric, view: View): readonly ImageScores[] {
	return [...new Set(runs.map(({ id }) => id))].flatMap((face) => {
		const group = runs.filter(({ id }) => id === face);
		const [first] = group;
		if (!first) return [];
		const scored = group
			.filter(({ images }) => images.length > 0)
			.map(({ repeat, images }) => ({ repeat, scores: new Map(images.map((image) => [image.sampleId, imageScore(image, metric, view)])) }));
		const ids = new Set(scored.flatMap(({ scores }) => [...scores.keys()]));
		const overRuns = (sampleId: string): number | null => {
			const values = scored.flatMap(({ scores }) => scores.get(sampleId) ?? (scores.has(sampleId) ? [null] : []));
			return values.includes(null) ? null : meanOfDefined(values);
		};
		return [
			{
				id: first.id,
				name: first.name,
				place: first.place,
				runs: scored.length,
				failed: group.filter(({ failed }) => failed).length,
				scores: new Map([...ids].map((sampleId) => [sampleId, overRuns(sampleId)])),
				byRun: scored.map(({ repeat, scores }) => ({ repeat, score: meanOfDefined([...scores.values()]) })),
			},
		];
	});
}

/** The share of the classes in the truth of each image, of the pixels that count; 0…1, null where none counts. */
export function truthShares(images: readonly ImageEvidence[], classes: readonly number[]): ReadonlyMap<string, number | null> {
	const share = (image: ImageEvidence): number | null => {
		const counts = classes.map((classIndex) => countsAt(image, 0, classIndex));
		const [first] = counts;
		if (!first) return null;
		const all = first.truePositives + first.falsePositives + first.falseNegatives + first.trueNegatives;
		const inTruth = counts.reduce((sum, { truePositives, falseNegatives }) => sum + truePositives + falseNegatives, 0);
		return all === 0 ? null : inTruth / all;
	};
	return new Map(images.map((image) => [image.sampleId, share(image)]));
}
