/** The results of an experiment as one JSON document: what was compared, on what, and every score. */
import type { EpochRow, ExperimentRecord, ImageEvidence, RunRecord } from '#lib/core/run.ts';
import { pooledLevels, type LevelCounts } from '#lib/metrics/probability.ts';
import { summarise } from '#lib/metrics/summary.ts';

type Scores = Readonly<Record<string, number | null>>;

/** Scores of one set of images: pooled over all pixels, mean over images, and pooled per class. */
interface PartScores {
	readonly images: number;
	readonly pooled: Scores;
	readonly perImageMean: Scores;
	/** By class name, foreground classes only. */
	readonly classes: Readonly<Record<string, Scores>>;
	/**
	 * Pixels of all images by probability level 0…255 (level = min(255, ⌊256 p⌋)) and truth: enough for the scores at any
	 * threshold and for calibration. Null with more than two classes, which go by arg-max.
	 */
	readonly levels: LevelCounts | null;
}

export interface ResultsDocument {
	readonly version: 1;
	readonly experiment: Pick<ExperimentRecord, 'name' | 'createdAt' | 'hash' | 'spec' | 'split' | 'backend' | 'startsFrom'>;
	readonly threshold: number;
	readonly runs: readonly {
		readonly loss: string;
		readonly label: string;
		readonly seed: number;
		/** From 1; absent without cross-validation. Its validation images are `experiment.split.folds[fold - 1]`. */
		readonly fold?: number;
		readonly state: RunRecord['state'];
		readonly steps: number;
		readonly epochs: number;
		readonly bestEpoch: number | null;
		/** SHA-256 of the last weights. */
		readonly weightsHash: string | null;
		readonly validation: { readonly best: PartScores | null; readonly last: PartScores | null };
		readonly test: { readonly best: PartScores | null; readonly last: PartScores | null };
	}[];
}

function partScores(evidence: readonly ImageEvidence[] | undefined, thresholdLevel: number, classes: readonly string[]): PartScores | null {
	if (!evidence || evidence.length === 0) return null;
	const summaries = summarise(evidence, thresholdLevel, classes.length);
	const pick = (value: (summary: (typeof summaries)[number]) => number | null): Scores =>
		Object.fromEntries(summaries.map((summary) => [summary.metric.id, value(summary)]));
	return {
		images: evidence.length,
		pooled: pick((summary) => summary.foreground.pooled),
		perImageMean: pick((summary) => summary.foreground.perImageMean),
		classes: Object.fromEntries(
			classes.slice(1).map((name, place) => [name, pick((summary) => summary.classes[place + 1]?.pooled ?? null)]),
		),
		levels: pooledLevels(evidence),
	};
}

/** Everything that was measured. `classes` are the names of all classes, background first. */
export function resultsOf(
	experiment: ExperimentRecord,
	rows: readonly EpochRow[],
	classes: readonly string[],
	thresholdLevel: number,
): ResultsDocument {
	const { name, createdAt, hash, spec, split, backend, startsFrom } = experiment;
	const scores = (evidence: readonly ImageEvidence[] | undefined): PartScores | null => partScores(evidence, thresholdLevel, classes);
	return {
		version: 1,
		experiment: { name, createdAt, hash, spec, split, backend, ...(startsFrom ? { startsFrom } : {}) },
		threshold: thresholdLevel / 256,
		runs: experiment.runs.map((run) => {
			const own = rows.filter((row) => row.runId === run.id).sort((a, b) => a.epoch - b.epoch);
			const choice = spec.losses.find((loss) => loss.key === run.lossKey);
			return {
				loss: choice?.loss ?? run.lossKey,
				label: choice?.label ?? run.lossKey,
				seed: run.seed,
				...(run.fold === undefined ? {} : { fold: run.fold }),
				state: run.state,
				steps: run.step,
				epochs: run.epoch,
				bestEpoch: run.best?.epoch ?? null,
				weightsHash: run.weightsHash,
				validation: { best: scores(own.find((row) => row.epoch === run.best?.epoch)?.validation), last: scores(own.at(-1)?.validation) },
				test: { best: scores(run.test?.best), last: scores(run.test?.last) },
			};
		}),
	};
}
