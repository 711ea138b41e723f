import { expect, it } from 'vitest';
import { blend, inkOf, pictureOf, weightOf, wordsOf } from './blend.ts';

const pixel = (red: number, green: number, blue: number) => ({ width: 1, height: 1, data: Uint8ClampedArray.of(red, green, blue, 255) });

it('moves each channel by the share of the way, rounded down', () => {
	const words = wordsOf(pixel(100, 200, 0));
	blend(words, 0, inkOf([200, 0, 255]), weightOf(0.25));
	// Weight 64: (100·192 + 200·64) / 256 = 125, (200·192) / 256 = 150, (255·64) / 256 = 63.75.
	expect([...pictureOf(words, 1, 1).data]).toEqual([125, 150, 63, 255]);
});

it('is the ink at full weight and the pixel at none, at the ends of every channel', () => {
	for (const [from, to] of [
		[0, 255],
		[255, 0],
		[255, 255],
	] as const) {
		const words = wordsOf(pixel(from, from, from));
		blend(words, 0, inkOf([to, to, to]), 0);
		expect([...pictureOf(words, 1, 1).data]).toEqual([from, from, from, 255]);
		blend(words, 0, inkOf([to, to, to]), 256);
		expect([...pictureOf(words, 1, 1).data]).toEqual([to, to, to, 255]);
	}
});

it('leaves the picture that it was taken from alone', () => {
	const picture = pixel(1, 2, 3);
	blend(wordsOf(picture), 0, inkOf([9, 9, 9]), 256);
	expect([...picture.data]).toEqual([1, 2, 3, 255]);
});
