import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#lib/core/random.ts';
import { tf } from '../../tf.ts';
import { startWasm } from './testing-node.ts';
import { normals } from '../testing/values.ts';
import { expectSameAsCpu } from './testing.ts';

type Pair = [number, number];
interface Case {
	batch: number;
	size: Pair;
	channels: Pair;
	kernel: Pair;
	stride: Pair;
	pad: 'same' | 'valid' | number;
}

const channelCounts = [1, 2, 3, 5, 8, 16, 33];

/** Every pair of channel counts once, with the other settings drawn by a fixed seed. */
function drawCases(): Case[] {
	const stream = new RandomStream(1, 'sample');
	const kernels: Pair[] = [[1, 1], [3, 3], [2, 2], [5, 5], [3, 1], [2, 3]]; // prettier-ignore
	const strides: Pair[] = [[1, 1], [2, 2], [1, 1], [2, 1], [3, 3]]; // prettier-ignore
	const pads = ['same', 'valid', 'same'] as const;
	return channelCounts.flatMap((inChannels, row) =>
		channelCounts.map((outChannels, column) => {
			const at = (row * channelCounts.length + column) * 6;
			return {
				batch: 1 + stream.integer(at, 3),
				size: [5 + stream.integer(at + 1, 14), 5 + stream.integer(at + 2, 14)],
				channels: [inChannels, outChannels],
				kernel: kernels[(row + column * 5) % kernels.length]!,
				stride: strides[stream.integer(at + 3, strides.length)]!,
				pad: pads[stream.integer(at + 4, pads.length)]!,
			};
		}),
	);
}

const special: Case[] = [
	{ batch: 2, size: [1, 1], channels: [3, 2], kernel: [3, 3], stride: [1, 1], pad: 'same' },
	{ batch: 2, size: [2, 3], channels: [4, 9], kernel: [3, 3], stride: [1, 1], pad: 'same' },
	{ batch: 1, size: [7, 2], channels: [1, 12], kernel: [5, 5], stride: [1, 1], pad: 'same' },
	{ batch: 1, size: [6, 6], channels: [2, 4], kernel: [1, 1], stride: [2, 2], pad: 'valid' }, // some inputs reach no output
	{ batch: 1, size: [9, 11], channels: [4, 5], kernel: [2, 2], stride: [3, 3], pad: 'valid' },
	{ batch: 2, size: [8, 8], channels: [16, 8], kernel: [2, 2], stride: [2, 2], pad: 'same' }, // transposed up-sampling
	{ batch: 1, size: [9, 9], channels: [2, 3], kernel: [3, 3], stride: [1, 1], pad: 2 }, // the output is larger than the input
	{ batch: 1, size: [60, 300], channels: [6, 3], kernel: [3, 3], stride: [1, 1], pad: 'same' }, // several strips and chunks
	{ batch: 1, size: [4, 600], channels: [70, 1], kernel: [3, 3], stride: [1, 1], pad: 'same' }, // a strip of a single row
	// Winograd: odd sizes, single tiles, several chunks of rows and of columns, partial blocks, every padding
	{ batch: 2, size: [1, 1], channels: [8, 8], kernel: [3, 3], stride: [1, 1], pad: 'same' },
	{ batch: 3, size: [3, 5], channels: [12, 9], kernel: [3, 3], stride: [1, 1], pad: 'same' },
	{ batch: 2, size: [7, 4], channels: [8, 20], kernel: [3, 3], stride: [1, 1], pad: 'valid' },
	{ batch: 2, size: [8, 9], channels: [20, 12], kernel: [3, 3], stride: [1, 1], pad: 2 },
	{ batch: 1, size: [33, 35], channels: [8, 12], kernel: [3, 3], stride: [1, 1], pad: 'same' },
	{ batch: 1, size: [3, 530], channels: [8, 8], kernel: [3, 3], stride: [1, 1], pad: 'same' },
	{ batch: 1, size: [20, 22], channels: [72, 8], kernel: [3, 3], stride: [1, 1], pad: 'same' },
	{ batch: 2, size: [40, 40], channels: [64, 16], kernel: [1, 1], stride: [1, 1], pad: 'same' },
];

const name = ({ batch, size, channels, kernel, stride, pad }: Case) =>
	`${batch}×${size.join('×')}, ${channels.join('→')} channels, kernel ${kernel.join('×')}, stride ${stride.join(',')}, ${pad}`;

describe('the convolutions', () => {
	beforeAll(startWasm);

	it.each([...drawCases(), ...special].map((one) => [name(one), one] as const))(
		'equal the cpu backend, forward and both gradients: %s',
		async (_name, { batch, size, channels, kernel, stride, pad }) => {
			const xShape: [number, number, number, number] = [batch, ...size, channels[0]];
			const filterShape: [number, number, number, number] = [...kernel, ...channels];
			await expectSameAsCpu(() => {
				const x = tf.tensor4d(normals(xShape, 1), xShape);
				const filter = tf.tensor4d(normals(filterShape, 2), filterShape);
				const y = tf.conv2d(x, filter, stride, pad);
				const dy = tf.tensor4d(normals(y.shape, 3), y.shape);
				const [dx, dFilter] = tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad))([x, filter], dy);
				return [y, dx!, dFilter!];
			});
		},
	);

	it.each(['linear', 'relu', 'sigmoid', 'elu'] as const)('fuse a bias and the activation %s', async (activation) => {
		await expectSameAsCpu(() => {
			const x = tf.tensor4d(normals([2, 7, 9, 5], 1), [2, 7, 9, 5]);
			const filter = tf.tensor4d(normals([3, 3, 5, 11], 2), [3, 3, 5, 11]);
			const bias = tf.tensor1d(normals([11], 3));
			return tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation });
		});
	});

	it('leave dilated convolutions to the stock kernel', async () => {
		await expectSameAsCpu(() => {
			const x = tf.tensor4d(normals([1, 9, 9, 4], 1), [1, 9, 9, 4]);
			const filter = tf.tensor4d(normals([3, 3, 4, 8], 2), [3, 3, 4, 8]);
			return tf.conv2d(x, filter, 1, 'same', 'NHWC', 2);
		});
	});

	it('serve the transposed convolution and its gradients', async () => {
		await expectSameAsCpu(() => {
			const x = tf.tensor4d(normals([2, 5, 6, 12], 1), [2, 5, 6, 12]);
			const filter = tf.tensor4d(normals([2, 2, 7, 12], 2), [2, 2, 7, 12]);
			const up = (...[a, b]: tf.Tensor[]) => tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, [2, 10, 12, 7], 2, 'same');
			const y = up(x, filter);
			const dy = tf.tensor4d(normals(y.shape, 3), y.shape);
			return [y, ...tf.grads(up)([x, filter], dy)];
		});
	});

	it('keep NaN visible through the fused ReLU', async () => {
		await tf.setBackend('wasm');
		const values = tf.tidy(() => {
			const x = tf.tensor4d([NaN, -1, 2, 3], [1, 2, 2, 1]);
			return tf.fused.conv2d({ x, filter: tf.ones([1, 1, 1, 1]), strides: 1, pad: 'same', activation: 'relu' }).dataSync();
		});
		expect([...values]).toEqual([NaN, 0, 2, 3]);
	});

	it('give the same bits every time', async () => {
		await tf.setBackend('wasm');
		const run = () =>
			tf.tidy(() => {
				const x = tf.tensor4d(normals([2, 33, 31, 6], 1), [2, 33, 31, 6]);
				const filter = tf.tensor4d(normals([3, 3, 6, 10], 2), [3, 3, 6, 10]);
				const gradients = tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same'))([x, filter]);
				return gradients.map((gradient) => [...gradient.dataSync()]);
			});
		expect(run()).toEqual(run());
	});
});
