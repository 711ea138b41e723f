/** The Lovász extension of the Jaccard loss: a convex surrogate of IoU that weighs pixels by the rank of their error. */
import { constant } from './constant.ts';
import type { Tensor, Tensor4D, Tf } from './contract.ts';

/** Places of a sort by falling error in the flattened [rows · pixels]. */
function fallingOrder(tf: Tf, errors: Tensor): Tensor {
	const [rows = 1, pixels = 1] = errors.shape;
	const { indices } = tf.topk(errors, pixels, true);
	const starts = tf.reshape(tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(pixels, 'int32')), [rows, 1]);
	return tf.reshape(tf.add(indices, starts), [-1]);
}

/** Below any product of unions of two pixels, to keep 0/0 away. */
const smallestProduct = 1e-20;

/**
 * What one more pixel adds to the Jaccard loss when pixels turn wrong in this order: with truth t and after it the
 * intersection I and the union U, (U·t + I·(1 − t)) / (U·(U − 1 + t)). That is 1/U for a true pixel and I/(U·(U − 1)) for
 * another. In a row without truth the first adds 1.
 * @param truth [rows, pixels] in [0, 1], in falling order of errors
 */
function jaccardSteps(tf: Tf, truth: Tensor): Tensor {
	const [rows = 1, pixels = 1] = truth.shape;
	const total = tf.sum(truth, 1, true);
	const others = tf.sub(1, truth);
	const intersection = tf.sub(total, tf.cumsum(truth, 1));
	const union = tf.add(total, tf.cumsum(others, 1));
	const added = tf.add(tf.mul(union, truth), tf.mul(intersection, others));
	const unions = tf.mul(union, tf.sub(union, others));
	const first = tf.concat([tf.ones([rows, 1]), tf.zeros([rows, pixels - 1])], 1);
	return tf.add(tf.div(added, tf.maximum(unions, smallestProduct)), tf.mul(first, tf.sub(1, tf.step(total))));
}

/**
 * The Lovász extension of each row: Σ e·w, with weights w from the ranks of the errors. The order is a constant for
 * the gradient, so the sort happens off the tape and its weights are scattered back to the pixels: neither the missing
 * gradient of top-k nor that of gather (not on wasm) is needed.
 * @param errors [rows, pixels]; those of ignored pixels are below all others
 * @param truth [rows, pixels] in [0, 1], 0 at ignored pixels
 * @param counted [rows, pixels] errors as they enter the sum: clipped at 0, 0 at ignored pixels
 * @returns [rows]
 */
export function lovaszExtension(tf: Tf, errors: Tensor, truth: Tensor, counted: Tensor): Tensor {
	const [rows = 1, pixels = 1] = errors.shape;
	const weights = constant(tf, errors, () => {
		const order = fallingOrder(tf, errors);
		const sorted = tf.reshape(tf.gather(tf.reshape(truth, [-1]), order), [rows, pixels]);
		const steps = tf.reshape(jaccardSteps(tf, sorted), [-1]);
		return tf.reshape(tf.scatterND(tf.reshape(order, [-1, 1]), steps, [rows * pixels]), [rows, pixels]);
	});
	return tf.sum(tf.mul(counted, weights), 1);
}

/** [B, H, W, C] → rows of pixels: one per image and class [B·C, H·W], or one per class [C, B·H·W]. */
export function rowsOf(tf: Tf, map: Tensor4D, perImage: boolean): Tensor {
	const [batch, height, width, channels] = map.shape;
	if (perImage) return tf.reshape(tf.transpose(map, [0, 3, 1, 2]), [batch * channels, height * width]);
	return tf.reshape(tf.transpose(map, [3, 0, 1, 2]), [channels, batch * height * width]);
}
