/** What a net costs, before it is built: parameters, arithmetic and memory. Pure, so the page can say it while choosing. */
import type { NetSpec } from './experiment.ts';

export interface NetCost {
	/** Trained numbers, norms included. */
	readonly parameters: number;
	/** Floating point operations of one train step, 10⁹: forward, input and weight gradients of every convolution. */
	readonly stepGflop: number;
	/**
	 * Bytes of one run while it trains: weights, gradients, optimizer slots, the activations kept for the gradient, and as much again
	 * for the slopes on their way back. WebAssembly memory, which grows in leaps, reaches 0.9 to 1.25 times that.
	 */
	readonly memoryBytes: number;
	/** Of the largest tensor: the input or output of a convolution, or its kernel. */
	readonly largestTensorBytes: number;
}

interface Convolution {
	readonly side: number;
	readonly kernel: number;
	readonly from: number;
	readonly to: number;
	readonly norm: boolean;
	readonly bias: boolean;
}

function convolutionsOf(spec: NetSpec, size: number, inputs: number, outputs: number): Convolution[] {
	const list: Convolution[] = [];
	const filters = (level: number): number => spec.base * 2 ** level;
	const normed = spec.norm !== 'none';
	const pair = (side: number, from: number, to: number): void => {
		for (const channels of [from, to]) list.push({ side, kernel: 3, from: channels, to, norm: normed, bias: spec.norm !== 'batch' });
	};
	for (let level = 0; level <= spec.depth; level++) pair(size >> level, level === 0 ? inputs : filters(level - 1), filters(level));
	for (let level = spec.depth - 1; level >= 0; level--) {
		const [below, here, side] = [filters(level + 1), filters(level), size >> level];
		// A 2×2 transposed kernel of stride 2 touches each input four times: the same work as a 2×2 convolution at half the side.
		if (spec.up === 'transposed') list.push({ side: side >> 1, kernel: 2, from: below, to: here, norm: false, bias: true });
		if (spec.up === 'nearest-conv') list.push({ side, kernel: 3, from: below, to: here, norm: false, bias: true });
		pair(side, here + (spec.up === 'nearest' ? below : here), here);
	}
	list.push({ side: size, kernel: 1, from: spec.base, to: outputs, norm: false, bias: true });
	return list;
}

/** Cost of one run's step at batch size `batch` on `size`² images. `slots`: optimizer slots a parameter (Adam 2, momentum 1). */
export function netCost(spec: NetSpec, size: number, inputs: number, outputs: number, batch: number, slots = 2): NetCost {
	const convolutions = convolutionsOf(spec, size, inputs, outputs);
	let parameters = 0;
	let forward = 0;
	let activations = 0;
	let largest = 0;
	for (const { side, kernel, from, to, norm, bias } of convolutions) {
		parameters += kernel * kernel * from * to + (bias ? to : 0) + (norm ? 2 * to : 0);
		largest = Math.max(largest, batch * side * side * Math.max(from, to), kernel * kernel * from * to);
		forward += 2 * batch * side * side * kernel * kernel * from * to;
		// Kept for the gradient: the input, the output and, under a norm, the normalised output.
		activations += batch * side * side * (from + to * (norm ? 2 : 1));
	}
	const [head] = convolutions;
	const firstForward = head ? 2 * batch * size * size * 9 * head.from * head.to : 0;
	return {
		parameters,
		stepGflop: (3 * forward - firstForward) / 1e9,
		memoryBytes: 4 * (2 * activations + parameters * (2 + slots)),
		largestTensorBytes: 4 * largest,
	};
}
