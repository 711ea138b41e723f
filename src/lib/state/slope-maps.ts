/** What the losses of the experiment push the prediction of one of its runs towards, on one image at one epoch. */
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { ExperimentRecord, Preview } from '#lib/core/run.ts';
import type { SlopeMap, SlopeShares } from '#lib/core/slopes.ts';
import type { Trainer } from '#lib/core/trainer.ts';
import { resizeNearest } from '#lib/pixels/resize.ts';
import type { LoadedSample } from './loaded-samples.svelte.ts';
import type { OwnLosses } from './own-losses.svelte.ts';

export interface SlopesOnImage {
	readonly width: number;
	readonly height: number;
	/** The prediction, ⌊256·p⌋, and the truth, at the size of the prediction that is kept. */
	readonly levels: Uint8Array;
	readonly classes: Uint8Array;
	readonly maps: readonly (SlopeMap & { readonly name: string; readonly place: number })[];
}

interface Sources {
	readonly trainer: Pick<Trainer, 'slopes'>;
	readonly ownLosses: Pick<OwnLosses, 'recorded'>;
}

/**
 * Reckons the maps. Binary predictions only: of several classes no probabilities are kept.
 * Throws `loss-code-wrong` or `cage-unavailable` for an own loss that cannot be recorded at this size.
 */
export async function slopesOnImage(
	{ trainer, ownLosses }: Sources,
	{ spec }: Pick<ExperimentRecord, 'spec'>,
	{ width, height, data }: Preview,
	{ truth }: Pick<LoadedSample, 'truth'>,
	epoch: number,
): Promise<SlopesOnImage> {
	const classes = resizeNearest(truth.data, truth.width, truth.height, width, height);
	const losses: readonly LossChoice[] = await ownLosses.recorded(spec.losses, { size: Math.max(width, height), batchSize: 1, channels: 1 });
	const progress = Math.min(1, epoch / spec.training.epochs);
	const maps = await trainer.slopes({ width, height, levels: data, classes, losses, progress });
	const named = maps.map((map, place) => ({ ...map, name: spec.losses[place]?.label ?? map.key, place }));
	return { width, height, levels: data, classes, maps: named };
}

/** Where the gradient's mass of one loss lies, epoch by epoch, on one run's predictions of one image. */
export interface SharesOverEpochs {
	readonly key: string;
	readonly name: string;
	readonly place: number;
	readonly epochs: readonly number[];
	/** Null at an epoch where there is no gradient. */
	readonly shares: readonly (SlopeShares | null)[];
}

/** At most so many epochs are reckoned, evenly spread. */
const mostEpochs = 24;

/** 1 … last, thinned out evenly; the last is always among them. */
export function spreadEpochs(last: number): number[] {
	const step = Math.max(1, Math.ceil(last / mostEpochs));
	const epochs: number[] = [];
	for (let epoch = last; epoch >= 1; epoch -= step) epochs.unshift(epoch);
	return epochs;
}

/** Reckons the shares from the predictions that are kept; epochs without one are left out. */
export async function sharesOverEpochs(
	sources: Sources,
	experiment: Pick<ExperimentRecord, 'spec'>,
	predictionAt: (epoch: number) => Promise<Preview | undefined>,
	sample: Pick<LoadedSample, 'truth'>,
	last: number,
): Promise<readonly SharesOverEpochs[]> {
	const found: { readonly epoch: number; readonly maps: SlopesOnImage['maps'] }[] = [];
	for (const epoch of spreadEpochs(last)) {
		const prediction = await predictionAt(epoch);
		if (prediction?.kind !== 'binary') continue;
		found.push({ epoch, maps: (await slopesOnImage(sources, experiment, prediction, sample, epoch)).maps });
	}
	return (found[0]?.maps ?? []).map(({ key, name, place }) => ({
		key,
		name,
		place,
		epochs: found.map(({ epoch }) => epoch),
		shares: found.map(({ maps }) => maps[place]?.shares ?? null),
	}));
}
