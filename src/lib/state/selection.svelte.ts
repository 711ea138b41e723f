/** What is looked at: which image, which epoch, which threshold, which class. Moves picture, table and curves together. */
import { defaultThresholdLevel } from '#lib/core/run.ts';

export class Selection {
	/** Place in the list of images. */
	imageIndex = $state(0);
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
		this.imageIndex = 0;
		this.pinnedEpoch = null;
		this.focusClass = null;
		this.thresholdLevel = defaultThresholdLevel;
	}
}
