/**
 * Whether our kernels are right on the device at hand: small cases against their definition in double precision. Drivers have compiled
 * gradients to all zeros before (tensorflow/tfjs issue 8590), and nothing else would tell.
 */
import { RandomStream } from '#lib/core/random.ts';
import { fusedConvolution, fusedNorm, fusedUpdate } from '../../fused.ts';
import { tf } from '../../tf.ts';
import { convolution, normalisation } from '../float64.ts';

/** Largest difference allowed, as a share of the largest value. */
const tolerance = 1e-4;
const epsilon = 1e-5;

type Shape4 = [number, number, number, number];

function normals(size: number, seed: number): Float32Array {
	const stream = new RandomStream(seed, 'sample');
	return Float32Array.from({ length: size }, (_, index) => stream.normal(index));
}

/** Evaluates, frees and compares. */
async function agrees(make: () => tf.Tensor[], expected: readonly ArrayLike<number>[]): Promise<boolean> {
	const tensors = tf.tidy(make);
	const values = await Promise.all(tensors.map((tensor) => tensor.data()));
	tf.dispose(tensors);
	return expected.every((wanted, index) => {
		const largest = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
		return Array.from(wanted).every((value, at) => Math.abs((values[index]?.[at] ?? NaN) - value) <= tolerance * largest);
	});
}

/** A convolution with bias, forward and all gradients. No ReLU: near 0 either side of it is right. */
function convolves(): Promise<boolean> {
	const [xShape, filterShape, yShape]: [Shape4, Shape4, Shape4] = [[2, 6, 9, 4], [3, 3, 4, 8], [2, 6, 9, 8]]; // prettier-ignore
	const [x, filter, dy, bias] = [normals(432, 1), normals(288, 2), normals(864, 3), normals(8, 4)];
	const sizes = { batch: 2, height: 6, width: 9, inChannels: 4, outChannels: 8, stride: 1, outHeight: 6, outWidth: 9, top: 1, left: 1 };
	const { y, dx, dFilter } = convolution({ ...sizes, kernelHeight: 3, kernelWidth: 3 }, x, filter, dy);
	const dBias = bias.map((_, channel) => dy.reduce((sum, value, at) => (at % 8 === channel ? sum + value : sum), 0));
	return agrees(() => {
		const inputs = [tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape), tf.tensor1d(bias)];
		const fused = (...[a, b, c]: tf.Tensor[]): tf.Tensor => {
			if (!a || !b || !c) throw new TypeError('an input is missing');
			return fusedConvolution(a, b, c, { relu: false, trainsInput: true });
		};
		return [fused(...inputs), ...tf.grads(fused)(inputs, tf.tensor4d(dy, yShape))];
	}, [y.map((value, at) => value + (bias[at % 8] ?? NaN)), dx, dFilter, dBias]);
}

/** Group normalisation, forward and all gradients. */
function normalises(): Promise<boolean> {
	const sizes = { samples: 2, pixels: 40, channels: 8, groups: 4 };
	const shape: Shape4 = [2, 8, 5, 8];
	const [x, dy, scale, offset] = [normals(640, 1), normals(640, 2), normals(8, 3), normals(8, 4)];
	const { y, dx, dScale, dOffset } = normalisation(sizes, epsilon, false, x, scale, offset, dy);
	return agrees(() => {
		const inputs = [tf.tensor4d(x, shape), tf.tensor1d(scale), tf.tensor1d(offset)];
		const fused = (...[a, b, c]: tf.Tensor[]): tf.Tensor => {
			if (!a || !b || !c) throw new TypeError('an input is missing');
			return fusedNorm(a, b, c, { samples: 2, groups: 4, epsilon, relu: false });
		};
		return [fused(...inputs), ...tf.grads(fused)(inputs, tf.tensor4d(dy, shape))];
	}, [y, dx, dScale, dOffset]);
}

/** The first step of Adam moves every weight by the learning rate against its slope. */
async function updates(): Promise<boolean> {
	const zeros = (): tf.Variable => tf.tidy(() => tf.variable(tf.zeros([3])));
	const [variable, first, second] = [zeros(), zeros(), zeros()];
	const setting = { kind: 'adam', learningRate: 0.5, step: 1, weightDecay: 0, momentum: 0, beta1: 0.9, beta2: 0.999, rho: 0.9 } as const;
	const right = await agrees(() => {
		const gradient = tf.tensor1d([2, -3, 0.5]);
		fusedUpdate([variable], [[first], [second]], [gradient], tf.scalar(1), { ...setting, epsilon: 1e-8, clipNorm: 0 });
		return [tf.mul(variable, 1)];
	}, [[-0.5, 0.5, -0.5]]);
	tf.dispose([variable, first, second]);
	return right;
}

/** Name of a group of kernels that computes wrongly on the backend in use; null when all are right. */
export async function findWrongKernel(): Promise<string | null> {
	if (!(await convolves())) return 'convolution';
	if (!(await normalises())) return 'normalisation';
	return (await updates()) ? null : 'optimizer';
}
