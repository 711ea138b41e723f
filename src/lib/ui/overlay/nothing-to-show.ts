/** Words for a stage without masks: what is missing, why, and what to do. Pure. */

interface Situation {
	/** How many runs the view compares at least: two under a handle, one elsewhere. */
	readonly least: 1 | 2;
	/** False before a run on these images. */
	readonly begun: boolean;
	readonly validationImages: number;
	/** The newest epoch of any run. */
	readonly epochs: number;
	readonly runs: number;
	/** True when every run stopped by itself. */
	readonly failed: boolean;
}

/** '' when there is something to show. */
export function nothingToShow({ least, begun, validationImages, epochs, runs, failed }: Situation): string {
	if (!begun) return 'There is no run on these images yet. Press Start: after the first epoch each loss shows its masks here.';
	if (validationImages === 0)
		return 'These runs have no validation images, so no masks are kept to compare. Move images to the validation part under Data, then start again.';
	if (failed && epochs === 0)
		return 'Every run stopped before its first epoch was over, so there is no mask. The notices at the top say why and what to change.';
	if (epochs === 0) return 'The first epoch is not over yet. Its masks come here when it is.';
	if (runs < least) return 'Two losses are compared here, and there is only one. Add another under Losses, then start again.';
	return '';
}
