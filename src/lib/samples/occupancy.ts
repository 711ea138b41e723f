/** Which pixels are taken by outlines placed so far: layouts fill up to an asked share with it. */
import type { Draws } from './draws.ts';
import { type Blob, radiusAt, visitBlob } from './shapes.ts';

/** Side of the frame that layouts are made in, pixels; drawing scales them to the asked size, so the scene stays the same. */
export const frameSize = 128;

/** Layouts are measured on a grid of half the frame's resolution: fine enough for shares, and four times as fast. */
const grid = frameSize / 2;

class Occupancy {
	readonly #taken = new Uint8Array(grid * grid);
	#area = 0;

	/** Taken share of the frame, 0…1. */
	get share(): number {
		return this.#area / this.#taken.length;
	}

	/** Shares of the frame that a blob would newly take, and that it has in common with others. */
	measure(blob: Blob): { gained: number; shared: number } {
		let gained = 0;
		let shared = 0;
		visitBlob(scaled(blob, 0.5), grid, 0, (index, distance) => {
			if (distance > 0) return;
			if (this.#taken[index] === 1) shared++;
			else gained++;
		});
		return { gained: gained / this.#taken.length, shared: shared / this.#taken.length };
	}

	/** True when the point is taken. */
	has(x: number, y: number): boolean {
		const [column, row] = [Math.round(x / 2), Math.round(y / 2)];
		return column >= 0 && row >= 0 && column < grid && row < grid && this.#taken[row * grid + column] === 1;
	}

	add(blob: Blob): void {
		visitBlob(scaled(blob, 0.5), grid, 0, (index, distance) => {
			if (distance > 0 || this.#taken[index] === 1) return;
			this.#taken[index] = 1;
			this.#area++;
		});
	}
}

/** How a layout is filled. */
interface Filling {
	/** Share of the frame to take, 0…1. */
	readonly share: number;
	/** Candidates to try before giving up. */
	readonly tries: number;
	/** A candidate; `progress` runs from 0 to 1 over the tries, so that candidates can shrink; `placed` are those kept so far. */
	readonly propose: (draws: Draws, progress: number, placed: readonly Blob[]) => Blob;
	/** Largest part of a candidate that may lie on others, 0…1. */
	readonly overlap: number;
	/** Least distance kept from others, frame pixels. */
	readonly gap: number;
}

/** A quick look for overlap: the centre and a dozen points of the outline. */
function touches(occupancy: Occupancy, blob: Blob): boolean {
	if (occupancy.has(blob.x, blob.y)) return true;
	return Array.from({ length: 12 }, (_, i) => (i * Math.PI) / 6).some((theta) => {
		const radius = radiusAt(blob, theta);
		return occupancy.has(blob.x + radius * Math.cos(theta), blob.y + radius * Math.sin(theta));
	});
}

/** Proposes outlines until their union takes the asked share; a candidate that would overshoot or overlap too much is dropped. */
export function fill(filling: Filling, draws: Draws): Blob[] {
	const occupancy = new Occupancy();
	const placed: Blob[] = [];
	for (let attempt = 0; attempt < filling.tries && occupancy.share < filling.share * 0.985; attempt++) {
		const blob = filling.propose(draws, attempt / filling.tries, placed);
		const wide = { ...blob, a: blob.a + filling.gap, b: blob.b + filling.gap };
		if (filling.overlap === 0 && touches(occupancy, wide)) continue;
		const { gained, shared } = occupancy.measure(wide);
		const overshoots = occupancy.share + gained > filling.share * 1.03 + (filling.gap > 0 ? 0.02 : 0);
		if (gained === 0 || overshoots || shared > filling.overlap * (gained + shared)) continue;
		occupancy.add(blob);
		placed.push(blob);
	}
	return placed;
}

/** A blob of the frame, scaled to an image. */
export function scaled(blob: Blob, scale: number): Blob {
	return { ...blob, x: blob.x * scale, y: blob.y * scale, a: blob.a * scale, b: blob.b * scale };
}
