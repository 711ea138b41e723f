/**
 * Optimizers of our own: tfjs' Adam does not restore exactly (it recomputes β^t with `pow` after a running product), and
 * a paused run must end bit-identical. Here the whole state is the slots and the step; β^t is `β ** t` every time.
 */
import type { OptimizerSpec } from '#lib/core/experiment.ts';
import { fusedGlobalNorm, fusedUpdate, hasFusions } from './fused.ts';
import type { Scalar, Tensor, Variable } from './tensor-types.ts';
import { asScalar } from './tensors.ts';
import { tf } from './tf.ts';

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;
/** Decay of RMSProp's running mean square (Tieleman & Hinton, lecture 6.5, 2012). */
const rho = 0.9;

/** Slots that each optimizer keeps per parameter, in order. */
const slotNames: Record<OptimizerSpec['kind'], readonly string[]> = {
	sgd: ['momentum'],
	adam: ['mean', 'square'],
	adamw: ['mean', 'square'],
	rmsprop: ['square', 'momentum'],
};

/** The learning rate of step `step` (from 0) of `totalSteps`: linear warm-up, then constant or a half cosine to 0. */
export function learningRateAt(spec: OptimizerSpec, step: number, totalSteps: number): number {
	if (step < spec.warmUpSteps) return (spec.learningRate * (step + 1)) / spec.warmUpSteps;
	if (spec.schedule === 'constant') return spec.learningRate;
	const span = Math.max(1, totalSteps - spec.warmUpSteps);
	return spec.learningRate * 0.5 * (1 + Math.cos((Math.PI * (step - spec.warmUpSteps)) / span));
}

/** √Σ g² over all gradients. */
export function globalNorm(gradients: readonly Tensor[]): Scalar {
	if (hasFusions()) return fusedGlobalNorm(gradients);
	// Not `addN`: on WebGPU it binds every input at once, more than the device allows, and goes on with a wrong result.
	return tf.tidy(() => asScalar(tf.sqrt(tf.sum(tf.stack(gradients.map((gradient) => tf.sum(tf.square(gradient))))))));
}

/** Updates the variables of one run. Owns its slots; use with `using`. */
export class Optimizer implements Disposable {
	readonly #spec: OptimizerSpec;
	readonly #variables: readonly Variable[];
	readonly #slots: readonly (readonly Variable[])[];

	constructor(spec: OptimizerSpec, variables: readonly Variable[]) {
		this.#spec = spec;
		this.#variables = variables;
		this.#slots = slotNames[spec.kind].map(() => variables.map((variable) => tf.tidy(() => tf.variable(tf.zerosLike(variable), false))));
	}

	/** The slots by name (`<slot>/<variable index>`), to be stored and restored. */
	slots(): { readonly name: string; readonly variable: Variable }[] {
		return this.#slots.flatMap((list, slot) =>
			list.map((variable, index) => ({ name: `${slotNames[this.#spec.kind][slot]}/${index}`, variable })),
		);
	}

	/** One update. `step` counts from 0. `norm` is the global norm of the gradients, for clipping. Gradients stay the caller's. */
	update(gradients: readonly Tensor[], norm: Scalar, step: number, learningRate: number): void {
		if (hasFusions()) {
			const { kind, weightDecay, momentum, clipNorm } = this.#spec;
			const setting = { kind, learningRate, step: step + 1, weightDecay, momentum, clipNorm, beta1, beta2, rho, epsilon };
			fusedUpdate(this.#variables, this.#slots, gradients, norm, setting);
			return;
		}
		tf.tidy(() => {
			const clip = this.#spec.clipNorm;
			// min(1, clip / norm); the norm is kept from 0 so that a zero gradient stays zero.
			const factor = clip > 0 ? tf.minimum(1, tf.div(clip, tf.maximum(norm, 1e-12))) : null;
			this.#variables.forEach((variable, index) => {
				const gradient = gradients[index];
				if (!gradient) throw new TypeError('a variable has no gradient');
				this.#updateOne(variable, factor ? tf.mul(gradient, factor) : gradient, index, step, learningRate);
			});
		});
	}

	#updateOne(variable: Variable, raw: Tensor, index: number, step: number, learningRate: number): void {
		const { kind, weightDecay, momentum } = this.#spec;
		const gradient = weightDecay > 0 && kind !== 'adamw' ? tf.add(raw, tf.mul(variable, weightDecay)) : raw;
		const [first, second] = this.#slots.map((list) => list[index]);
		if (!first) throw new TypeError('a slot is missing');
		if (kind === 'sgd') {
			first.assign(tf.add(tf.mul(first, momentum), gradient));
			variable.assign(tf.sub(variable, tf.mul(first, learningRate)));
			return;
		}
		if (!second) throw new TypeError('a slot is missing');
		if (kind === 'rmsprop') {
			first.assign(tf.add(tf.mul(first, rho), tf.mul(tf.square(gradient), 1 - rho)));
			second.assign(tf.add(tf.mul(second, momentum), tf.div(tf.mul(gradient, learningRate), tf.add(tf.sqrt(first), epsilon))));
			variable.assign(tf.sub(variable, second));
			return;
		}
		first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
		second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
		const rate = learningRate / (1 - beta1 ** (step + 1));
		const root = tf.add(tf.div(tf.sqrt(second), Math.sqrt(1 - beta2 ** (step + 1))), epsilon);
		const decayed = kind === 'adamw' ? tf.mul(variable, 1 - learningRate * weightDecay) : variable;
		variable.assign(tf.sub(decayed, tf.div(tf.mul(first, rate), root)));
	}

	[Symbol.dispose](): void {
		for (const list of this.#slots) for (const variable of list) variable.dispose();
	}
}
