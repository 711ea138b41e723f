/** Outlines of regions along the edges of their pixels, for programs that know polygons but no holes. */
import type { Component } from './components.ts';

/** Right, down, left, up: a turn to the right adds one. */
const steps = [
	[1, 0],
	[0, 1],
	[-1, 0],
	[0, -1],
] as const;
/** The pixels around a corner: `around[d]` is on the left of the edge that leads from it in direction d, the next one on its right. */
const around = [
	[0, -1],
	[0, 0],
	[-1, 0],
	[-1, -1],
] as const;
/** What is tried at a corner, in this order: to the right, straight on, to the left. */
const turns = [1, 0, 3] as const;

/** Twice the area inside; negative for a line that goes round a hole. */
function doubleArea(ring: readonly number[]): number {
	let sum = 0;
	for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) sum += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
	return sum;
}

/** Goes along the edges of the pixels that hold a value, which lie on its right hand. */
class Tracer {
	readonly #map: ArrayLike<number>;
	readonly #value: number;
	readonly #width: number;
	readonly #box: Component;
	/** The left ends of edges along which the region is cut, all of them level. */
	readonly #cuts = new Set<number>();

	constructor(map: ArrayLike<number>, value: number, width: number, box: Component) {
		this.#map = map;
		this.#value = value;
		this.#width = width;
		this.#box = box;
	}

	/** All closed lines around the region and its holes, as corners x, y, x, y, …. */
	rings(): number[][] {
		const { left, top, right, bottom } = this.#box;
		const rings: number[][] = [];
		const seen = new Set<number>();
		for (let y = top; y < bottom; y++) {
			for (let x = left; x < right; x++) {
				if (this.#isInside(x, y) && !this.#isInside(x, y - 1) && !seen.has(this.#corner(x, y))) rings.push(this.#ring(x, y, seen));
			}
		}
		return rings;
	}

	/** Cuts from the upper end of the leftmost edge of a hole to the left, up to the next line. */
	cut(hole: readonly number[]): void {
		let [x, y] = [Infinity, Infinity];
		for (let i = 0; i < hole.length; i += 2) {
			if (hole[i]! < x || (hole[i] === x && hole[i + 1]! < y)) [x, y] = [hole[i]!, hole[i + 1]!];
		}
		do this.#cuts.add(this.#corner(--x, y));
		while (this.#isInside(x - 1, y - 1) && this.#isInside(x, y - 1) && this.#isInside(x - 1, y) && this.#isInside(x, y));
	}

	#corner(x: number, y: number): number {
		return y * (this.#width + 1) + x;
	}

	#isInside(x: number, y: number): boolean {
		const { left, top, right, bottom } = this.#box;
		return x >= left && x < right && y >= top && y < bottom && this.#map[y * this.#width + x] === this.#value;
	}

	/** True when a line leads on from a corner in a direction. */
	#leads(x: number, y: number, direction: number): boolean {
		const [onLeft, onRight] = [around[direction]!, around[(direction + 1) % 4]!];
		if (!this.#isInside(x + onRight[0], y + onRight[1])) return false;
		if (!this.#isInside(x + onLeft[0], y + onLeft[1])) return true;
		return direction % 2 === 0 && this.#cuts.has(this.#corner(direction === 0 ? x : x - 1, y));
	}

	/** The line that the upper edge of a pixel is on. `seen` gets the pixels whose upper edges it takes. */
	#ring(startX: number, startY: number, seen: Set<number>): number[] {
		const ring: number[] = [];
		let [x, y, direction] = [startX, startY, 0];
		do {
			if (direction === 0) seen.add(this.#corner(x, y));
			const [dx, dy] = steps[direction]!;
			x += dx;
			y += dy;
			const turn = turns.find((candidate) => this.#leads(x, y, (direction + candidate) % 4)) ?? 0;
			if (turn !== 0) ring.push(x, y);
			direction = (direction + turn) % 4;
		} while (x !== startX || y !== startY || direction !== 0);
		return ring;
	}
}

/**
 * Polygons that together cover exactly the pixels of `map` [H·W] that hold `value`, all of them inside `box`: one for each part
 * whose pixels touch along edges, as corners x, y, x, y, … on the edges of pixels, clockwise on the screen. A hole is joined to the
 * outline by a cut of no width, there and back, which the even-odd rule and the non-zero rule both leave closed.
 */
export function outlines(map: ArrayLike<number>, value: number, width: number, box: Component): number[][] {
	const tracer = new Tracer(map, value, width, box);
	const rings = tracer.rings();
	const holes = rings.filter((ring) => doubleArea(ring) < 0);
	if (holes.length === 0) return rings;
	for (const hole of holes) tracer.cut(hole);
	return tracer.rings();
}
