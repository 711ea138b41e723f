/** What the nets learn here, as tensors. */
import type { Batch } from '#lib/engine/targets.ts';
import { tf } from '#lib/engine/tf.ts';
import { discs, images, type GpuNet } from '../nets.mjs';

/** A disc in every image; with several classes inside of it class 1, outside class 0. */
export function batchOf(net: GpuNet): Batch {
	const { size, batch, channels } = net;
	const shape: [number, number, number, number] = [batch, size, size, channels];
	return {
		x: tf.tensor4d(images(net), shape),
		yTrue: tf.tensor4d(discs(net), shape),
		valid: tf.tidy(() => tf.ones<tf.Rank.R4>([batch, size, size, 1])),
		targets: {},
	};
}
