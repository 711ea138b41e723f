/** Maps of numbered objects. */

/** What a pixel is in a map of objects and of the lines where two of them meet. */
const touching = { background: 0, object: 1, line: 2 } as const;

/**
 * Objects, and the line where two of them meet: a pixel is of the line when its 3 × 3 neighbourhood holds two different
 * objects. The line is two pixels wide between objects that touch, one where they are a pixel apart.
 * `ids` [H·W]: 0 is background.
 */
export function markTouching(ids: ArrayLike<number>, width: number, height: number): Uint8Array {
	const marks = new Uint8Array(width * height);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = y * width + x;
			marks[at] = meetsTwo(ids, width, height, x, y) ? touching.line : ids[at] === 0 ? touching.background : touching.object;
		}
	}
	return marks;
}

function meetsTwo(ids: ArrayLike<number>, width: number, height: number, x: number, y: number): boolean {
	let found = 0;
	for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
		for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
			const id = ids[row * width + column]!;
			if (id === 0 || id === found) continue;
			if (found !== 0) return true;
			found = id;
		}
	}
	return false;
}
