import { describe, expect, it } from 'vitest';
import { RandomStream } from '#lib/core/random.ts';
import type { AugmentSpec, PrepareSpec } from '#lib/core/experiment.ts';
import { augment, drawAugmentation } from './augment.ts';
import { normalise, percentiles, pickChannels, setStatistics } from './intensity.ts';
import { classCounts, classLookup, foregroundShare, toClassMap } from './labels.ts';
import { cutClasses, cutImage, placeClasses, placeImage, placementOf, unplace } from './place.ts';
import { resizeBilinear, resizeNearest, type FloatImage } from './resize.ts';
import { TileBlender, tilesOf } from './tiles.ts';

const grey = (width: number, height: number, values: number[]): FloatImage => ({
	width,
	height,
	channels: 1,
	data: Float32Array.from(values),
});
const prepare: PrepareSpec = { channels: 'grey', size: 16, sizing: 'stretch', foregroundCrops: 0, intensity: 'range' };

describe('labels', () => {
	it('maps stored values to classes and leaves unnamed and ignored ones out', () => {
		const lookup = classLookup({
			kind: 'values',
			classes: [
				{ name: 'a', values: [0] },
				{ name: 'b', values: [128, 255] },
			],
			ignore: [255],
		});
		expect([...toClassMap({ width: 4, height: 1, data: Uint8Array.of(0, 128, 255, 7) }, lookup)]).toEqual([0, 1, 255, 255]);
	});

	it('takes values above the threshold, or below when inverted', () => {
		const scheme = { kind: 'threshold', threshold: 127, inverted: false, classes: [{ name: 'a' }, { name: 'b' }], ignore: [] } as const;
		const mask = { width: 3, height: 1, data: Uint8Array.of(0, 127, 128) };
		expect([...toClassMap(mask, classLookup(scheme))]).toEqual([0, 0, 1]);
		expect([...toClassMap(mask, classLookup({ ...scheme, inverted: true }))]).toEqual([1, 1, 0]);
	});

	it('counts classes from the stored values', () => {
		const scheme = {
			kind: 'values',
			classes: [
				{ name: 'a', values: [0] },
				{ name: 'b', values: [1, 2] },
			],
			ignore: [9],
		} as const;
		const sample = {
			id: '',
			name: '',
			path: '',
			maskPath: '',
			width: 10,
			height: 1,
			channels: 1,
			maxValue: 255,
			valueCounts: [
				[0, 3],
				[1, 1],
				[2, 2],
				[9, 4],
			],
		} as const;
		expect(classCounts(sample, scheme)).toEqual([3, 3]);
		expect(foregroundShare(sample, scheme)).toBe(0.5); // 3 of the 6 counted pixels
	});
});

describe('resize', () => {
	it('averages with a triangle when shrinking by two', () => {
		// Output 0: centre 1, support 2, taps at 0.5 1.5 2.5 → weights 0.75 0.75 0.25, of 1.75: (0·3 + 4·3 + 8·1)/7.
		const out = resizeBilinear(grey(4, 1, [0, 4, 8, 12]), 2, 1);
		expect(out.data[0]).toBeCloseTo(20 / 7, 5);
		expect(out.data[1]).toBeCloseTo(12 - 20 / 7, 5);
	});

	it('interpolates at half pixels when growing', () => {
		expect([...resizeBilinear(grey(2, 1, [0, 4]), 4, 1).data]).toEqual([0, 1, 3, 4]);
	});

	it('keeps label values when shrinking and growing', () => {
		expect([...resizeNearest(Uint8Array.of(1, 2, 3, 4), 2, 2, 4, 2)]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
		expect([...resizeNearest(Uint8Array.of(1, 2, 3, 4, 5), 5, 1, 2, 1)]).toEqual([2, 4]); // centres 1.25 and 3.75
	});
});

describe('intensity', () => {
	it('turns RGB to grey by Rec. 601 and drops alpha', () => {
		const image = { width: 1, height: 1, channels: 4, maxValue: 255, data: Uint8Array.of(255, 0, 0, 3) };
		expect(pickChannels(image, 'grey').data[0]).toBeCloseTo(0.299, 6);
		expect([...pickChannels(image, 'rgb').data]).toEqual([1, 0, 0]);
	});

	it('divides 16-bit samples by their own range', () => {
		expect(normalise({ width: 1, height: 1, channels: 1, maxValue: 65535, data: Uint16Array.of(65535) }, prepare, null).data[0]).toBe(1);
	});

	it('centres each image to mean 0 and deviation 1', () => {
		const out = normalise(
			{ width: 2, height: 1, channels: 1, maxValue: 255, data: Uint8Array.of(0, 255) },
			{ ...prepare, intensity: 'zscore-image' },
			null,
		);
		expect(out.data[0]).toBeCloseTo(-1, 5);
		expect(out.data[1]).toBeCloseTo(1, 5);
	});

	it('pools the statistics of a set over pixels', () => {
		const { mean, deviation } = setStatistics([grey(2, 1, [0, 0]), grey(2, 1, [4, 4])]);
		expect(mean).toEqual([2]);
		expect(deviation[0]).toBeCloseTo(2, 6);
	});

	it('finds percentiles of a ramp', () => {
		const [low, high] = percentiles(
			Float32Array.from({ length: 1001 }, (_, i) => i),
			0.01,
			0.99,
		);
		expect(Math.abs(low - 10)).toBeLessThan(1);
		expect(Math.abs(high - 990)).toBeLessThan(1);
	});
});

describe('placement', () => {
	it('keeps the aspect and centres when padding', () => {
		expect(placementOf(200, 100, 64, 'pad')).toEqual({ size: 64, left: 0, top: 16, width: 64, height: 32 });
	});

	it('ignores padding in labels and repeats the edge in images', () => {
		const place = placementOf(2, 1, 2, 'pad'); // 2 × 1 in a 2 × 2 square: top row (2−1)>>1 = 0
		expect([...placeClasses(Uint8Array.of(1, 0), 2, 1, place)]).toEqual([1, 0, 255, 255]);
		expect([...placeImage(grey(2, 1, [5, 7]), place).data]).toEqual([5, 7, 5, 7]);
	});

	it('returns a prediction to the image it came from', () => {
		const image = grey(
			8,
			4,
			Array.from({ length: 32 }, (_, i) => i),
		);
		const place = placementOf(8, 4, 8, 'pad');
		expect([...unplace(placeImage(image, place), place, 8, 4).data]).toEqual([...image.data]);
	});

	it('cuts windows that reach outside', () => {
		expect([...cutImage(grey(2, 1, [5, 7]), -1, 0, 2).data]).toEqual([5, 5, 5, 5]);
		expect([...cutClasses(Uint8Array.of(3, 4), 2, 1, 1, 0, 2)]).toEqual([4, 255, 255, 255]);
	});
});

describe('tiles', () => {
	it('covers every pixel with the asked overlap', () => {
		const tiles = tilesOf(100, 40, 32, 8);
		expect(tiles.map((tile) => tile.left)).toEqual([0, 23, 45, 68, 0, 23, 45, 68]); // (100−32)/3 apart
		expect(new Set(tiles.map((tile) => tile.top))).toEqual(new Set([0, 8]));
	});

	it('blends equal predictions to the same value everywhere', () => {
		const blender = new TileBlender(50, 20, 1, 32);
		for (const tile of tilesOf(50, 20, 32, 8)) blender.add(tile, new Float32Array(32 * 32).fill(0.25));
		expect(blender.result().data.every((value) => Math.abs(value - 0.25) < 1e-6)).toBe(true);
	});
});

describe('augment', () => {
	const none: AugmentSpec = { flip: false, quarterTurns: false, scale: 0, brightness: 0, contrast: 0, noise: 0 };
	const pair = {
		size: 3,
		channels: 1,
		image: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]),
		classes: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]),
	};

	const augmented = (spec: AugmentSpec, random: RandomStream) => augment(pair, drawAugmentation(spec, pair.size, random));

	it('changes nothing when nothing is asked', () => {
		expect(augmented(none, new RandomStream(1, 'augment'))).toBe(pair);
	});

	it('moves image and labels alike by flips and turns', () => {
		const seen = new Set<string>();
		for (let i = 0; i < 64; i++) {
			const out = augmented({ ...none, flip: true, quarterTurns: true }, new RandomStream(1, 'augment', i));
			expect([...out.image]).toEqual([...out.classes]);
			seen.add(out.classes.join(''));
		}
		expect(seen.size).toBe(8); // the symmetries of a square
	});

	it('scales within its bounds and ignores what comes from outside', () => {
		for (let i = 0; i < 16; i++) {
			const out = augmented({ ...none, scale: 0.5 }, new RandomStream(2, 'augment', i));
			expect(out.image.every((value) => value >= 1 && value <= 9)).toBe(true);
			expect(out.classes.every((value) => value === 255 || (value >= 1 && value <= 9))).toBe(true);
		}
	});

	it('leaves labels alone when only intensities change', () => {
		const out = augmented({ ...none, brightness: 0.3, contrast: 0.5, noise: 0.1 }, new RandomStream(3, 'augment', 0));
		expect(out.classes).toBe(pair.classes);
		expect([...out.image]).not.toEqual([...pair.image]);
	});
});
