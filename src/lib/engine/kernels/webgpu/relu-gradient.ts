/** OverlapReluGrad: dx = dy where y > 0, else 0. */
import { tf } from '../../tf.ts';
import { input } from '../attributes.ts';
import { recorderOf } from './recorder.ts';
import { declare, entry, flatGroup, lanes, spread } from './wgsl.ts';

/** Bindings: dy, y, dx. Serves every size. */
const code = (): string => `${declare(['dy', 'y', 'dx'].map((name) => ({ name, quads: false, written: name === 'dx' })))}
${entry()} {
	let at = ${flatGroup} * ${lanes} + i32(lane);
	if (at < i32(arrayLength(&dx))) { dx[at] = select(0.0, dy[at], y[at] > 0.0); }
}`;

export function reluGrad(): tf.KernelFunc {
	return ({ inputs, backend }) => {
		const recorder = recorderOf(backend);
		const [dy, y] = [input(inputs, 'dy'), input(inputs, 'y')];
		const dx = recorder.output(dy.shape);
		if (tf.util.sizeFromShape(dy.shape) === 0) return dx;
		recorder.run('relu gradient', code, [dy, y, dx], spread(Math.ceil(tf.util.sizeFromShape(dy.shape) / lanes)));
		return dx;
	};
}
