/** Computes a golden case with losses of ours on the present backend. The host registers the backend and the gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { adapt } from './adapter.ts';
import { layOut, tensorsOf } from './layout.ts';
import { Unsupported } from './param-reader.ts';
import { total } from './recipe.ts';
import type { GoldenInput } from './types.ts';

export interface Evaluated {
	/** In the order of the case's `expected`. */
	readonly values: readonly number[];
	/** d(Σ values)/d(yPred), when it was asked for. */
	readonly gradient?: readonly number[];
}

/** @throws Unsupported when ours cannot express the case */
export async function evaluateGolden(golden: GoldenInput, wantsGradient: boolean): Promise<Evaluated> {
	const { recipe, exclusions } = adapt(golden.loss, golden.params);
	const plain = layOut(golden, recipe, exclusions);
	const refused = recipe.refuses?.(plain);
	if (refused !== undefined) throw new Unsupported(refused);
	const { outputs, gradient } = tf.tidy(() => {
		const kept: tf.Tensor[] = [];
		const forward = (x: tf.Tensor): tf.Scalar => {
			const scalars = recipe.outputs(tensorsOf(plain, recipe, x));
			kept.push(...scalars.map((scalar) => tf.keep(tf.clone(scalar))));
			return total(scalars);
		};
		const x = tf.tensor([...plain.yPred], [...plain.tensorShape], 'float32');
		if (wantsGradient) return { gradient: tf.grad(forward)(x), outputs: kept };
		forward(x);
		return { gradient: undefined, outputs: kept };
	});
	const values = (await Promise.all(outputs.map((output) => output.data()))).flatMap((data) => [...data]);
	const slopes = await gradient?.data();
	tf.dispose([outputs, gradient ?? []]);
	return { values, ...(slopes === undefined ? {} : { gradient: [...slopes] }) };
}
