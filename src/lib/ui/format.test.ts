import { describe, expect, it } from 'vitest';
import {
	formatAbout,
	formatBytes,
	formatCount,
	formatDuration,
	formatParameters,
	formatPlural,
	formatScore,
	formatShare,
	formatThreshold,
	formatValue,
} from './format.ts';

describe('numbers on the screen', () => {
	it('shows a dash where nothing was measured', () => {
		for (const format of [formatScore, formatShare, formatValue, formatCount, formatBytes, formatParameters, formatDuration, formatAbout]) {
			expect(format(null)).toBe('–');
			expect(format(Number.NaN)).toBe('–');
		}
	});

	it('shows scores with three decimals, zero included', () => {
		expect(formatScore(0)).toBe('0.000');
		expect(formatScore(0.93149)).toBe('0.931');
		expect(formatScore(1, 2)).toBe('1.00');
	});

	it.each([
		[0, '0 %'],
		[0.0004, '< 0.1 %'],
		[0.004, '0.4 %'],
		[0.07, '7 %'],
		[0.2345, '23 %'],
		[0.9999, '> 99.9 %'],
		[1, '100 %'],
	])('shows the share %f as %s', (share, text) => expect(formatShare(share)).toBe(text));

	it.each([
		[0, '0'],
		[0.0321549, '0.03215'],
		[12.5, '12.5'],
		[0.00000012, '1.2e-7'],
		[-3400000, '-3.4e6'],
	])('shows the value %f as %s', (value, text) => expect(formatValue(value)).toBe(text));

	it.each([
		[0, '0 bytes'],
		[1, '1 byte'],
		[999, '999 bytes'],
		[1500, '1.5 kB'],
		[999_600, '1 MB'],
		[12_345_678, '12 MB'],
		[2_000_000_000, '2 GB'],
	])('shows %i bytes as %s', (size, text) => expect(formatBytes(size)).toBe(text));

	it.each([
		[840, '840 ms'],
		[4200, '4.2 s'],
		[9960, '10 s'],
		[59_600, '1 min 00 s'],
		[125_000, '2 min 05 s'],
		[4_320_000, '1 h 12 min'],
	])('shows %i milliseconds as %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

	it.each([
		[0, 'less than 10 s'],
		[10_000, 'about 10 s'],
		[94_000, 'about 90 s'],
		[95_000, 'about 2 min'],
		[360_000, 'about 6 min'],
		[99 * 60_000, 'about 99 min'],
		[100 * 60_000, 'about 1.5 h'],
		[9 * 3_600_000, 'about 9 h'],
		[9.8 * 3_600_000, 'about 10 h'],
		[47 * 3_600_000, 'about 47 h'],
		[48 * 3_600_000, 'about 2 days'],
	])('shows %i milliseconds that were reckoned as %s', (milliseconds, text) => expect(formatAbout(milliseconds)).toBe(text));

	// The parameter counts are those of the presets' nets.
	it.each([
		[29_617, '29.6 k'],
		[487_009, '487 k'],
		[2_158_417, '2.16 M'],
	])('shows %i parameters as %s', (count, text) => expect(formatParameters(count)).toBe(text));

	it('separates thousands and counts things', () => {
		expect(formatCount(1234567)).toBe('1\u202f234\u202f567');
		expect(formatPlural(1, 'pair')).toBe('1 pair');
		expect(formatPlural(48, 'pair')).toBe('48 pairs');
		expect(formatPlural(2, 'class', 'classes')).toBe('2 classes');
	});

	it('shows a threshold level as the probability from which a pixel is foreground', () => {
		expect(formatThreshold(128)).toBe('0.50');
		expect(formatThreshold(64)).toBe('0.25');
	});
});
