/** Small pictures of opened pairs, drawn when they come into view, and drawn again when the classes change. */
import type { LabelScheme, SamplePixels } from '#lib/core/sample.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import type { FileImport } from '#lib/state/file-import.svelte.ts';
import { drawOverlay, type OverlayLayers } from '#lib/ui/overlay/draw-overlay.ts';
import { smallSample } from '#lib/ui/overlay/row-sample.ts';
import { everyNth, stepTo } from '#lib/ui/overlay/shrink.ts';
import type { PairThumbnails } from '#lib/ui/pair-thumbnails.ts';
import { schemeRgb } from '#lib/ui/run-colours.ts';

/** Longest side of the table's pictures, pixels: twice what it shows, for dense screens. */
const rowSide = 96;
/** Rows whose pictures are kept, far more than are in view; about 0.1 MiB each. */
const keptRows = 300;

/** Image and truth within a square of `side` pixels; of large ones most pixels are never looked at. */
function smallLayers({ image, mask }: SamplePixels, scheme: LabelScheme, side: number): OverlayLayers {
	const step = stepTo(image, 2 * side);
	const few = everyNth({ ...mask, channels: 1 }, step);
	const truth = { ...few, data: toClassMap(few, classLookup(scheme)) };
	return { ...smallSample({ image: everyNth(image, step), truth }, side), prediction: null };
}

export class ImportPictures {
	/** By the image's path. */
	drawn = $state.raw<ReadonlyMap<string, PairThumbnails>>(new Map());
	readonly #files: FileImport;
	/** Asked for since the classes last changed; the table asks again whenever a row changes. */
	readonly #requested = new Set<string>();
	/** What is in view and not drawn yet. */
	#wanted: string[] = [];
	#isDrawing = false;

	constructor(files: FileImport) {
		this.#files = files;
	}

	/** Image, mask, and both, as `scheme` says, within a square of `side` pixels; null when the pair cannot be read. */
	async picturesOf(id: string, scheme: LabelScheme, side: number): Promise<PairThumbnails | null> {
		const pixels = await this.#files.pixels(id).catch(() => null);
		if (!pixels) return null;
		const layers = smallLayers(pixels, scheme, side);
		const style = { opacity: 0.5, thresholdLevel: 128, focusClass: null, colours: schemeRgb(scheme) } as const;
		return {
			image: layers.image,
			mask: drawOverlay(layers, { ...style, mode: 'classes' }),
			overlay: drawOverlay(layers, { ...style, mode: 'overlay' }),
		};
	}

	/** Draws those that are not drawn yet, one after the other. What was asked for before and is out of view by now is left. */
	async load(ids: readonly string[]): Promise<void> {
		this.#wanted = ids.filter((id) => !this.#requested.has(id));
		if (this.#isDrawing) return;
		this.#isDrawing = true;
		try {
			for (let id = this.#wanted.shift(); id !== undefined; id = this.#wanted.shift()) await this.#draw(id);
		} finally {
			this.#isDrawing = false;
		}
	}

	async #draw(id: string): Promise<void> {
		const { scheme } = this.#files;
		if (!scheme) return;
		this.#requested.add(id);
		const pictures = await this.picturesOf(id, scheme, rowSide);
		if (!pictures || this.#files.scheme !== scheme) return;
		const kept = [...this.drawn, [id, pictures] as const];
		for (const [old] of kept.slice(0, -keptRows)) this.#requested.delete(old);
		this.drawn = new Map(kept.slice(-keptRows));
	}

	/** Everything is to be drawn again. */
	forget(): void {
		this.drawn = new Map();
		this.#requested.clear();
	}
}
