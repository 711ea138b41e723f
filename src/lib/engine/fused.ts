/**
 * Kernels of our own that stock TensorFlow.js has no name for; used where the backend has them. Contracts: `kernels/wasm/register.ts` and
 * `kernels/webgpu/register.ts`.
 */
import type { RandomStream } from '#lib/core/random.ts';
import type { Scalar, Tensor, Variable } from './tensor-types.ts';
import { asScalar } from './tensors.ts';
import { tf } from './tf.ts';

export function hasKernel(name: string): boolean {
	return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** True when the backend in use has our kernels. */
export function hasFusions(): boolean {
	return hasKernel('OverlapNorm');
}

/** What a kernel gives, in a list. */
export function runKernel(name: string, inputs: Readonly<Record<string, Tensor>>, attrs: tf.NamedAttrMap): Tensor[] {
	const result: unknown = tf.engine().runKernel(name, { ...inputs }, { ...attrs });
	const list: readonly unknown[] = Array.isArray(result) ? result : [result];
	return list.map((entry) => {
		if (entry instanceof tf.Tensor) return entry;
		throw new TypeError(`${name} returned no tensor`);
	});
}

/** `tensor` with its presence checked. */
function present(tensor: Tensor | undefined): Tensor {
	if (tensor) return tensor;
	throw new TypeError('a kernel returned or saved too few tensors');
}

interface Differentiable {
	readonly value: Tensor;
	/** What the gradient needs of inputs and outputs, by position. */
	readonly saved: readonly Tensor[];
	/** The gradients of `inputs`, in their order. */
	readonly gradient: (dy: Tensor, saved: readonly Tensor[]) => Tensor[];
}

/** Runs `compute` as one operation of the gradient tape. */
function differentiable(inputs: readonly Tensor[], compute: () => Differentiable): Tensor {
	const operation = tf.customGrad((...args: (Tensor | ((saved: Tensor[]) => void))[]) => {
		const save = args.find((argument) => typeof argument === 'function');
		const { value, saved, gradient } = compute();
		save?.([...saved]);
		return { value, gradFunc: (dy: Tensor, kept: Tensor[]) => gradient(dy, kept) };
	});
	return operation(...inputs);
}

export interface NormSetting {
	/** Images that are normalised apart; 1 takes the whole batch together. */
	readonly samples: number;
	/** Groups of channels. */
	readonly groups: number;
	readonly epsilon: number;
	/** Whether a ReLU follows and is done on the way. */
	readonly relu: boolean;
}

/** Statistics [C] that follow those of the batches: new = keep · old + (1 − keep) · batch. */
export interface MovingStatistics {
	readonly mean: Variable;
	readonly variance: Variable;
	readonly keep: number;
}

function moveTowards(statistic: Variable, batch: Tensor, keep: number): void {
	tf.tidy(() => {
		statistic.assign(tf.sub(statistic, tf.mul(tf.sub(statistic, tf.reshape(batch, statistic.shape)), 1 - keep)));
	});
}

/** [y, mean, variance]; the moving statistics follow on the way. */
function normalize(inputs: Readonly<Record<string, Tensor>>, attrs: tf.NamedAttrMap, moving: MovingStatistics | undefined): Tensor[] {
	if (!moving) return runKernel('OverlapNorm', inputs, attrs);
	if (hasKernel('OverlapTrackedNorm')) {
		const tracked = { ...inputs, movingMean: moving.mean, movingVariance: moving.variance };
		return runKernel('OverlapTrackedNorm', tracked, { ...attrs, keep: moving.keep });
	}
	const outputs = runKernel('OverlapNorm', inputs, attrs);
	moveTowards(moving.mean, present(outputs[1]), moving.keep);
	moveTowards(moving.variance, present(outputs[2]), moving.keep);
	return outputs;
}

/**
 * Normalisation with the batch's own statistics, differentiable in all three inputs. x [..., C], scale [C], offset [C] → [..., C].
 * `moving` only for one sample of as many groups as channels.
 */
export function fusedNorm(
	x: Tensor,
	scale: Tensor,
	offset: Tensor,
	{ samples, groups, epsilon, relu }: NormSetting,
	moving?: MovingStatistics,
): Tensor {
	const attrs = { samples, groups, epsilon, activation: relu ? 'relu' : 'linear' };
	return differentiable([x, scale, offset], () => {
		const [y, mean, variance] = normalize({ x, scale, offset }, attrs, moving).map(present);
		return {
			value: present(y),
			saved: [x, scale, offset, present(mean), present(variance)],
			gradient: (dy, [input, gamma, beta, batchMean, batchVariance]) => {
				const inputs = { x: present(input), scale: present(gamma), offset: present(beta) };
				return runKernel('OverlapNormGrad', { ...inputs, dy, mean: present(batchMean), variance: present(batchVariance) }, attrs);
			},
		};
	});
}

export interface ConvolutionSetting {
	/** Whether a ReLU follows and is done on the way. */
	readonly relu: boolean;
	/** False for the net's first layer, whose input is data. */
	readonly trainsInput: boolean;
}

/** Images [B, H, W, C] whose channels are convolved; with `scale` 2 they are [B, H/2, W/2, C], and each pixel counts as 2 × 2. */
export interface ConvolvedPart {
	readonly x: Tensor;
	readonly scale: 1 | 2;
}

/** True when the backend convolves several parts, and enlarged ones, without making a copy of them first, and without a bias too. */
export function convolvesParts(): boolean {
	return hasKernel('OverlapConvolution');
}

interface ConvolutionTensors {
	readonly x: Tensor;
	readonly filter: Tensor;
	readonly dy: Tensor;
	/** The outcome, where a ReLU made it. */
	readonly y?: Tensor;
}

/**
 * conv2d of the channels of one part or two after each other, the first of two of whole quads of channels, + bias; stride 1, 'same';
 * differentiable in kernel, bias and, if asked, the parts. More than one part as it is, or no bias, needs `convolvesParts`.
 * parts [B, H, W, I₁], [B, H, W, I₂], kernel [h, w, I₁ + I₂, O], bias [O] → [B, H, W, O].
 */
export function fusedConvolution(
	parts: readonly ConvolvedPart[],
	kernel: Tensor,
	bias: Tensor | null,
	{ relu, trainsInput }: ConvolutionSetting,
): Tensor {
	const xs = parts.map(({ x }) => x);
	const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
	const joined = { ...attrs, scales: parts.map(({ scale }) => scale), trainsInput };
	const named = ([x, below]: readonly (Tensor | undefined)[]) => ({ x: present(x), ...(below ? { below } : {}) });
	return differentiable([...(trainsInput ? xs : []), kernel, ...(bias ? [bias] : [])], () => {
		const inputs = { ...named(xs), filter: kernel, ...(bias ? { bias } : {}) };
		const name = convolvesParts() ? 'OverlapConvolution' : 'FusedConv2D';
		const y = present(runKernel(name, inputs, { ...joined, activation: relu ? 'relu' : 'linear' })[0]);
		return {
			value: y,
			saved: [...xs, kernel, ...(relu ? [y] : [])],
			gradient: (dy, saved) => {
				const [filter, outcome] = saved.slice(xs.length);
				const given = { ...named(saved.slice(0, xs.length)), filter: present(filter), dy, ...(outcome ? { y: outcome } : {}) };
				if (!convolvesParts()) return composedGradient(given, trainsInput, attrs);
				const gradients = runKernel('OverlapConvolutionGrad', given, joined);
				return bias ? gradients : gradients.slice(0, -1);
			},
		};
	});
}

/** The gradient of `fusedConvolution` where it is no kernel of its own: through the ReLU and the bias, then both of the convolution. */
function composedGradient({ x, filter, dy, y }: ConvolutionTensors, trainsInput: boolean, attrs: tf.NamedAttrMap): Tensor[] {
	const [dz, dBias] = y ? runKernel('OverlapBiasReluGrad', { dy, y }, {}) : [dy, tf.sum(dy, [0, 1, 2])];
	const slopes = present(dz);
	const dFilter = runKernel('Conv2DBackpropFilter', { x, dy: slopes }, { ...attrs, filterShape: filter.shape });
	const dx = trainsInput ? runKernel('Conv2DBackpropInput', { dy: slopes, filter }, { ...attrs, inputShape: x.shape }) : [];
	if (y) slopes.dispose();
	return [...dx, ...dFilter, present(dBias)];
}

/** Dropout in one operation of the tape, where the backend has a kernel for it. The same units drop as by the mask in `layers.ts`. */
export function fusedDropout(x: Tensor, random: RandomStream, rate: number): Tensor {
	const drop = (values: Tensor): Tensor => {
		const stream = tf.tensor1d([random.prefix, random.lengthBytes], 'int32');
		return present(runKernel('OverlapDropout', { x: values, stream }, { rate })[0]);
	};
	return differentiable([x], () => ({ value: drop(x), saved: [], gradient: (dy) => [drop(dy)] }));
}

export interface UpdateSetting {
	readonly kind: 'sgd' | 'adam' | 'adamw' | 'rmsprop';
	readonly learningRate: number;
	/** From 1. */
	readonly step: number;
	readonly weightDecay: number;
	readonly momentum: number;
	readonly beta1: number;
	readonly beta2: number;
	readonly rho: number;
	readonly epsilon: number;
	/** Largest global norm of all gradients; 0 is off. */
	readonly clipNorm: number;
}

/** One step of the optimizer in place. `slots` holds one list or two, each with a slot a variable; `norm` is that of all gradients. */
export function fusedUpdate(
	variables: readonly Variable[],
	slots: readonly (readonly Variable[])[],
	gradients: readonly Tensor[],
	norm: Scalar,
	setting: UpdateSetting,
): void {
	const inputs: Record<string, Tensor> = { norm };
	const [firsts = [], seconds = []] = slots;
	variables.forEach((variable, index) => {
		inputs[`variable${index}`] = variable;
		inputs[`first${index}`] = present(firsts[index]);
		inputs[`gradient${index}`] = present(gradients[index]);
		const second = seconds[index];
		if (second) inputs[`second${index}`] = second;
	});
	runKernel('OverlapUpdate', inputs, { ...setting, count: variables.length });
}

/** √Σ g² over all gradients. */
export function fusedGlobalNorm(gradients: readonly Tensor[]): Scalar {
	const [norm] = runKernel('OverlapGlobalNorm', Object.fromEntries(gradients.map((gradient, index) => [String(index), gradient])), {});
	return asScalar(present(norm));
}
