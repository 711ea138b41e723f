/** The eight ways to lay a square on itself: flips and quarter turns. They move pixels and change none. */

export interface Symmetry {
	/** Left and right change places, before the turns. */
	readonly flip: boolean;
	/** Quarter turns, 0–3. */
	readonly turns: number;
}

export const identity: Symmetry = { flip: false, turns: 0 };

/** Index of the source pixel that lands on (x, y). */
function sourceOf(x: number, y: number, size: number, { flip, turns }: Symmetry): number {
	const last = size - 1;
	let [column, row] = [flip ? last - x : x, y];
	for (let turn = 0; turn < turns; turn++) [column, row] = [row, last - column];
	return row * size + column;
}

/** Lays a map [size · size · channels] into `target` of the same length, flipped and turned. Returns the target. */
export function applySymmetry<Pixels extends Float32Array | Uint8Array>(
	source: Pixels,
	target: Pixels,
	size: number,
	channels: number,
	symmetry: Symmetry,
): Pixels {
	// Source indices are linear in x and y.
	const start = sourceOf(0, 0, size, symmetry);
	const right = sourceOf(1, 0, size, symmetry) - start;
	const down = sourceOf(0, 1, size, symmetry) - start;
	let place = 0;
	for (let y = 0; y < size; y++) {
		for (let x = 0; x < size; x++) {
			const from = (start + x * right + y * down) * channels;
			for (let channel = 0; channel < channels; channel++) target[place++] = source[from + channel]!;
		}
	}
	return target;
}
