import { describe, expect, it } from 'vitest';
import { deviationLevels, entropyBits, entropyLevels } from './uncertainty.ts';

describe('entropy', () => {
	it('is one bit at an even chance and nothing where the run is sure', () => {
		expect(entropyBits(0.5)).toBe(1);
		expect(entropyBits(0)).toBe(0);
		expect(entropyBits(1)).toBe(0);
		// ¼ · 2 + ¾ · log2(4/3) = 0.5 + 0.75 · 0.4150375 = 0.8112781
		expect(entropyBits(0.25)).toBeCloseTo(0.8112781, 6);
		expect(entropyBits(0.75)).toBeCloseTo(0.8112781, 6);
	});

	it('is drawn from 0 for sure to 255 for one bit', () => {
		// Levels 127 and 128 lie at ½ ∓ 1/512. Level 0 lies at 1/512: 9/512 + 511/512 · log2(512/511) = 0.0204 bit, level 5.
		expect([...entropyLevels(Uint8Array.of(0, 127, 128, 255))]).toEqual([5, 255, 255, 5]);
	});
});

describe('standard deviation over runs', () => {
	it('is nothing where runs agree', () => {
		expect([...deviationLevels([Uint8Array.of(7, 255), Uint8Array.of(7, 255)])]).toEqual([0, 0]);
	});

	it('is half the distance of two runs', () => {
		// Levels 0 and 128 are 0.5 apart, so the deviation is 0.25, half of the most there can be: level 128.
		// Levels 0 and 255 are 255/256 apart: 255 · (255/512) / 0.5 = 254.
		expect([...deviationLevels([Uint8Array.of(0, 0), Uint8Array.of(128, 255)])]).toEqual([128, 254]);
	});

	it('weighs every run alike', () => {
		// 0, 0, 192: mean 64, variance (64² + 64² + 128²) / 3 = 8192, deviation 90.51 levels; 255 · 90.51 / 128 = 180.3.
		expect([...deviationLevels([Uint8Array.of(0), Uint8Array.of(0), Uint8Array.of(192)])]).toEqual([180]);
	});
});
