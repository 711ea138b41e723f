import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTotal, decodeCompressed, decodePairs, plainLengths, RunLengthError } from './run-lengths.ts';

/** By hand: the numbers of COCO's compressed texts, written as its tools do. */
function compressed(lengths: readonly number[]): string {
	return lengths
		.map((length, index) => {
			let rest = index > 2 ? length - (lengths[index - 2] ?? 0) : length;
			let text = '';
			for (let more = true; more;) {
				const bits = rest & 31;
				rest >>= 5;
				more = !((rest === 0 && (bits & 16) === 0) || (rest === -1 && (bits & 16) !== 0));
				text += String.fromCharCode(48 + bits + (more ? 32 : 0));
			}
			return text;
		})
		.join('');
}

describe('compressed texts', () => {
	test.each([
		['011060J', [0, 1, 1, 1, 7, 1, 1]],
		['01100130NO01OO3', [0, 1, 1, 1, 1, 2, 4, 2, 2, 1, 2, 2, 1, 1, 4]],
		['052', [0, 5, 2]],
		// A disc: the first number takes three characters.
		['kf0=a14L4M2M4M2', [731, 13, 49, 17, 45, 21, 42, 23, 39, 27, 36, 29]],
	])('%s, as pycocotools 2.0 encodes it', (text, lengths) => {
		expect([...decodeCompressed(text)]).toEqual(lengths);
	});

	test('property: what is encoded by the rule comes back', () => {
		fc.assert(
			fc.property(fc.array(fc.nat({ max: 300_000 }), { maxLength: 30 }), (lengths) => {
				expect([...decodeCompressed(compressed(lengths))]).toEqual(lengths);
			}),
		);
	});

	test.each([['é'], ['0!'], ['o'], ['00000N'], ['ooooooooooooo0']])('%s is refused', (text) => {
		expect(() => decodeCompressed(text)).toThrow(RunLengthError);
	});
});

describe('plain lengths', () => {
	test('whole numbers only, which fill the image to the last pixel', () => {
		expect([...plainLengths([0, 3, 9])]).toEqual([0, 3, 9]);
		expect(() => plainLengths([1.5])).toThrow(RunLengthError);
		expect(() => plainLengths([-1])).toThrow(RunLengthError);
		expect(() => checkTotal(Uint32Array.of(0, 3, 9), 4, 3)).not.toThrow();
		expect(() => checkTotal(Uint32Array.of(0, 3, 8), 4, 3)).toThrow('has runs of 11 pixels together, but 4 × 3 are 12');
	});
});

describe('pairs of start and length', () => {
	test('pixels 1 to 3 and 10 to 14 of the competition’s own example', () => {
		// "1 3 10 5 implies pixels 1,2,3,10,11,12,13,14 are to be included" (Severstal, evaluation).
		expect([...decodePairs('1 3 10 5', 4, 4)]).toEqual([0, 3, 6, 5]);
	});

	test('in any order, and an empty text for an empty mask', () => {
		expect([...decodePairs('10 5 1 3', 4, 4)]).toEqual([0, 3, 6, 5]);
		expect([...decodePairs('  ', 4, 4)]).toEqual([]);
	});

	test.each([
		['1 3 10', 'no pairs'],
		['0 3', 'a start from 1'],
		['1 x', 'a start from 1'],
		['1 3 3 2', 'overlap at pixel 3'],
		['15 3', 'ends at pixel 17, but 4 × 4 are 16'],
	])('%s is refused', (text, reason) => {
		expect(() => decodePairs(text, 4, 4)).toThrow(reason);
	});
});
