/** How long an experiment takes on a computer whose speed was measured. Pure. */
import { stepsPerEpoch, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import type { Speed } from '#lib/core/speed.ts';
import { splitOfFold, type Split } from '#lib/core/split.ts';
import { tilesOf } from '#lib/pixels/tiles.ts';

/** Images of one size. */
interface SizeGroup {
	readonly width: number;
	readonly height: number;
	readonly count: number;
}

/** What the runs of one seed and fold train on, validate and test. */
export interface Portion {
	readonly train: number;
	readonly validation: readonly SizeGroup[];
	readonly test: readonly SizeGroup[];
}

/** In milliseconds: steps, validation and checkpoints together, and what comes after the last epoch. */
interface PortionTime {
	readonly totalSteps: number;
	readonly epochsMs: number;
	readonly testMs: number;
}

function sizeGroups({ samples }: Pick<DatasetMeta, 'samples'>, ids: readonly string[]): SizeGroup[] {
	const wanted = new Set(ids);
	const groups = new Map<string, SizeGroup>();
	for (const { id, width, height } of samples) {
		if (!wanted.has(id)) continue;
		const key = `${width} ${height}`;
		groups.set(key, { width, height, count: (groups.get(key)?.count ?? 0) + 1 });
	}
	return [...groups.values()];
}

/** The portion of a fold, or of all where there are none. */
export function portionOf(dataset: Pick<DatasetMeta, 'samples'>, split: Split, fold: number | undefined): Portion {
	const { train, validation, test } = splitOfFold(split, fold);
	return { train: train.length, validation: sizeGroups(dataset, validation), test: sizeGroups(dataset, test) };
}

/** One portion for each fold. */
export function portionsOf(dataset: Pick<DatasetMeta, 'samples'>, split: Split): Portion[] {
	const folds = split.folds?.map((_, place) => place + 1) ?? [undefined];
	return folds.map((fold) => portionOf(dataset, split, fold));
}

function scoringMs(groups: readonly SizeGroup[], { size, sizing }: ExperimentSpec['prepare'], { squareMs, megapixelMs }: Speed): number {
	return groups.reduce((sum, { width, height, count }) => {
		const squares = sizing === 'crop' ? tilesOf(width, height, size).length : 1;
		return sum + count * (squares * squareMs + ((width * height) / 1e6) * megapixelMs);
	}, 0);
}

/** Of all losses together, spread over so many workers: the worker that has most of them sets the pace. */
export function portionTime(portion: Portion, spec: ExperimentSpec, speed: Speed, workers: number): PortionTime {
	const { training, prepare, losses } = spec;
	const turns = Math.ceil(losses.length / workers);
	const steps = stepsPerEpoch(training, portion.train);
	const epochMs = steps * speed.stepMs + scoringMs(portion.validation, prepare, speed) + speed.saveMs;
	// The test part is scored with the last weights, and with the best ones where validation tells them apart.
	const testings = portion.validation.length > 0 ? 2 : 1;
	return {
		totalSteps: training.epochs * steps,
		epochsMs: turns * training.epochs * epochMs,
		testMs: turns * (testings * scoringMs(portion.test, prepare, speed) + speed.saveMs),
	};
}

/** Milliseconds of the whole experiment: every seed trains every portion. */
export function experimentMs(portions: readonly Portion[], spec: ExperimentSpec, speed: Speed, workers: number): number {
	const times = portions.map((portion) => portionTime(portion, spec, speed, workers));
	return spec.seeds.length * times.reduce((sum, { epochsMs, testMs }) => sum + epochsMs + testMs, 0);
}
