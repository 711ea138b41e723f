/** What the tools of a mask editor cover, as rows of pixels. Rows may lie outside the image; whoever paints cuts them off. */
import type { FillSpan } from './fill-rings.ts';

/** A place on the image in pixels; pixel (0, 0) covers [0, 1) × [0, 1). */
export interface Place {
	readonly x: number;
	readonly y: number;
}

/** Squared distance of (x, y) from the line between two places. */
function distance2(x: number, y: number, from: Place, to: Place): number {
	const [dx, dy] = [to.x - from.x, to.y - from.y];
	const length2 = dx * dx + dy * dy;
	const share = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length2));
	return (x - from.x - share * dx) ** 2 + (y - from.y - share * dy) ** 2;
}

/**
 * A round brush drawn from one place to another: the pixels whose centres are at most `radius` pixels from the line, and the
 * two that hold its ends, which a small brush would miss between centres.
 */
export function brushSpans(from: Place, to: Place, radius: number, fill: FillSpan): void {
	for (const { x, y } of [from, to]) fill(Math.floor(y), Math.floor(x), Math.floor(x) + 1);
	const left = Math.floor(Math.min(from.x, to.x) - radius);
	const right = Math.ceil(Math.max(from.x, to.x) + radius);
	const bottom = Math.ceil(Math.max(from.y, to.y) + radius);
	for (let y = Math.floor(Math.min(from.y, to.y) - radius); y < bottom; y++) {
		const isInside = (x: number): boolean => distance2(x + 0.5, y + 0.5, from, to) <= radius * radius;
		// A brush stroke has no dents: what is inside a row is in one piece.
		let [start, end] = [left, right];
		while (start < end && !isInside(start)) start++;
		while (end > start && !isInside(end - 1)) end--;
		if (start < end) fill(y, start, end);
	}
}

/** The pixels of one class that hang together with pixel (x, y) along edges; none for a pixel outside the image. */
export function regionSpans(classes: Uint8Array, width: number, height: number, x: number, y: number, fill: FillSpan): void {
	if (x < 0 || y < 0 || x >= width || y >= height) return;
	const own = classes[y * width + x]!;
	const done = new Uint8Array(classes.length);
	const isOpen = (at: number): boolean => done[at] === 0 && classes[at] === own;
	const stack = [y * width + x];
	for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
		if (!isOpen(at)) continue;
		const row = Math.floor(at / width);
		let [from, to] = [at, at + 1];
		while (from > row * width && isOpen(from - 1)) from--;
		while (to < (row + 1) * width && isOpen(to)) to++;
		done.fill(1, from, to);
		fill(row, from - row * width, to - row * width);
		for (const step of [-width, width]) {
			if (from + step < 0 || from + step >= classes.length) continue;
			// One seed a piece of the neighbouring row is enough.
			for (let next = from + step; next < to + step; next++) {
				if (isOpen(next) && (next === from + step || !isOpen(next - 1))) stack.push(next);
			}
		}
	}
}
