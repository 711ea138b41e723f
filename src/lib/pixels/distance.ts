/**
 * Exact Euclidean distances to a set of pixels, in time proportional to the pixels.
 *
 * Source: Felzenszwalb, Huttenlocher 2012, "Distance Transforms of Sampled Functions", Theory of Computing:
 * the squared distance is the lower envelope of one parabola per pixel, first along rows, then along columns.
 */

/** Squared distance of a pixel with nothing to measure to; above any in an image. */
const nowhere = 1e20;

/** The work space of one line: places and starts of the parabolas of its lower envelope. */
class Envelope {
	readonly #places: Int32Array;
	readonly #starts: Float64Array;
	readonly #values: Float64Array;

	constructor(length: number) {
		this.#places = new Int32Array(length);
		this.#starts = new Float64Array(length + 1);
		this.#values = new Float64Array(length);
	}

	/** Replaces the line at `offset`, `offset + stride`, … by min over q of s²·(p − q)² + value(q), s the distance of neighbours. */
	transform(grid: Float64Array, offset: number, stride: number, length: number, spacing: number): void {
		const places = this.#places;
		const starts = this.#starts;
		const values = this.#values;
		// In units of the spacing the parabolas have the slope 1 that `#crossing` is written for.
		const unit = spacing * spacing;
		for (let q = 0; q < length; q++) values[q] = grid[offset + q * stride]! / unit;
		let last = 0;
		places[0] = 0;
		starts[0] = -Infinity;
		starts[1] = Infinity;
		for (let q = 1; q < length; q++) {
			let start = this.#crossing(places[last]!, q);
			while (start <= starts[last]!) start = this.#crossing(places[--last]!, q);
			places[++last] = q;
			starts[last] = start;
			starts[last + 1] = Infinity;
		}
		let parabola = 0;
		for (let p = 0; p < length; p++) {
			while (starts[parabola + 1]! < p) parabola++;
			const q = places[parabola]!;
			grid[offset + p * stride] = unit * ((p - q) * (p - q) + values[q]!);
		}
	}

	/** Where the parabola of place b begins to lie below that of place a < b. */
	#crossing(a: number, b: number): number {
		return (this.#values[b]! + b * b - this.#values[a]! - a * a) / (2 * (b - a));
	}
}

/** Width and height of a pixel in the unit of the distances. */
export interface PixelSpacing {
	readonly x: number;
	readonly y: number;
}

/**
 * Distance of every pixel's centre to the nearest pixel of a set [H·W], in pixels or in the unit of `spacing`; 0 inside it,
 * Infinity when the set is empty.
 * @param inSet non-zero for pixels of the set [H·W]
 */
export function distanceToSet(inSet: Uint8Array, width: number, height: number, spacing: PixelSpacing = { x: 1, y: 1 }): Float64Array {
	const grid = Float64Array.from(inSet, (inside) => (inside > 0 ? 0 : nowhere));
	const envelope = new Envelope(Math.max(width, height));
	for (let y = 0; y < height; y++) envelope.transform(grid, y * width, 1, width, spacing.x);
	for (let x = 0; x < width; x++) envelope.transform(grid, x, width, height, spacing.y);
	return grid.map((squared) => (squared >= nowhere / 2 ? Infinity : Math.sqrt(squared)));
}
