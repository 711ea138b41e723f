/** Small pictures of opened pairs, drawn when they come into view, and drawn again when the classes change. */
import type { LabelScheme } from '#lib/core/sample.ts';
import type { FileImport } from '#lib/state/file-import.svelte.ts';
import { displayPicture, type Picture } from '#lib/ui/overlay/display.ts';
import { drawOverlay } from '#lib/ui/overlay/draw-overlay.ts';
import { schemeRgb } from '#lib/ui/run-colours.ts';

interface Thumbnails {
	readonly image: Picture;
	readonly mask: Picture;
	readonly overlay: Picture;
}

export class ImportPictures {
	/** By the image's path. */
	drawn = $state.raw<ReadonlyMap<string, Thumbnails>>(new Map());
	readonly #files: FileImport;
	/** Asked for since the classes last changed; the table asks again whenever a row changes. */
	readonly #requested = new Set<string>();

	constructor(files: FileImport) {
		this.#files = files;
	}

	/** Image, mask, and both, as `scheme` says; null when the pair cannot be read. */
	async picturesOf(id: string, scheme: LabelScheme): Promise<Thumbnails | null> {
		const pixels = await this.#files.pixels(id, scheme).catch(() => null);
		if (!pixels) return null;
		const image: Picture = displayPicture(pixels.image);
		const style = { opacity: 0.5, thresholdLevel: 128, focusClass: null, colours: schemeRgb(scheme) } as const;
		const layers = { image, truth: pixels.truth, prediction: null };
		return {
			image,
			mask: drawOverlay(layers, { ...style, mode: 'classes' }),
			overlay: drawOverlay(layers, { ...style, mode: 'overlay' }),
		};
	}

	/** Draws those that are not drawn yet. */
	async load(ids: readonly string[]): Promise<void> {
		for (const id of ids) {
			const { scheme } = this.#files;
			if (this.#requested.has(id) || !scheme) continue;
			this.#requested.add(id);
			const pictures = await this.picturesOf(id, scheme);
			if (pictures && this.#files.scheme === scheme) this.drawn = new Map([...this.drawn, [id, pictures]]);
		}
	}

	/** Everything is to be drawn again. */
	forget(): void {
		this.drawn = new Map();
		this.#requested.clear();
	}
}
