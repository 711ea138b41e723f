/**
 * Whether our kernels are right on the device at hand: small cases against their definition in double precision. Drivers have compiled
 * gradients to all zeros before (tensorflow/tfjs issue 8590), and nothing else would tell.
 */
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { RandomStream } from '#lib/core/random.ts';
import { BatchSource } from '../../batches.ts';
import { fusedConvolution, fusedDropout, fusedNorm, fusedUpdate } from '../../fused.ts';
import { ResidentSamples } from '../../resident-samples.ts';
import { disposeBatch, toBatch, type Batch } from '../../targets.ts';
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

/** Four channels of `skip` [2, 6, 10, 4], then four of `below` [2, 3, 5, 4] enlarged, and back: the sums over what came from each place. */
function joinEnlarged(skip: Float32Array, below: Float32Array): Float32Array {
	return Float32Array.from({ length: 960 }, (_, at) => {
		const [pixel, channel] = [at >> 3, at & 7];
		return (channel < 4 ? skip[4 * pixel + channel] : below[4 * smallPixel(pixel) + channel - 4]) ?? NaN;
	});
}

/** Of the images of 6 × 10 pixels, the pixel of those of 3 × 5 that covers it. */
const smallPixel = (pixel: number): number => Math.floor(pixel / 20) * 5 + ((pixel % 10) >> 1);

function splitEnlarged(slopes: Float64Array): [Float64Array, Float64Array] {
	const [skip, below] = [new Float64Array(480), new Float64Array(120)];
	slopes.forEach((slope, at) => {
		const [pixel, channel] = [at >> 3, at & 7];
		if (channel < 4) skip[4 * pixel + channel] = slope;
		else below[4 * smallPixel(pixel) + channel - 4]! += slope;
	});
	return [skip, below];
}

/** A convolution of two parts with bias, forward and all gradients. No ReLU: near 0 either side of it is right. */
function convolves(): Promise<boolean> {
	const [skip, below, filter, dy, bias] = [normals(480, 1), normals(120, 5), normals(576, 2), normals(960, 3), normals(8, 4)];
	const sizes = { batch: 2, height: 6, width: 10, inChannels: 8, outChannels: 8, stride: 1, outHeight: 6, outWidth: 10, top: 1, left: 1 };
	const { y, dx, dFilter } = convolution({ ...sizes, kernelHeight: 3, kernelWidth: 3 }, joinEnlarged(skip, below), filter, dy);
	const dBias = bias.map((_, channel) => dy.reduce((sum, value, at) => (at % 8 === channel ? sum + value : sum), 0));
	return agrees(() => {
		const inputs = [
			tf.tensor4d(skip, [2, 6, 10, 4]),
			tf.tensor4d(below, [2, 3, 5, 4]),
			tf.tensor4d(filter, [3, 3, 8, 8]),
			tf.tensor1d(bias),
		];
		const joined = (...[a, b, c, d]: tf.Tensor[]): tf.Tensor => {
			if (!a || !b || !c || !d) throw new TypeError('an input is missing');
			const parts = [{ x: a, scale: 1 }, { x: b, scale: 2 }] as const; // prettier-ignore
			return fusedConvolution(parts, c, d, { relu: false, trainsInput: true });
		};
		return [joined(...inputs), ...tf.grads(joined)(inputs, tf.tensor4d(dy, [2, 6, 10, 8]))];
	}, [y.map((value, at) => value + (bias[at % 8] ?? NaN)), ...splitEnlarged(dx), dFilter, dBias]);
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

/** A sum in slices, the largest number, softmax. */
function reduces(): Promise<boolean> {
	const x = normals(20_000, 1);
	const sum = x.reduce((all, value) => all + value, 0);
	const logits = [1, 2, 3].map(Math.exp);
	const total = logits.reduce((all, value) => all + value, 0);
	return agrees(
		() => [tf.sum(tf.tensor1d(x)), tf.max(tf.tensor1d(x)), tf.softmax(tf.tensor1d([1, 2, 3]))],
		[[sum], [x.reduce((most, value) => Math.max(most, value))], logits.map((value) => value / total)],
	);
}

/** Dropout, by the mask of the host. */
function drops(): Promise<boolean> {
	const x = normals(100, 1);
	const random = new RandomStream(1, 'dropout');
	return agrees(() => [fusedDropout(tf.tensor1d(x), random, 0.5)], [x.map((value, at) => (random.uniform(at) < 0.5 ? 0 : 2 * value))]);
}

/** Batches of a sample of 8 × 8 pixels, laid, zoomed and changed, as the host makes them. */
async function makesBatches(): Promise<boolean> {
	const { prepare, augment, training } = defaultSpec;
	const spec: ExperimentSpec = {
		...defaultSpec,
		losses: [],
		prepare: { ...prepare, size: 8, sizing: 'stretch', channels: 'grey' },
		augment: { ...augment, scale: 0.3, brightness: 0.2, contrast: 0.2, noise: 0.05 },
		training: { ...training, batchSize: 4 },
	};
	const image = { width: 8, height: 8, channels: 1, data: normals(64, 1) };
	const samples = [{ image, classes: Uint8Array.from({ length: 64 }, (_, at) => (at % 5 === 0 ? 1 : 0)) }];
	const source = new BatchSource(samples, spec, 1);
	const listed = ({ x, yTrue, valid }: Batch): tf.Tensor[] => [x, yTrue, valid];
	const expected = toBatch(source.pairs(0), 1, []);
	const values = await Promise.all(listed(expected).map((tensor) => tensor.data()));
	disposeBatch(expected);
	return agrees(() => {
		using resident = ResidentSamples.open(samples, spec, 1, Infinity);
		return resident ? listed(resident.batch(source.draws(0))) : [];
	}, values);
}

/** Name of a group of kernels that computes wrongly on the backend in use; null when all are right. */
export async function findWrongKernel(): Promise<string | null> {
	if (!(await convolves())) return 'convolution';
	if (!(await normalises())) return 'normalisation';
	if (!(await updates())) return 'optimizer';
	if (!(await reduces())) return 'sum';
	if (!(await drops())) return 'dropout';
	return (await makesBatches()) ? null : 'batch';
}
