/** Keeps a run whose logits have run off from slowing down all others. */
import type { Tensor, Tensor4D } from './tensor-types.ts';
import { asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';

/** Slopes below this move no weight by any optimizer, but make further ones too small for a normal float32. */
const tiniest = 1e-20;

/**
 * The logits [B, H, W, C] themselves; slopes that flow back into them become 0 below 10⁻²⁰, NaN stays NaN.
 *
 * A saturated run has slopes of 10⁻²⁵ and less. Products of them fall below 1.2·10⁻³⁸, where processors compute in slow motion and
 * WebAssembly cannot tell them to round to 0: a step took up to five times as long (net S, Node, `npm run bench:losses`).
 * A GPU has no slow motion, so that on WebGPU the slopes stay.
 */
export function withoutTinySlopes(logits: Tensor4D): Tensor4D {
	if (tf.getBackend() === 'webgpu') return logits;
	const pass = tf.customGrad((...args: (Tensor | ((saved: Tensor[]) => void))[]) => {
		const [given] = args;
		if (!(given instanceof tf.Tensor)) throw new TypeError('no logits');
		return { value: tf.clone(given), gradFunc: (slopes: Tensor) => tf.mul(slopes, tf.step(tf.sub(tf.abs(slopes), tiniest))) };
	});
	return asTensor4D(pass(logits));
}
