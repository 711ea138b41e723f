/** Seeded batches for tests. */
import { RandomStream } from '#lib/core/random.ts';
import type { PlainBatch } from './inputs.ts';

/** Entries of a map of this shape. */
export const count = (shape: PlainBatch['shape'], channels = shape[3]): number => shape[0] * shape[1] * shape[2] * channels;

/** Class indices as one-hot channels, or as {0, 1} in one. */
export function oneHot(classes: readonly number[], channels: number): number[] {
	if (channels === 1) return [...classes];
	return classes.flatMap((index) => Array.from({ length: channels }, (_, channel) => (channel === index ? 1 : 0)));
}

/** A seeded batch of 2 images of 4 × 5 pixels; truth is drawn per pixel, logits are normal. */
export function randomBatch(channels: number, seed: number): PlainBatch {
	const shape = [2, 4, 5, channels] as const;
	const draw = new RandomStream(seed, 'sample');
	const classes = Array.from({ length: count(shape, 1) }, (_, i) => Math.floor(draw.uniform(i) * Math.max(2, channels)));
	return {
		shape,
		yTrue: oneHot(classes, channels),
		yPred: Array.from({ length: count(shape) }, (_, i) => 1.5 * draw.normal(1000 + i)),
	};
}
