/** From class maps to the tensors that a loss compares against. */
import { ignoredClass } from '#lib/core/sample.ts';
import type { PreparedMask, PreparedPair } from '#lib/pixels/augment.ts';
import { TargetMaps } from './target-maps.ts';
import type { Tensor4D } from './tensor-types.ts';
import { tf } from './tf.ts';

export interface Batch {
	/** [B, H, W, inputs] */
	readonly x: Tensor4D;
	/** [B, H, W, outputs] one-hot, or {0, 1} for one output. 0 everywhere at ignored pixels. */
	readonly yTrue: Tensor4D;
	/** [B, H, W, 1] */
	readonly valid: Tensor4D;
	/** What the losses asked to have prepared from the masks, by name: [B, H, W, outputs]. */
	readonly targets: Readonly<Record<string, Tensor4D>>;
}

/** Class indices [n] → one-hot [n, outputs], or {0, 1} for one output. */
export function encodeClasses(classes: Uint8Array, outputs: number): Float32Array {
	const encoded = new Float32Array(classes.length * outputs);
	classes.forEach((value, i) => {
		if (value === ignoredClass) return;
		if (outputs === 1) encoded[i] = value;
		else encoded[i * outputs + value] = 1;
	});
	return encoded;
}

/** The prepared maps of a batch by name; the caller disposes them. All pairs have one size. `maps` keeps what is prepared. */
export function targetsOf(masks: readonly PreparedMask[], outputs: number, names: readonly string[], maps: TargetMaps): Batch['targets'] {
	const size = masks[0]?.size ?? 0;
	const length = size * size * outputs;
	const target = (name: string): Tensor4D => {
		const values = new Float32Array(masks.length * length);
		masks.forEach((mask, index) => maps.write(name, mask, outputs, values.subarray(index * length, (index + 1) * length)));
		return tf.tensor4d(values, [masks.length, size, size, outputs]);
	};
	return Object.fromEntries(names.map((name) => [name, target(name)]));
}

/** The tensors of a batch; the caller disposes them with `disposeBatch`. All pairs have one size. `maps` keeps what is prepared. */
export function toBatch(
	pairs: readonly PreparedPair[],
	outputs: number,
	targetNames: readonly string[],
	maps: TargetMaps = new TargetMaps(),
): Batch {
	const [head] = pairs;
	if (!head) throw new RangeError('an empty batch');
	const { size, channels } = head;
	const pixels = size * size;
	const x = new Float32Array(pairs.length * pixels * channels);
	const yTrue = new Float32Array(pairs.length * pixels * outputs);
	const valid = new Float32Array(pairs.length * pixels);
	pairs.forEach((pair, index) => {
		x.set(pair.image, index * pixels * channels);
		yTrue.set(encodeClasses(pair.classes, outputs), index * pixels * outputs);
		pair.classes.forEach((value, i) => (valid[index * pixels + i] = value === ignoredClass ? 0 : 1));
	});
	return {
		targets: targetsOf(pairs, outputs, targetNames, maps),
		x: tf.tensor4d(x, [pairs.length, size, size, channels]),
		yTrue: tf.tensor4d(yTrue, [pairs.length, size, size, outputs]),
		valid: tf.tensor4d(valid, [pairs.length, size, size, 1]),
	};
}

export function disposeBatch(batch: Batch): void {
	tf.dispose([batch.x, batch.yTrue, batch.valid, ...Object.values(batch.targets)]);
}
