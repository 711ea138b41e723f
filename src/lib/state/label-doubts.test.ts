import { describe, expect, it } from 'vitest';
import type { Preview } from '#lib/core/run.ts';
import { doubtsOn } from './label-doubts.ts';

/** A map drawn in digits. */
function map(...lines: string[]) {
	return { width: lines[0]?.length ?? 0, height: lines.length, data: Uint8Array.from(lines.join(''), Number) };
}
/** A prediction of two classes: 9 is level 200, all else level 10. */
function binary(...lines: string[]): Preview {
	const { width, height, data } = map(...lines);
	return { sampleId: 'a', kind: 'binary', width, height, data: data.map((digit) => (digit === 9 ? 200 : 10)) };
}
const classes = (...lines: string[]): Preview => ({ sampleId: 'a', kind: 'classes', ...map(...lines) });

const nothing = map('000000', '000000', '000000', '000000', '000000');

describe('doubts about a mask', () => {
	it('are regions where all runs agree against it, with their area and place', () => {
		const one = binary('999900', '999900', '999900', '000000', '000000');
		const other = binary('099900', '099900', '099900', '000000', '000099');
		expect(doubtsOn([one, other], nothing, 128)).toEqual({
			doubts: [{ truthClass: 0, predictedClass: 1, area: 9, left: 1, top: 0, right: 4, bottom: 3 }],
			rims: 0,
		});
	});

	it('go both ways, largest first', () => {
		const truth = map('0000001111', '0000001111', '0000001111', '0000000000');
		const prediction = binary('9990000000', '9990000000', '9990000000', '0000000000');
		const { doubts } = doubtsOn([prediction], truth, 128);
		expect(doubts.map(({ truthClass, predictedClass, area }) => [truthClass, predictedClass, area])).toEqual([
			[1, 0, 12],
			[0, 1, 9],
		]);
	});

	it('follow the threshold', () => {
		const prediction = binary('999000', '999000', '999000', '000000', '000000');
		expect(doubtsOn([prediction], nothing, 201).doubts).toEqual([]);
	});

	it('are no rims, which are counted', () => {
		expect(doubtsOn([binary('990000', '990000', '990000', '990000', '000000')], nothing, 128)).toEqual({ doubts: [], rims: 1 });
	});

	it('are none where the mask is to be ignored, and none without a prediction', () => {
		const ignored = { width: 3, height: 3, data: new Uint8Array(9).fill(255) };
		expect(doubtsOn([binary('999', '999', '999')], ignored, 128)).toEqual({ doubts: [], rims: 0 });
		expect(doubtsOn([], nothing, 128)).toEqual({ doubts: [], rims: 0 });
	});

	it('tell classes apart', () => {
		const truth = map('111000', '111000', '111000', '000000', '000000');
		const both = classes('222111', '222111', '222111', '000000', '000000');
		const { doubts } = doubtsOn([both, both], truth, 128);
		expect(doubts.map(({ truthClass, predictedClass, left }) => [truthClass, predictedClass, left]).sort()).toEqual([
			[0, 1, 3],
			[1, 2, 0],
		]);
	});

	it('are in pixels of the image where predictions are kept smaller', () => {
		const truth = { width: 8, height: 12, data: new Uint8Array(96) };
		const prediction = binary('9990', '9990', '9990', '0000');
		expect(doubtsOn([prediction], truth, 128).doubts).toEqual([
			{ truthClass: 0, predictedClass: 1, area: 54, left: 0, top: 0, right: 6, bottom: 9 },
		]);
	});
});
