/**
 * The reference nets of the README's table and the configurations that are timed. One loss (Dice, sums over the batch, smoothing 1) and
 * one optimizer (Adam, 0.001) serve all.
 *
 * @typedef {{ size: number, batch: number, base: number, depth: number }} Net `size` pixels a side; `base` filters of the first of `depth` + 1 levels
 * @typedef {'T' | 'S' | 'R'} NetName
 * @typedef {{ name: string, net: NetName, norm: 'none' | 'batch' }} Config
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

/**
 * Multiplications and additions of the net's convolutions, by the direct algorithm, forward only. Each of the two gradients takes as
 * many again, but for the first layer, whose input needs none.
 * @param {Net} net
 */
export function forwardOperations({ size, batch, base, depth }) {
	/** @param {number} level @param {number} inputs */
	const twice = (level, inputs) => {
		const filters = base * 2 ** level;
		return 2 * 9 * batch * (size / 2 ** level) ** 2 * filters * (inputs + filters);
	};
	let sum = 2 * batch * size ** 2 * base;
	for (let level = 0; level <= depth; level++) sum += twice(level, level === 0 ? 1 : base * 2 ** (level - 1));
	for (let level = 0; level < depth; level++) sum += twice(level, 3 * base * 2 ** level);
	return sum;
}
