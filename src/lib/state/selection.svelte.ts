/** What is looked at: which image, which epoch, which threshold, which class. Moves picture, table and curves together. */
import { defaultThresholdLevel } from '#lib/core/run.ts';
import type { ImageOrder } from './image-order.ts';

export class Selection {
	/** The image that is shown; '' for the first of the list. */
	imageId = $state('');
	imageOrder = $state<ImageOrder>('given');
	/** The epoch that is shown; null follows the newest. */
	pinnedEpoch = $state<number | null>(null);
	thresholdLevel = $state(defaultThresholdLevel);
	/** The class that scores and errors are about; null means all foreground classes. */
	focusClass = $state<number | null>(null);

	/** The run, or the loss with all its seeds, that is marked on the wall and in the table; '' for none. */
	pickedRun = $state('');

	/** Whose masks are shown; null follows the newest. */
	seed = $state<number | null>(null);

	reset(): void {
		this.seed = null;
		this.pickedRun = '';
		this.imageId = '';
		this.imageOrder = 'given';
		this.pinnedEpoch = null;
		this.focusClass = null;
		this.thresholdLevel = defaultThresholdLevel;
	}
}
