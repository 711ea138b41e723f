/**
 * What an image looks like at a glance, so that copies are found that were resized, re-compressed or re-exposed. Mirrored,
 * turned and cut ones are not.
 * Source: the difference hash is Neal Krawetz' dHash, 2013, <https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html>.
 */
import type { FloatImage } from '#lib/pixels/resize.ts';

export interface Look {
	/** Difference hash: 8 × 8 bits, row by row in two words, set where a cell is brighter than the one to its right. */
	readonly hash: readonly [upper: number, lower: number];
	/**
	 * How much each of 16 × 16 cells stands out from its four neighbours, shifted and scaled to mean 0 and length 1. What all
	 * images of a set share, such as a dark rim, is smooth and drops out. Null for an image without contrast.
	 */
	readonly detail: Float32Array | null;
}

const side = 16;
/** Less deviation than one of 256 levels is noise. */
const leastDeviation = 1 / 256;
/** Of 64, as Krawetz advises: with up to 10 differences it may be the same picture. */
const mostBits = 10;
/**
 * Pearson's, of the details. Different eyes of DRIVE, which are lit and framed alike, reach 0.95; their own copies at half the
 * size with noise 0.993.
 */
const leastCorrelation = 0.97;

/** Means of a grid of cells over a grey image. Cells of an image smaller than the grid hold one pixel, some of them the same. */
function boxMeans({ width, height, data }: FloatImage, columns: number, rows: number): Float32Array {
	const means = new Float32Array(columns * rows);
	const edge = (cell: number, cells: number, length: number): number => Math.min(length - 1, Math.floor((cell * length) / cells));
	for (let row = 0; row < rows; row++) {
		const top = edge(row, rows, height);
		const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / rows));
		for (let column = 0; column < columns; column++) {
			const left = edge(column, columns, width);
			const right = Math.max(left + 1, Math.floor(((column + 1) * width) / columns));
			let total = 0;
			for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) total += data[y * width + x]!;
			means[row * columns + column] = total / ((bottom - top) * (right - left));
		}
	}
	return means;
}

function differenceHash(grey: FloatImage): Look['hash'] {
	const means = boxMeans(grey, 9, 8);
	const words: [number, number] = [0, 0];
	for (let bit = 0; bit < 64; bit++) {
		const at = Math.floor(bit / 8) * 9 + (bit % 8);
		if (means[at]! > means[at + 1]!) words[bit < 32 ? 0 : 1] |= 1 << (bit % 32);
	}
	return words;
}

/** Four times each inner cell less its neighbours [side²], from means with one cell more on each side. */
function standingOut(means: Float32Array): Float32Array {
	const stride = side + 2;
	return Float32Array.from({ length: side * side }, (_, index) => {
		const at = (Math.floor(index / side) + 1) * stride + (index % side) + 1;
		return 4 * means[at]! - means[at - 1]! - means[at + 1]! - means[at - stride]! - means[at + stride]!;
	});
}

function standardised(values: Float32Array): Float32Array | null {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const centred = values.map((value) => value - mean);
	const length = Math.hypot(...centred);
	return length / Math.sqrt(values.length) < leastDeviation ? null : centred.map((value) => value / length);
}

/** @param grey one channel, 0…1 */
export function lookOf(grey: FloatImage): Look {
	return { hash: differenceHash(grey), detail: standardised(standingOut(boxMeans(grey, side + 2, side + 2))) };
}

/** Bits that are set in a word of 32. */
function bitCount(word: number): number {
	let count = 0;
	for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) count++;
	return count;
}

/** True for two images that are probably the same picture. The hash is asked first, as it is the quicker. */
export function looksAlike(a: Look, b: Look): boolean {
	if (a.detail === null || b.detail === null) return false;
	if (bitCount(a.hash[0] ^ b.hash[0]) + bitCount(a.hash[1] ^ b.hash[1]) > mostBits) return false;
	let correlation = 0;
	for (let i = 0; i < a.detail.length; i++) correlation += a.detail[i]! * (b.detail[i] ?? 0);
	return correlation >= leastCorrelation;
}
