/** Drawn convolutions for the tests that hold kernels to their definition. */
import fc from 'fast-check';
import { tf } from '../../tf.ts';
import type { Shape4 } from '../attributes.ts';
import type { Geometry } from '../float64.ts';

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** Convolutions of every kernel, stride and padding, over these channels and sides. */
export const drawConvolution = (channels: fc.Arbitrary<number>, side: fc.Arbitrary<number>) =>
	fc.record({
		batch: fc.integer({ min: 1, max: 3 }),
		height: side,
		width: side,
		inChannels: channels,
		outChannels: channels,
		kernel: fc.constantFrom([3, 3], [3, 3], [1, 1], [2, 2], [5, 5], [3, 1], [2, 3]),
		stride: fc.constantFrom(1, 1, 2),
		pad: fc.constantFrom('same' as const, 'same' as const, 'valid' as const),
	});

/** The sizes of a drawn convolution; of its output they may be 0. */
export function geometryOf(drawn: Drawn<ReturnType<typeof drawConvolution>>): Geometry {
	const { batch, height, width, inChannels, outChannels, kernel, stride, pad } = drawn;
	const [kernelHeight = 1, kernelWidth = 1] = kernel;
	const filter: Shape4 = [kernelHeight, kernelWidth, inChannels, outChannels];
	const info = tf.backend_util.computeConv2DInfo([batch, height, width, inChannels], filter, stride, 1, pad);
	const { outHeight, outWidth, padInfo } = info;
	return { ...drawn, kernelHeight, kernelWidth, outHeight, outWidth, top: padInfo.top, left: padInfo.left };
}

/** Of the images, the filter and the output. */
export const shapesOf = (size: Geometry): [Shape4, Shape4, Shape4] => [
	[size.batch, size.height, size.width, size.inChannels],
	[size.kernelHeight, size.kernelWidth, size.inChannels, size.outChannels],
	[size.batch, size.outHeight, size.outWidth, size.outChannels],
];
