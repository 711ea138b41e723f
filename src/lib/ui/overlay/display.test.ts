import { describe, expect, it } from 'vitest';
import { displayPicture, displayRange } from './display.ts';

describe('images on the screen', () => {
	it('shows 8-bit grey as it is', () => {
		const picture = displayPicture({ width: 2, height: 1, channels: 1, maxValue: 255, data: Uint8Array.of(0, 200) });
		expect([...picture.data]).toEqual([0, 0, 0, 255, 200, 200, 200, 255]);
	});

	it('shows colour and drops alpha', () => {
		const picture = displayPicture({ width: 1, height: 1, channels: 4, maxValue: 255, data: Uint8Array.of(10, 20, 30, 0) });
		expect([...picture.data]).toEqual([10, 20, 30, 255]);
		const grey = displayPicture({ width: 1, height: 1, channels: 2, maxValue: 255, data: Uint8Array.of(77, 0) });
		expect([...grey.data]).toEqual([77, 77, 77, 255]);
	});

	it('stretches 16-bit images from their 0.5th to their 99.5th percentile', () => {
		// 1000 pixels with the values 1000…1999: the 0.5th percentile is 1005, the 99.5th 1995.
		const data = Uint16Array.from({ length: 1000 }, (_, index) => 1000 + index);
		const raster = { width: 1000, height: 1, channels: 1, maxValue: 65535, data };
		expect(displayRange(raster)).toEqual({ low: 1005, high: 1995 });
		const picture = displayPicture(raster);
		expect(picture.data[0]).toBe(0);
		// (1500 − 1005) / 990 · 255 = 127.5, rounded half to even.
		expect(picture.data[500 * 4]).toBe(128);
		expect(picture.data[999 * 4]).toBe(255);
	});

	it('survives a 16-bit image of one value', () => {
		const raster = { width: 2, height: 1, channels: 1, maxValue: 65535, data: Uint16Array.of(500, 500) };
		expect([...displayPicture(raster).data]).toEqual([0, 0, 0, 255, 0, 0, 0, 255]);
	});
});
