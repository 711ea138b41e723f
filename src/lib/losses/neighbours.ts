/** Looking at the pixels around each pixel with ops that have gradients on every backend. */
import type { Tensor4D, Tf } from './contract.ts';
import type { Rank } from '@tensorflow/tfjs-core';

/**
 * The map [B, H, W, C] moved by whole pixels, with a constant where nothing moves in. A row and its channels are taken as
 * one run of numbers: wasm copies a slice run by run, and a run of one channel each takes fifty times as long.
 */
function shifted(tf: Tf, map: Tensor4D, down: number, right: number, outside: number): Tensor4D {
	const [batch, height, width, channels] = map.shape;
	const vertical: [number, number] = [Math.max(down, 0), Math.max(-down, 0)];
	const horizontal: [number, number] = [Math.max(right, 0) * channels, Math.max(-right, 0) * channels];
	const rows = tf.reshape<Rank.R3>(map, [batch, height, width * channels]);
	const padded = tf.pad3d(rows, [[0, 0], vertical, horizontal], outside);
	return tf.reshape(tf.slice3d(padded, [0, vertical[1], horizontal[1]], [batch, height, width * channels]), map.shape);
}

/** Four neighbours of a pixel, as a filter [3, 3, 1, 1]. */
const plus = [0, 1, 0, 1, 0, 1, 0, 1, 0];

/**
 * Sum of the four neighbours of each pixel, zero outside the image. Channels are laid out as images, because wasm has
 * the gradient of a plain convolution with respect to its input, and none of a depthwise one.
 */
export function neighbourSum(tf: Tf, map: Tensor4D): Tensor4D {
	const [batch, height, width, channels] = map.shape;
	const planes: Tensor4D = tf.reshape(tf.transpose(map, [0, 3, 1, 2]), [batch * channels, height, width, 1]);
	const sums = tf.conv2d(planes, tf.tensor4d(plus, [3, 3, 1, 1]), 1, 'same');
	return tf.transpose(tf.reshape(sums, [batch, channels, height, width]), [0, 2, 3, 1]);
}

/** Outside any range of probabilities, so that what lies beyond the image is never the largest or smallest. */
const beyond = 1e9;

/**
 * The smallest value in the plus-shaped neighbourhood of each pixel, clipped at the image border. Not by max pooling:
 * where values tie, each backend's pooling sends the gradient to another pixel; minimum treats ties alike everywhere.
 */
export function erosion(tf: Tf, map: Tensor4D): Tensor4D {
	const along = (least: Tensor4D, down: number, right: number): Tensor4D => tf.minimum(least, shifted(tf, map, down, right, beyond));
	return along(along(along(along(map, 1, 0), -1, 0), 0, 1), 0, -1);
}

/** The largest value in the 3 × 3 neighbourhood of each pixel, clipped at the image border. */
export function dilation(tf: Tf, map: Tensor4D): Tensor4D {
	const widest = (line: Tensor4D, down: number, right: number): Tensor4D =>
		tf.maximum(tf.maximum(line, shifted(tf, line, down, right, -beyond)), shifted(tf, line, -down, -right, -beyond));
	return widest(widest(map, 1, 0), 0, 1);
}
