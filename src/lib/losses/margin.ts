/** What the hinge losses share. */
import type { LossInput, Tensor4D, Tf } from './contract.ts';

/** How much each logit lacks to a margin of 1 on its right side: max(0, 1 − (2g − 1)·z) [B, H, W, C]. */
export function marginShortfall(tf: Tf, { yTrue, logits }: LossInput): Tensor4D {
	const sign = tf.sub(tf.mul(yTrue, 2), 1);
	return tf.relu(tf.sub<Tensor4D>(1, tf.mul(sign, logits)));
}
