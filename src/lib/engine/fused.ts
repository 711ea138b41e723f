/** Kernels of our own that stock TensorFlow.js has no name for; used where the backend has them. Contracts: `kernels/wasm/register.ts`. */
import type { Scalar, Tensor, Variable } from './tensor-types.ts';
import { asScalar } from './tensors.ts';
import { tf } from './tf.ts';

/** True when the backend in use has the kernel. */
export function hasKernel(name: string): boolean {
	return tf.getKernel(name, tf.getBackend()) !== undefined;
}

function run(name: string, inputs: Readonly<Record<string, Tensor>>, attrs: Readonly<Record<string, number | boolean | string>>): Tensor[] {
	const result: unknown = tf.engine().runKernel(name, { ...inputs }, { ...attrs });
	const list: readonly unknown[] = Array.isArray(result) ? result : [result];
	return list.map((entry) => {
		if (entry instanceof tf.Tensor) return entry;
		throw new TypeError(`${name} returned no tensor`);
	});
}

function three(tensors: readonly Tensor[]): [Tensor, Tensor, Tensor] {
	const [first, second, third] = tensors;
	if (first && second && third) return [first, second, third];
	throw new TypeError('expected three tensors');
}

/**
 * Batch normalisation with the batch's own statistics, differentiable in all three inputs.
 * x [..., C], scale [C], offset [C] → [..., C]. `take` receives mean and biased variance [C]; it must not keep them.
 */
export function fusedBatchNorm(
	x: Tensor,
	scale: Tensor,
	offset: Tensor,
	epsilon: number,
	take: (mean: Tensor, variance: Tensor) => void,
): Tensor {
	const normalise = tf.customGrad((...args: (Tensor | ((saved: Tensor[]) => void))[]) => {
		const save = args.find((argument) => typeof argument === 'function');
		const [y, mean, variance] = three(run('OverlapBatchNorm', { x, scale, offset }, { epsilon }));
		take(mean, variance);
		save?.([x, scale, offset, mean, variance]);
		return {
			value: y,
			gradFunc: (dy: Tensor, saved: Tensor[]) => {
				const [input, gamma, beta, batchMean, batchVariance] = saved;
				if (!input || !gamma || !beta || !batchMean || !batchVariance) throw new TypeError('batch norm saved too little');
				const inputs = { dy, x: input, mean: batchMean, variance: batchVariance, scale: gamma, offset: beta };
				return three(run('OverlapBatchNormGrad', inputs, { epsilon }));
			},
		};
	});
	return normalise(x, scale, offset);
}

export interface AdamStep {
	readonly learningRate: number;
	readonly beta1: number;
	readonly beta2: number;
	readonly epsilon: number;
	/** From 1. */
	readonly step: number;
	readonly weightDecay: number;
	/** True for AdamW. */
	readonly decoupled: boolean;
	/** Largest global norm of all gradients; 0 is off. */
	readonly clipNorm: number;
}

/** One step of Adam or AdamW in place. `norm` is the global norm of all gradients, for clipping. */
export function fusedAdam(
	variable: Variable,
	firstMoment: Variable,
	secondMoment: Variable,
	gradient: Tensor,
	norm: Scalar,
	attrs: AdamStep,
): void {
	run('OverlapAdam', { variable, firstMoment, secondMoment, gradient, norm }, { ...attrs });
}

/** √Σ g² over all gradients. */
export function fusedGlobalNorm(gradients: readonly Tensor[]): Scalar {
	const [norm] = run('OverlapGlobalNorm', Object.fromEntries(gradients.map((gradient, index) => [String(index), gradient])), {});
	if (!norm) throw new TypeError('no norm');
	return asScalar(norm);
}
