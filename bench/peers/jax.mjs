/** The reference nets without norm in jax-js on its wasm device, in this process: forward, Dice loss, backward, Adam, reading the loss. */
import { nets } from '../nets.mjs';

/** A variable, so that the package may be missing: `npm ci --prefix bench/peers` installs it. */
const name = '@jax-js/jax';

/**
 * Starts jax-js; null where it is not installed.
 * @returns {Promise<{ version: string, openNet(net: import('../nets.mjs').NetName): (steps: number) => Promise<{ msPerStep: number, loss: number }> } | null>}
 */
export async function openJax() {
	const jax = await import(name).catch(() => null);
	if (!jax) return null;
	await jax.init('wasm');
	jax.defaultDevice('wasm');
	return { version: 'jax-js 0.1.25', openNet: (net) => openNet(jax, nets[net]) };
}

/** Numbers in [0, 1), the same in each run. */
function uniform() {
	let state = 1;
	return () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
}

/** @param {any} jax @param {import('../nets.mjs').Net} shape */
function openNet(jax, { size, batch, base, depth }) {
	const { numpy: np, nn, lax, jit, valueAndGrad } = jax;
	const random = uniform();
	const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
	const kernels = shapes(base, depth).map(({ inputs, filters, side }) => {
		const deviation = Math.sqrt(2 / (inputs * side * side));
		const values = Float32Array.from({ length: filters * inputs * side * side }, () => gauss() * deviation);
		return np.array(values).reshape([filters, inputs, side, side]);
	});
	const biases = kernels.map((/** @type {any} */ kernel) => np.zeros([1, kernel.shape[0], 1, 1]));

	/** @param {any[]} weights kernels, then biases @param {any} x */
	const forward = (weights, x) => {
		let at = 0;
		const convolve = (/** @type {any} */ input) => lax.conv(input, weights[at], [1, 1], 'SAME').add(weights[kernels.length + at++]);
		const twice = (/** @type {any} */ input) => nn.relu(convolve(nn.relu(convolve(input))));
		const skips = [];
		for (let level = 0; level < depth; level++) {
			x = twice(x);
			skips.push(x.ref);
			const [b, c, h, w] = x.shape;
			x = np.max(np.max(x.reshape([b, c, h / 2, 2, w / 2, 2]), 5), 3);
		}
		x = twice(x);
		for (const skip of skips.reverse()) {
			const [b, c, h, w] = x.shape;
			x = np.broadcastTo(x.reshape([b, c, h, 1, w, 1]), [b, c, h, 2, w, 2]).reshape([b, c, 2 * h, 2 * w]);
			x = twice(np.concatenate([skip, x], 1));
		}
		return convolve(x);
	};
	const dice = (/** @type {any[]} */ weights, /** @type {any} */ x, /** @type {any} */ truth) => {
		const prediction = nn.sigmoid(forward(weights, x));
		const overlap = np.sum(prediction.ref.mul(truth.ref));
		return np.array(1).sub(overlap.add(1).div(np.sum(prediction).add(np.sum(truth)).mul(0.5).add(1)));
	};
	const step = jit(
		(
			/** @type {any[]} */ weights,
			/** @type {any[]} */ means,
			/** @type {any[]} */ squares,
			/** @type {any} */ x,
			/** @type {any} */ truth,
			/** @type {any} */ rate,
		) => {
			const [loss, slopes] = valueAndGrad(dice)(
				weights.map((weight) => weight.ref),
				x,
				truth,
			);
			const newMeans = means.map((mean, index) => mean.mul(0.9).add(slopes[index].ref.mul(0.1)));
			const newSquares = squares.map((square, index) => square.mul(0.999).add(slopes[index].ref.mul(slopes[index]).mul(0.001)));
			const newWeights = weights.map((weight, index) =>
				weight.sub(newMeans[index].ref.mul(rate.ref).div(np.sqrt(newSquares[index].ref).add(1e-8))),
			);
			return [loss, newWeights, newMeans, newSquares];
		},
	);

	let weights = [...kernels, ...biases];
	let means = weights.map((weight) => np.zeros(weight.shape));
	let squares = weights.map((weight) => np.zeros(weight.shape));
	const disc = (/** @type {number} */ index) =>
		Math.hypot((index % size) - size / 2, (Math.floor(index / size) % size) - size / 2) < size / 4 ? 1 : 0;
	const pixels = { length: batch * size ** 2 };
	const truth = np.array(Float32Array.from(pixels, (_, index) => disc(index))).reshape([batch, 1, size, size]);
	const image = np.array(Float32Array.from(pixels, (_, index) => 0.5 * disc(index) + 0.3 * random())).reshape([batch, 1, size, size]);
	let count = 0;
	return async (/** @type {number} */ steps) => {
		let loss = NaN;
		const start = performance.now();
		for (let done = 0; done < steps; done++) {
			count++;
			const rate = np.array((0.001 * Math.sqrt(1 - 0.999 ** count)) / (1 - 0.9 ** count));
			let value;
			[value, weights, means, squares] = step(weights, means, squares, image.ref, truth.ref, rate);
			[loss] = await value.data();
		}
		return { msPerStep: (performance.now() - start) / steps, loss };
	};
}

/** The convolutions of the U-Net, in the order of the forward pass. @param {number} base @param {number} depth */
function shapes(base, depth) {
	const layers = [];
	/** @param {number} inputs @param {number} filters */
	const twice = (inputs, filters) => layers.push({ inputs, filters, side: 3 }, { inputs: filters, filters, side: 3 });
	for (let level = 0; level <= depth; level++) twice(level === 0 ? 1 : base * 2 ** (level - 1), base * 2 ** level);
	for (let level = depth - 1; level >= 0; level--) twice(3 * base * 2 ** level, base * 2 ** level);
	layers.push({ inputs: base, filters: 1, side: 1 });
	return layers;
}
