/** What is looked at: which image, which epoch, which threshold, which class. Moves picture, table and curves together. */
import { defaultThresholdLevel } from '#lib/core/run.ts';
import type { ImageFilter, ImageOrder } from './image-order.ts';

/**
 * How the stage shows runs: all side by side on one image; two of them under a handle, in turn, or as where they differ; or
 * all of them on many images.
 */
export type StageView = 'panes' | 'swipe' | 'blink' | 'difference' | 'rows';

/** A box on an image, pixels from its upper left; right and bottom excluded. */
export interface Place {
	readonly sampleId: string;
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export class Selection {
	view = $state<StageView>('panes');
	/** The two runs that are compared, by id; '' for the first and the second there is. */
	firstRun = $state('');
	secondRun = $state('');

	/** The image that is shown; '' for the first of the list. */
	imageId = $state('');
	/** What is outlined on its image; null for nothing. */
	place = $state.raw<Place | null>(null);
	imageOrder = $state<ImageOrder>('given');
	imageFilter = $state<ImageFilter>(null);
	/** The epoch that is shown; null follows the newest. */
	pinnedEpoch = $state<number | null>(null);
	thresholdLevel = $state(defaultThresholdLevel);
	/** The class that scores and errors are about; null means all foreground classes. */
	focusClass = $state<number | null>(null);

	/** The run, or the loss with all its seeds, that is marked on the wall and in the table; '' for none. */
	pickedRun = $state('');

	/** Whose masks are shown; null follows the newest. */
	seed = $state<number | null>(null);
	fold = $state<number | null>(null);

	reset(): void {
		this.seed = null;
		this.fold = null;
		this.pickedRun = '';
		this.imageId = '';
		this.place = null;
		this.imageOrder = 'given';
		this.imageFilter = null;
		this.firstRun = '';
		this.secondRun = '';
		this.pinnedEpoch = null;
		this.focusClass = null;
		this.thresholdLevel = defaultThresholdLevel;
	}
}
