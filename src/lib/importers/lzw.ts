/** LZW decompression as GIF uses it (GIF89a, appendix F). */

const maxCodes = 4096;

/**
 * Decodes `length` palette indices. Returns null when the data is damaged or ends before the last index.
 * `minimumCodeSize` is the file's own, 2…8 (1 occurs in the wild for two colours).
 */
export function decodeLzw(data: Uint8Array, minimumCodeSize: number, length: number): Uint8Array | null {
	const clear = 1 << minimumCodeSize;
	const end = clear + 1;
	// Each code stands for the string of an earlier code plus one last index.
	const earlier = new Uint16Array(maxCodes);
	const lastIndex = new Uint8Array(maxCodes);
	const stringLength = new Uint16Array(maxCodes).fill(1, 0, clear);
	for (let code = 0; code < clear; code++) lastIndex[code] = code;

	const output = new Uint8Array(length);
	let written = 0;
	let next = end + 1;
	let codeSize = minimumCodeSize + 1;
	let previous = -1;
	let bits = 0;
	let bitCount = 0;
	let position = 0;

	/** Writes the string of `code` so that it ends at `stop`, and returns its first index. */
	const writeString = (code: number, stop: number): number => {
		let current = code;
		for (let place = stop - 1; ; place--) {
			if (place < length) output[place] = lastIndex[current]!;
			if (stringLength[current] === 1) return lastIndex[current]!;
			current = earlier[current]!;
		}
	};

	while (written < length) {
		while (bitCount < codeSize) {
			if (position >= data.length) return null;
			bits |= data[position++]! << bitCount;
			bitCount += 8;
		}
		const code = bits & ((1 << codeSize) - 1);
		bits >>>= codeSize;
		bitCount -= codeSize;
		if (code === end) return null;
		if (code === clear) {
			next = end + 1;
			codeSize = minimumCodeSize + 1;
			previous = -1;
			continue;
		}
		if (previous < 0) {
			if (code > end) return null;
			output[written++] = lastIndex[code]!;
			previous = code;
			continue;
		}
		if (code > next || (code === next && next === maxCodes)) return null;
		// A code that is just being defined is the previous string plus that string's own first index.
		const isNew = code === next;
		const stop = written + (isNew ? stringLength[previous]! + 1 : stringLength[code]!);
		const first = writeString(isNew ? previous : code, isNew ? stop - 1 : stop);
		if (isNew && stop - 1 < length) output[stop - 1] = first;
		if (next < maxCodes) {
			earlier[next] = previous;
			lastIndex[next] = first;
			stringLength[next] = stringLength[previous]! + 1;
			next++;
			if (next === 1 << codeSize && codeSize < 12) codeSize++;
		}
		written = stop;
		previous = code;
	}
	return output;
}
