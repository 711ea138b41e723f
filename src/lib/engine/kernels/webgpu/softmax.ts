/** Softmax over few classes: an invocation takes a pixel. The stock kernel, a workgroup a pixel, takes the others. */
import { tf } from '../../tf.ts';
import { input } from '../attributes.ts';
import { recorderOf } from './recorder.ts';
import { declare, entry, flatGroup, isNan, lanes, spread } from './wgsl.ts';

const mostClasses = 64;

/** Bindings: logits, result [rows, classes]. One NaN makes all of its row NaN. */
const code = (rows: number, classes: number): string => `
${declare(['logits', 'result'].map((name) => ({ name, quads: false, written: name === 'result' })))}${isNan}
${entry()} {
	let row = ${flatGroup} * ${lanes} + i32(lane);
	if (row >= ${rows}) { return; }
	let first = row * ${classes};
	var largest = logits[first];
	for (var at = 1; at < ${classes}; at++) { largest = max(largest, logits[first + at]); }
	var sum = 0.0;
	for (var at = 0; at < ${classes}; at++) {
		let logit = logits[first + at];
		sum += select(exp(logit - largest), logit, isNan(logit));
	}
	for (var at = 0; at < ${classes}; at++) { result[first + at] = exp(logits[first + at] - largest) / sum; }
}`;

export function softmax(stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const logits = input(inputs, 'logits');
		const classes = logits.shape.at(-1) ?? 0;
		const isLast = attrs['dim'] === undefined || attrs['dim'] === -1 || attrs['dim'] === logits.shape.length - 1;
		const rows = tf.util.sizeFromShape(logits.shape) / classes;
		if (!isLast || logits.dtype !== 'float32' || classes > mostClasses || !(rows > 0)) return stock(call);
		const recorder = recorderOf(backend);
		const result = recorder.output(logits.shape);
		recorder.run(`softmax ${rows},${classes}`, () => code(rows, classes), [logits, result], spread(Math.ceil(rows / lanes)));
		return result;
	};
}
