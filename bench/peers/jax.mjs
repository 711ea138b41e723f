/** U-Nets without norm in jax-js, in this process: forward, loss, backward, Adam, as one function that jax-js compiles. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convolutionsOf, discs, images, parametersOf } from '../nets.mjs';

/** A variable, so that the package may be missing: `npm ci --prefix bench/peers` installs it. */
const name = '@jax-js/jax';
const packageFile = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', name, 'package.json');

/**
 * @typedef {import('../webgpu/stepper.ts').Stepper<any>} Stepper
 * @typedef {import('../nets.mjs').GpuNet} Shape
 * @typedef {{ loss: 'dice' | 'cross-entropy', weights?: Float32Array }} Setting `weights` as `firstWeights` gives them; else He-normal ones are drawn
 */

/**
 * Starts jax-js; null where it is not installed. Throws where it has no such device.
 * @param {'wasm' | 'webgpu'} device
 * @returns {Promise<{ version: string, openNet(shape: Shape, setting: Setting): Stepper } | null>}
 */
export async function openJax(device) {
	const jax = await import(name).catch(() => null);
	if (!jax) return null;
	if (!(await jax.init(device)).includes(device)) throw new Error(`jax-js finds no ${device} here.`);
	jax.defaultDevice(device);
	const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
	return { version: `jax-js ${version}`, openNet: (shape, setting) => openNet(jax, shape, setting, device === 'webgpu') };
}

/** He-normal kernels, one after the other, the same in each run. @param {Shape} shape */
function drawnWeights(shape) {
	let state = 1;
	const uniform = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
	const gauss = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
	return Float32Array.from(
		convolutionsOf(shape).flatMap(({ inputs, filters, side }) => {
			const deviation = Math.sqrt(2 / (inputs * side * side));
			return Array.from({ length: filters * inputs * side * side }, () => gauss() * deviation);
		}),
	);
}

/** [batch, size, size, channels] → [batch, channels, size, size]. @param {any} np @param {Float32Array} values @param {Shape} shape */
function channelsFirst(np, values, { size, batch, channels }) {
	const pixels = size * size;
	const moved = Float32Array.from(values, (_, at) => {
		const [pixel, channel, image] = [at % pixels, Math.floor(at / pixels) % channels, Math.floor(at / (pixels * channels))];
		return values[(image * pixels + pixel) * channels + channel] ?? NaN;
	});
	return np.array(moved).reshape([batch, channels, size, size]);
}

/** Kernels, then biases. @param {any} np @param {Shape} shape @param {Float32Array} values */
function weightsOf(np, shape, values) {
	let at = 0;
	const layers = convolutionsOf(shape);
	const kernels = layers.map(({ inputs, filters, side, transposed }) => {
		const sides = transposed ? [inputs, filters, side, side] : [filters, inputs, side, side];
		const length = inputs * filters * side * side;
		return np.array(values.slice(at, (at += length))).reshape(sides);
	});
	if (at !== values.length) throw new Error(`The net has ${at} weights, not ${values.length}.`);
	return [...kernels, ...layers.map(({ filters }) => np.zeros([1, filters, 1, 1]))];
}

/** From image to logits. @param {any} jax @param {Shape} shape */
function forwardOf({ numpy: np, nn, lax }, shape) {
	const { depth, up } = shape;
	const layers = convolutionsOf(shape);
	return (/** @type {any[]} */ weights, /** @type {any} */ x) => {
		let at = 0;
		const next = () => [weights[at], weights[layers.length + at++]];
		const convolve = (/** @type {any} */ input) => {
			const [kernel, bias] = next();
			return lax.conv(input, kernel, [1, 1], 'SAME').add(bias);
		};
		// `lax.convTranspose` of 0.1.25 gives wrong numbers on WebGPU. Four 1×1 convolutions, one for each corner of the outcome, are the same.
		const transposed = (/** @type {any} */ input) => {
			const [kernel, bias] = next();
			const [b, c, h, w] = input.shape;
			const filters = kernel.shape[1];
			const corners = lax.conv(input, np.moveaxis(kernel, 0, 3).reshape([filters * 4, c, 1, 1]), [1, 1], 'VALID');
			const placed = np.transpose(corners.reshape([b, filters, 2, 2, h, w]), [0, 1, 4, 2, 5, 3]);
			return placed.reshape([b, filters, 2 * h, 2 * w]).add(bias);
		};
		const twice = (/** @type {any} */ input) => nn.relu(convolve(nn.relu(convolve(input))));
		const enlarge = (/** @type {any} */ input) => {
			if (up === 'transposed') return transposed(input);
			const [b, c, h, w] = input.shape;
			const nearest = np.broadcastTo(input.reshape([b, c, h, 1, w, 1]), [b, c, h, 2, w, 2]).reshape([b, c, 2 * h, 2 * w]);
			return up === 'nearest' ? nearest : nn.relu(convolve(nearest));
		};
		const skips = [];
		for (let level = 0; level < depth; level++) {
			x = twice(x);
			skips.push(x.ref);
			const [b, c, h, w] = x.shape;
			x = np.max(np.max(x.reshape([b, c, h / 2, 2, w / 2, 2]), 5), 3);
		}
		x = twice(x);
		for (const skip of skips.reverse()) x = twice(np.concatenate([skip, enlarge(x)], 1));
		return convolve(x);
	};
}

/** @param {any} jax */
function lossesOf({ numpy: np, nn }) {
	return {
		dice: (/** @type {any} */ logits, /** @type {any} */ truth) => {
			const prediction = nn.sigmoid(logits);
			const overlap = np.sum(prediction.ref.mul(truth.ref));
			return np.array(1).sub(overlap.add(1).div(np.sum(prediction).add(np.sum(truth)).mul(0.5).add(1)));
		},
		'cross-entropy': (/** @type {any} */ logits, /** @type {any} */ truth) => {
			if (logits.shape[1] > 1) return np.mean(np.sum(truth.mul(nn.logSoftmax(logits, 1)), 1)).mul(-1);
			return np.mean(nn.softplus(logits.ref).sub(logits.mul(truth)));
		},
	};
}

/** Adam as one function of all that changes, compiled. @param {any} jax @param {(weights: any[], x: any, truth: any) => any} lossOf */
function stepOf({ numpy: np, jit, valueAndGrad }, lossOf) {
	return jit(
		(
			/** @type {any[]} */ weights,
			/** @type {any[]} */ means,
			/** @type {any[]} */ squares,
			/** @type {any} */ x,
			/** @type {any} */ truth,
			/** @type {any} */ rate,
		) => {
			const [loss, slopes] = valueAndGrad(lossOf)(
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
}

/** @param {any} jax @param {Shape} shape @param {Setting} setting @param {boolean} onGpu @returns {Stepper} */
function openNet(jax, shape, { loss, weights: given }, onGpu) {
	const { numpy: np } = jax;
	const [forward, compare] = [forwardOf(jax, shape), lossesOf(jax)[loss]];
	const step = stepOf(jax, (weights, x, truth) => compare(forward(weights, x), truth));
	let weights = weightsOf(np, shape, given ?? drawnWeights(shape));
	let means = weights.map((weight) => np.zeros(weight.shape));
	let squares = weights.map((weight) => np.zeros(weight.shape));
	const truth = channelsFirst(np, discs(shape), shape);
	const image = channelsFirst(np, images(shape), shape);
	let count = 0;
	return {
		parameters: parametersOf(shape),
		take: () => {
			count++;
			const rate = np.array((0.001 * Math.sqrt(1 - 0.999 ** count)) / (1 - 0.9 ** count));
			let value;
			[value, weights, means, squares] = step(weights, means, squares, image.ref, truth.ref, rate);
			// jax-js would hand a step to the GPU only when something of it is read.
			if (onGpu) value.ref.gpuBufferSync();
			return value;
		},
		read: async (taken) => (await Promise.all(taken.map((value) => value.data()))).map(([number]) => number),
		close: () => {
			for (const array of [...weights, ...means, ...squares, truth, image]) array.dispose();
		},
	};
}
