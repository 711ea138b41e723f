import { describe, expect, it } from 'vitest';
import { runStyle } from '../run-colours.ts';
import { formatScore } from '../format.ts';
import { bandPieces, chartCsv, chartSummary, csvField, csvText, lastX, nearestIndex, smooth, tableOf, type ChartSeries } from './series.ts';

const dice: ChartSeries = { id: 'dice', name: 'Dice', style: runStyle(0), x: [1, 2, 3], y: [0.5, null, 0.75] };
const tversky: ChartSeries = { id: 'tversky', name: 'Tversky, .3', style: runStyle(1), x: [2, 4], y: [0.25, Number.NaN] };

describe('joining series', () => {
	it('gives every series a place at every x, and null where it has no number', () => {
		expect(tableOf([dice, tversky])).toEqual({
			x: [1, 2, 3, 4],
			columns: [
				[0.5, null, 0.75, null],
				[null, 0.25, null, null],
			],
			spreads: [null, null],
		});
	});

	it('finds the last x that has a value', () => {
		expect(lastX(tableOf([dice, tversky]))).toBe(3);
		expect(lastX(tableOf([{ ...dice, y: [null, null, null] }]))).toBeNull();
		expect(nearestIndex([1, 5, 9], 6)).toBe(1);
		expect(nearestIndex([], 6)).toBe(-1);
	});
});

describe('bands', () => {
	const mean: ChartSeries = { ...dice, x: [1, 2, 3, 4], y: [0.5, 0.25, null, 0.75], spread: [0.125, 0.25, 0.5, null] };

	it('lie as far above as below the line, and only where both are known', () => {
		expect(bandPieces(tableOf([tversky, mean]), 1)).toEqual([
			[
				[1, 0.375, 0.625],
				[2, 0, 0.5],
			],
		]);
		expect(bandPieces(tableOf([tversky, mean]), 0)).toEqual([]);
	});

	it('are a column of their own in the CSV', () => {
		expect(chartCsv([mean], 'epoch')).toBe('epoch,Dice,Dice ±\r\n1,0.5,0.125\r\n2,0.25,0.25\r\n3,,0.5\r\n4,0.75,\r\n');
	});
});

describe('smoothing', () => {
	it('starts at the first value and weighs newer ones more', () => {
		// w = 0.5: s = 0.5·4 = 2, share 0.5 → 4; s = 0.5·2 + 0.5·8 = 5, share 0.75 → 20/3.
		const [first, second] = smooth([4, 8], 0.5);
		expect(first).toBe(4);
		expect(second).toBeCloseTo(20 / 3, 12);
	});

	it('leaves a constant alone, keeps gaps, and does nothing at weight 0', () => {
		for (const value of smooth([3, 3, null, 3], 0.9)) if (value !== null) expect(value).toBeCloseTo(3, 12);
		expect(smooth([1, null, 5], 0)).toEqual([1, null, 5]);
	});
});

describe('CSV', () => {
	it('holds the unsmoothed values in full precision', () => {
		expect(chartCsv([dice, tversky], 'epoch')).toBe('epoch,Dice,"Tversky, .3"\r\n1,0.5,\r\n2,,0.25\r\n3,0.75,\r\n4,,\r\n');
	});

	it('quotes what needs it and disarms formulas', () => {
		expect(csvField('a"b')).toBe('"a""b"');
		expect(csvField('=SUM(A1)')).toBe("'=SUM(A1)");
		expect(csvField(-1.5)).toBe('-1.5');
		expect(csvText([['a', null, 2]])).toBe('a,,2\r\n');
	});
});

it('says in a sentence what the chart shows', () => {
	expect(chartSummary('Validation Dice', [dice, tversky], 'epoch', formatScore)).toBe(
		'Validation Dice, line chart over 4 values of epoch. At epoch 3: Dice 0.750, Tversky, .3 –.',
	);
	expect(chartSummary('Loss', [], 'step', formatScore)).toBe('Loss: no values yet.');
});
