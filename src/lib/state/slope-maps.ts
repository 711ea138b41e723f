/** What the losses of the experiment push the prediction of one of its runs towards, on one image at one epoch. */
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { ExperimentRecord, Preview } from '#lib/core/run.ts';
import type { SlopeMap } from '#lib/core/slopes.ts';
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
