import { describe, expect, it } from 'vitest';
import { evidenceOf, hasRoomForPreview, previewOf, toClasses, toLevels } from './evidence.ts';
import { encodeClasses } from './targets.ts';

const image = (width: number, height: number, channels: number, values: number[]) => ({
	width,
	height,
	channels,
	data: Float32Array.from(values),
});

describe('levels and classes', () => {
	it('puts a probability into one of 256 levels, a half at the default threshold', () => {
		expect([...toLevels(Float32Array.of(0, 0.4999, 0.5, 0.999, 1))]).toEqual([0, 127, 128, 255, 255]);
	});

	it('takes the most probable class, the first of equals', () => {
		expect([...toClasses(Float32Array.of(0.2, 0.7, 0.1, 0.4, 0.2, 0.4), 3)]).toEqual([1, 0]);
	});
});

describe('evidenceOf', () => {
	it('counts pixels by truth and level, and leaves ignored ones out', () => {
		const evidence = evidenceOf('a', image(2, 2, 1, [0, 0.5, 1, 0.5]), Uint8Array.of(0, 1, 1, 255));
		if (evidence.kind !== 'binary') throw new Error('expected a histogram');
		expect(evidence.histogram[0]).toBe(1); // background at level 0
		expect(evidence.histogram[256 + 128]).toBe(1); // foreground at level 128
		expect(evidence.histogram[256 + 255]).toBe(1);
		expect(evidence.histogram.reduce((sum, count) => sum + count, 0)).toBe(3);
	});

	it('keeps a confusion matrix for several classes, truth down, prediction across', () => {
		const evidence = evidenceOf('a', image(3, 1, 3, [0.8, 0.1, 0.1, 0.1, 0.1, 0.8, 0.1, 0.8, 0.1]), Uint8Array.of(0, 1, 1));
		if (evidence.kind !== 'classes') throw new Error('expected a matrix');
		expect([...evidence.confusion]).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 0]);
	});
});

describe('previewOf', () => {
	it('shrinks a large prediction to 160 pixels and keeps its shape', () => {
		const preview = previewOf('a', image(320, 80, 1, new Array<number>(320 * 80).fill(0.75)));
		expect([preview.width, preview.height, preview.kind]).toEqual([160, 40, 'binary']);
		expect(preview.data.every((level) => level === 191 || level === 192)).toBe(true); // 0.75 · 256 = 192, less a rounding
	});
});

describe('previews of an epoch', () => {
	const kept = (count: number, bytes: number) =>
		Array.from({ length: count }, (_, index) => ({
			sampleId: String(index),
			kind: 'binary' as const,
			width: bytes,
			height: 1,
			data: new Uint8Array(bytes),
		}));

	it('are sixty at most, however small', () => {
		expect(hasRoomForPreview(kept(59, 1))).toBe(true);
		expect(hasRoomForPreview(kept(60, 1))).toBe(false);
	});

	it('are sixty also at 160 pixels a side', () => {
		// 60 · 160² = 1 536 000 bytes of 1.5 MiB = 1 572 864.
		expect(hasRoomForPreview(kept(59, 160 * 160))).toBe(true);
	});

	it('are fewer when they are larger, but never fewer than twelve', () => {
		// 100 000 bytes each: 15 are 1.5 MB, 16 would be 1.6 MB.
		expect(hasRoomForPreview(kept(14, 100_000))).toBe(true);
		expect(hasRoomForPreview(kept(15, 100_000))).toBe(false);
		expect(hasRoomForPreview(kept(11, 1_000_000))).toBe(true);
		expect(hasRoomForPreview(kept(12, 1_000_000))).toBe(false);
	});
});

describe('encodeClasses', () => {
	it('is one-hot for several outputs and empty where a pixel is ignored', () => {
		expect([...encodeClasses(Uint8Array.of(2, 255, 0), 3)]).toEqual([0, 0, 1, 0, 0, 0, 1, 0, 0]);
		expect([...encodeClasses(Uint8Array.of(1, 255, 0), 1)]).toEqual([1, 0, 0]);
	});
});
