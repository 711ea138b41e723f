import { describe, expect, it } from 'vitest';
import { evidenceOf, previewOf, toClasses, toLevels } from './evidence.ts';
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

describe('encodeClasses', () => {
	it('is one-hot for several outputs and empty where a pixel is ignored', () => {
		expect([...encodeClasses(Uint8Array.of(2, 255, 0), 3)]).toEqual([0, 0, 1, 0, 0, 0, 1, 0, 0]);
		expect([...encodeClasses(Uint8Array.of(1, 255, 0), 1)]).toEqual([1, 0, 0]);
	});
});
