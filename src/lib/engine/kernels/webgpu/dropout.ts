/** OverlapDropout: numbers that a counter drops become 0, the others count more. The mask is the one that `layers.ts` makes on the host. */
import { tf } from '../../tf.ts';
import { input, numberAttribute } from '../attributes.ts';
import { random } from './random.ts';
import { recorderOf } from './recorder.ts';
import { entry, flatGroup, lanes, spread } from './wgsl.ts';

/** Bindings: x, stream, result. Serves every size. */
const code = (rate: number): string => `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> stream: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;${random}
${entry()} {
	let at = ${flatGroup} * ${lanes} + i32(lane);
	if (at >= i32(arrayLength(&result))) { return; }
	let isDropped = bits(vec2<u32>(stream[0], stream[1]), u32(at)) < ${Math.ceil(rate * 2 ** 32)}u;
	result[at] = x[at] * select(${1 / (1 - rate)}, 0.0, isDropped);
}`;

export function dropout(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const recorder = recorderOf(backend);
		const [x, stream] = [input(inputs, 'x'), input(inputs, 'stream')];
		const rate = numberAttribute(attrs, 'rate');
		const result = recorder.output(x.shape);
		recorder.run(`dropout ${rate}`, () => code(rate), [x, stream, result], spread(Math.ceil(tf.util.sizeFromShape(x.shape) / lanes)));
		return result;
	};
}
