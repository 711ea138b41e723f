/** Distance maps of predictions, made with tensor ops on the device: nothing is read back. */
import type { Tensor, Tensor4D, Tf } from './contract.ts';

/** Squared distance where there is nothing to measure to; above any in an image, and exact in float32 beside them. */
const nowhere = 2 ** 26;

/** Numbers that one piece of work may hold at once. */
const largestPiece = 2 ** 22;

/** min over q of (p − q)² + line[q] for each line [lines, n]: an exact pass of the squared distance transform. */
function distancePass(tf: Tf, lines: Tensor): Tensor {
	const [count = 1, length = 1] = lines.shape;
	const place = tf.range(0, length, 1, 'float32');
	const squares = tf.square(tf.sub(tf.reshape(place, [length, 1]), tf.reshape(place, [1, length])));
	const rows = Math.max(1, Math.floor(largestPiece / (length * length)));
	const pieces = Array.from({ length: Math.ceil(count / rows) }, (_, piece) =>
		tf.tidy(() => {
			const size = Math.min(rows, count - piece * rows);
			const part = tf.reshape(tf.slice(lines, [piece * rows, 0], [size, length]), [size, 1, length]);
			return tf.min(tf.add(part, squares), 2);
		}),
	);
	return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : tf.concat(pieces, 0);
}

/** A pass along one axis of a map. */
function passAlong(tf: Tf, map: Tensor, axis: number): Tensor {
	const last = map.rank - 1;
	const turn = Array.from({ length: map.rank }, (_, i) => (i === axis ? last : i === last ? axis : i));
	const turned = tf.transpose(map, turn);
	const passed = distancePass(tf, tf.reshape(turned, [-1, map.shape[axis] ?? 1]));
	return tf.transpose(tf.reshape(passed, turned.shape), turn);
}

/** Squared distance of every pixel to the nearest pixel of a set [B, H, W, C] in {0, 1}: one pass for each axis of pixels. */
function squaredDistance(tf: Tf, inSet: Tensor): Tensor {
	let map: Tensor = tf.mul(tf.sub(1, inSet), nowhere);
	for (const axis of pixelAxes(inSet).reverse()) map = passAlong(tf, map, axis);
	return map;
}

/** The axes between batch and channels: two of an image, three of a volume. */
export function pixelAxes(map: Tensor): number[] {
	return Array.from({ length: map.rank - 2 }, (_, i) => i + 1);
}

/**
 * Distance of every pixel to the other side of its mask, in pixels: inside to the nearest pixel outside, outside to
 * the nearest inside; 0 everywhere for an empty or full mask.
 * @param mask [B, H, W, C] in {0, 1}; a volume has one axis more
 */
export function distanceToOtherSide(tf: Tf, mask: Tensor4D): Tensor4D {
	const others = tf.sub<Tensor4D>(1, mask);
	const axes = pixelAxes(mask);
	const bothSides = tf.mul(tf.step(tf.sum(mask, axes, true)), tf.step(tf.sum(others, axes, true)));
	const squared = tf.add(squaredDistance(tf, mask), squaredDistance(tf, others));
	return tf.mul(tf.sqrt(squared), bothSides);
}
