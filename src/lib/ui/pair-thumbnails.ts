/** The small pictures of a pair of files. */
import type { Picture } from './overlay/display.ts';

export interface PairThumbnails {
	readonly image: Picture;
	readonly mask: Picture;
	readonly overlay: Picture;
}
