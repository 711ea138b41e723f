/** Small facts by hand, for tests. */
import type { LabelScheme } from '#lib/core/sample.ts';
import type { DatasetFacts, ImageFacts, PixelFacts } from './facts.ts';
import { lookOf } from './look.ts';

export const twoClasses = {
	kind: 'values' as const,
	classes: [
		{ name: 'background', values: [0] },
		{ name: 'cell', values: [255] },
	],
	ignore: [],
} satisfies LabelScheme;

/** A small picture that no other number gives: 16 × 16 grey levels, 0…1. */
export const picture = (number: number) => ({
	width: 18,
	height: 18,
	channels: 1,
	data: Float32Array.from({ length: 18 * 18 }, (_, at) => ((at * (7 + 2 * number) + (at >> 2) * (13 + 4 * number)) % 97) / 97),
});

export const pixels = (number: number, change: Partial<PixelFacts> = {}): PixelFacts => ({
	objects: [{ area: 400, width: 20, height: 20 }],
	borderForeground: 0,
	values: [],
	brightness: 0.5,
	fingerprint: String(number),
	look: lookOf(picture(number)),
	...change,
});

/** Image number n of a set in which nothing is wrong: 64 × 64, a tenth of it marked, in the training part. */
export const image = (number: number, change: Partial<ImageFacts> = {}): ImageFacts => ({
	id: String(number),
	name: `${number}.png`,
	width: 64,
	height: 64,
	channels: 1,
	maxValue: 255,
	part: 'train',
	classPixels: [3600, 400],
	pixels: pixels(number),
	...change,
});

export const facts = (images: readonly ImageFacts[], change: Partial<DatasetFacts> = {}): DatasetFacts => ({
	scheme: twoClasses,
	images,
	prepare: { size: 64, sizing: 'stretch' },
	depth: 3,
	...change,
});
