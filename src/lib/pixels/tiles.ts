/** Cutting a large image into overlapping tiles and blending their predictions. */
import type { FloatImage } from './resize.ts';

export interface Tile {
	readonly left: number;
	readonly top: number;
}

/** Overlap of neighbouring tiles, as a share of their side. */
const overlapShare = 0.25;

/** Starts of tiles of `size` that cover `length` with at least `overlap` in common; a short image gets one, centred. */
function starts(length: number, size: number, overlap: number): number[] {
	if (length <= size) return [(length - size) >> 1];
	const count = Math.ceil((length - overlap) / (size - overlap));
	return Array.from({ length: count }, (_, i) => Math.round((i * (length - size)) / (count - 1)));
}

/** Tiles of `size`² that cover the image, row by row. `overlap` is in pixels, less than `size`. */
export function tilesOf(width: number, height: number, size: number, overlap = Math.round(size * overlapShare)): Tile[] {
	const columns = starts(width, size, overlap);
	return starts(height, size, overlap).flatMap((top) => columns.map((left) => ({ left, top })));
}

/** Adds tile predictions into a whole image; weights fall linearly to the tile's edge, so that seams do not show. */
export class TileBlender {
	readonly #sum: Float32Array;
	readonly #weight: Float32Array;
	readonly #ramp: Float32Array;

	readonly width: number;
	readonly height: number;
	readonly channels: number;
	readonly size: number;

	constructor(width: number, height: number, channels: number, size: number) {
		this.width = width;
		this.height = height;
		this.channels = channels;
		this.size = size;
		this.#sum = new Float32Array(width * height * channels);
		this.#weight = new Float32Array(width * height);
		this.#ramp = Float32Array.from({ length: size }, (_, i) => Math.min(i + 1, size - i) / size);
	}

	/** `prediction` is [size, size, channels]. */
	add(tile: Tile, prediction: Float32Array): void {
		const { width, height, channels, size } = this;
		for (let y = Math.max(0, -tile.top); y < Math.min(size, height - tile.top); y++) {
			for (let x = Math.max(0, -tile.left); x < Math.min(size, width - tile.left); x++) {
				const weight = this.#ramp[y]! * this.#ramp[x]!;
				const target = (tile.top + y) * width + tile.left + x;
				this.#weight[target] = this.#weight[target]! + weight;
				for (let c = 0; c < channels; c++) {
					this.#sum[target * channels + c] = this.#sum[target * channels + c]! + weight * prediction[(y * size + x) * channels + c]!;
				}
			}
		}
	}

	/** The weighted mean of all tiles. */
	result(): FloatImage {
		const { width, height, channels } = this;
		const data = this.#sum.map((sum, i) => sum / this.#weight[Math.floor(i / channels)]!);
		return { width, height, channels, data };
	}
}
