/** Looking at the pixels around each pixel with ops that have gradients on every backend. */
import type { Tensor, Tensor4D, Tf } from './contract.ts';

/** The map [B, H, W, C] moved by whole pixels, zero where nothing moves in. Depthwise convolution has no gradient on wasm; this has. */
export function shifted(tf: Tf, map: Tensor4D, down: number, right: number): Tensor4D {
	const [batch, height, width, channels] = map.shape;
	const padded = tf.pad4d(map, [
		[0, 0],
		[Math.max(down, 0), Math.max(-down, 0)],
		[Math.max(right, 0), Math.max(-right, 0)],
		[0, 0],
	]);
	return tf.slice4d(padded, [0, Math.max(-down, 0), Math.max(-right, 0), 0], [batch, height, width, channels]);
}

/** Sum of the four neighbours of each pixel, zero outside the image. */
export function neighbourSum(tf: Tf, map: Tensor4D): Tensor {
	return tf.addN([shifted(tf, map, 1, 0), shifted(tf, map, -1, 0), shifted(tf, map, 0, 1), shifted(tf, map, 0, -1)]);
}

/** The largest value around each pixel in a window, clipped at the image border. */
export function windowMax(tf: Tf, map: Tensor4D, height: number, width: number): Tensor4D {
	return tf.maxPool(map, [height, width], 1, 'same');
}

/** The smallest value in the plus-shaped neighbourhood of each pixel. */
export function erosion(tf: Tf, map: Tensor4D): Tensor4D {
	const negative = tf.neg(map);
	return tf.neg(tf.maximum(windowMax(tf, negative, 3, 1), windowMax(tf, negative, 1, 3)));
}
