/**
 * The reference nets of the README's table and the configurations that are timed. One loss (Dice, sums over the batch, smoothing 1) and
 * one optimizer (Adam, 0.001) serve those without a GPU; those on a GPU train with cross-entropy.
 *
 * @typedef {{ size: number, batch: number, base: number, depth: number }} Net `size` pixels a side; `base` filters of the first of `depth` + 1 levels
 * @typedef {'nearest' | 'transposed' | 'nearest-conv'} Up
 * @typedef {Net & { channels: number, up: Up }} GpuNet `channels` of the image, and as many classes; one is a single foreground
 * @typedef {'T' | 'S' | 'R'} NetName
 * @typedef {'S' | 'A' | 'B' | 'C'} GpuNetName
 * @typedef {{ name: string, net: NetName, norm: 'none' | 'batch' }} Config
 * @typedef {{ level: number, inputs: number, filters: number, side: number, transposed: boolean }} Convolution of `side`² weights for each
 *   input and filter; `level` is that of its outcome
 */

/** @type {Readonly<Record<NetName, Net>>} */
export const nets = {
	T: { size: 64, batch: 2, base: 8, depth: 2 },
	S: { size: 128, batch: 4, base: 16, depth: 3 },
	R: { size: 256, batch: 4, base: 16, depth: 3 },
};

/** @type {readonly Config[]} */
export const configs = [
	{ name: 'T', net: 'T', norm: 'none' },
	{ name: 'S', net: 'S', norm: 'none' },
	{ name: 'R', net: 'R', norm: 'none' },
	{ name: 'S, batch norm', net: 'S', norm: 'batch' },
];

/** Of A, B and C: 120,681, 2,158,417 and 8,630,563 parameters without norm. @type {Readonly<Record<GpuNetName, GpuNet>>} */
export const gpuNets = {
	S: { size: 128, batch: 4, channels: 1, base: 16, depth: 3, up: 'nearest' },
	A: { size: 256, batch: 4, channels: 1, base: 8, depth: 3, up: 'transposed' },
	B: { size: 256, batch: 4, channels: 1, base: 16, depth: 4, up: 'nearest-conv' },
	C: { size: 256, batch: 4, channels: 3, base: 32, depth: 4, up: 'nearest-conv' },
};

/**
 * The convolutions of a net, in the order of the forward pass.
 * @param {Pick<GpuNet, 'base' | 'depth' | 'channels' | 'up'>} net
 */
export function convolutionsOf({ base, depth, channels, up }) {
	/** @param {number} level */
	const filters = (level) => base * 2 ** level;
	/** @type {Convolution[]} */
	const all = [];
	/** @param {number} level @param {number} inputs */
	const twice = (level, inputs) => {
		for (const count of [inputs, filters(level)]) all.push({ level, inputs: count, filters: filters(level), side: 3, transposed: false });
	};
	for (let level = 0; level <= depth; level++) twice(level, level === 0 ? channels : filters(level - 1));
	for (let level = depth - 1; level >= 0; level--) {
		const transposed = up === 'transposed';
		const [here, below] = [filters(level), filters(level + 1)];
		if (up !== 'nearest') all.push({ level, inputs: below, filters: here, side: transposed ? 2 : 3, transposed });
		twice(level, here + (up === 'nearest' ? below : here));
	}
	all.push({ level: 0, inputs: base, filters: channels, side: 1, transposed: false });
	return all;
}

/** Weights and biases of a net without norm. @param {Pick<GpuNet, 'base' | 'depth' | 'channels' | 'up'>} net */
export function parametersOf(net) {
	return convolutionsOf(net).reduce((sum, { inputs, filters, side }) => sum + side ** 2 * inputs * filters + filters, 0);
}

/**
 * Multiplications and additions of one convolution, by the direct algorithm, forward only. Each of the two gradients takes as many again.
 * @param {Pick<Net, 'size' | 'batch'>} net @param {Convolution} convolution
 */
export function operationsOf({ size, batch }, { level, inputs, filters, side, transposed }) {
	// A transposed one of stride 2 meets each of its weights once for every four pixels of its outcome.
	return (2 * batch * (size / 2 ** level) ** 2 * side ** 2 * inputs * filters) / (transposed ? 4 : 1);
}

/** Of all convolutions of a net, forward only. @param {GpuNet} net */
export function forwardOperations(net) {
	return convolutionsOf(net).reduce((sum, convolution) => sum + operationsOf(net, convolution), 0);
}

/**
 * What a net learns in these benches: a disc in the middle of every image, class 1 inside and 0 outside.
 * @param {Pick<GpuNet, 'size' | 'batch' | 'channels'>} net
 * @returns {Float32Array} [batch, size, size, channels] one-hot, or {0, 1} for one channel
 */
export function discs({ size, batch, channels }) {
	/** @param {number} pixel */
	const inside = (pixel) => Math.hypot((pixel % size) - size / 2, (Math.floor(pixel / size) % size) - size / 2) < size / 4;
	return Float32Array.from({ length: batch * size * size * channels }, (_, at) => {
		const [pixel, channel] = [Math.floor(at / channels), at % channels];
		return channels === 1 ? Number(inside(pixel)) : Number(channel === Number(inside(pixel)));
	});
}

/** What it learns from: half of that, and noise, so that no two pixels are equal. @param {Pick<GpuNet, 'size' | 'batch' | 'channels'>} net */
export function images(net) {
	/** In [0, 1). @param {number} at */
	const noise = (at) => {
		const large = 43_758.5453 * Math.sin(at);
		return large - Math.floor(large);
	};
	return discs(net).map((inside, at) => 0.5 * inside + 0.3 * noise(at));
}
