/** Run-length codes of masks: COCO's lists and compressed texts, Kaggle's pairs. Each throws a `RunLengthError`. */

/** Why a run-length code could not be read; `message` completes the sentence "annotation 3 …". */
export class RunLengthError extends Error {}

/**
 * Lengths of runs, outside and inside in turn, as COCO's tools write them in a text: numbers in groups of five bits, lowest
 * first, 48 added to each; the sixth bit says that more follow, the fifth of the last group is the sign. From the fourth
 * number on, the difference to the number two places before is stored.
 */
export function decodeCompressed(text: string): Uint32Array {
	const lengths: number[] = [];
	for (let at = 0; at < text.length;) {
		let value = 0;
		let shift = 0;
		for (let more = true; more; shift += 5) {
			const code = text.charCodeAt(at++) - 48;
			if (!(code >= 0 && code < 64))
				throw new RunLengthError(
					at > text.length ? 'has a run-length code that is cut short' : `has the character “${text[at - 1] ?? ''}” in its run-length code`,
				);
			if (shift > 30) throw new RunLengthError('has a run length that is too large');
			// Not `|` and `<<`: six groups pass 32 bits.
			value += (code & 31) * 2 ** shift;
			more = (code & 32) !== 0;
			if (!more && (code & 16) !== 0) value -= 2 ** (shift + 5);
		}
		if (lengths.length > 2) value += lengths[lengths.length - 2]!;
		if (value < 0 || value > 0xffffffff) throw new RunLengthError('has a run length below zero');
		lengths.push(value);
	}
	return Uint32Array.from(lengths);
}

/** Checks plain run lengths. */
export function plainLengths(counts: readonly number[]): Uint32Array {
	if (!counts.every((count) => Number.isInteger(count) && count >= 0 && count <= 0xffffffff)) {
		throw new RunLengthError('has run lengths that are no whole numbers from 0 on');
	}
	return Uint32Array.from(counts);
}

/** Throws when the runs do not fill the box to its last pixel: the code then belongs to an image of another size. */
export function checkTotal(lengths: Uint32Array, width: number, height: number): void {
	const total = lengths.reduce((sum, length) => sum + length, 0);
	if (total !== width * height) {
		throw new RunLengthError(`has runs of ${total} pixels together, but ${width} × ${height} are ${width * height}`);
	}
}

/** Kaggle's pairs `start length start length …`, pixels counted from 1, down the columns. An empty text is an empty mask. */
export function decodePairs(text: string, width: number, height: number): Uint32Array {
	const words = text.trim().split(/\s+/u).filter(Boolean);
	if (words.length % 2 !== 0) throw new RunLengthError(`has ${words.length} numbers, which make no pairs of start and length`);
	const runs: (readonly [start: number, length: number])[] = [];
	for (let i = 0; i < words.length; i += 2) {
		const [start, length] = [Number(words[i]) - 1, Number(words[i + 1])];
		if (!Number.isInteger(start) || !Number.isInteger(length) || start < 0 || length < 0) {
			throw new RunLengthError(`has “${words[i] ?? ''} ${words[i + 1] ?? ''}” where a start from 1 and a length belong`);
		}
		runs.push([start, length]);
	}
	const lengths: number[] = [];
	let at = 0;
	for (const [start, length] of runs.sort(([a], [b]) => a - b)) {
		const end = start + length;
		if (start < at) throw new RunLengthError(`has runs that overlap at pixel ${start + 1}`);
		if (end > width * height)
			throw new RunLengthError(`has a run that ends at pixel ${end}, but ${width} × ${height} are ${width * height}`);
		lengths.push(start - at, length);
		at = end;
	}
	return Uint32Array.from(lengths);
}
