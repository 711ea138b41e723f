import { describe, expect, it } from 'vitest';
import { matchObjects } from './object-match.ts';
import type { Mask } from './surface.ts';

/** A mask drawn in text: `#` inside. */
function mask(...lines: string[]): Mask {
	return { data: Uint8Array.from(lines.join(''), (mark) => (mark === '#' ? 1 : 0)), width: lines[0]?.length ?? 0, height: lines.length };
}

describe('objects of two masks', () => {
	// Three true objects: a block of 4, a line of 4, a single pixel.
	const truth = mask('##....#', '##.....', '.......', '####...');
	// The block and a pixel beside it: IoU 4/5. One pixel of the line: 1/4. The single pixel is missed; one object is invented.
	const marked = mask('##.....', '###....', '......#', '#......');

	it('are the same from an IoU of ½ on', () => {
		expect(matchObjects(marked, truth, 'half')).toEqual({ inTruth: 3, found: 1, predicted: 3, right: 1 });
		// Two of four pixels: exactly ½. Two of five: less.
		expect(matchObjects(mask('##..'), mask('####'), 'half').found).toBe(1);
		expect(matchObjects(mask('##...'), mask('#####'), 'half').found).toBe(0);
	});

	it('or as soon as they share a pixel', () => {
		expect(matchObjects(marked, truth, 'any')).toEqual({ inTruth: 3, found: 2, predicted: 3, right: 2 });
	});

	it('that touch at a corner only are two', () => {
		expect(matchObjects(mask('#.', '.#'), mask('##', '##'), 'any')).toEqual({ inTruth: 1, found: 1, predicted: 2, right: 2 });
	});

	it('are none in an empty mask, and masks of different sizes are refused', () => {
		expect(matchObjects(mask('..'), mask('..'), 'half')).toEqual({ inTruth: 0, found: 0, predicted: 0, right: 0 });
		expect(() => matchObjects(mask('.'), mask('..'), 'half')).toThrow(RangeError);
	});
});
