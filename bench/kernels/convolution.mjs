// GFLOP/s of single convolutions, forward and both gradients; the operations are those of the direct algorithm, however they are done.
// node bench/kernels/convolution.mjs [--chromium] [--stock] [--calls 20]
import { parseArgs } from 'node:util';
import { openBench } from './host.mjs';

const { values: options } = parseArgs({
	options: {
		chromium: { type: 'boolean', default: false },
		stock: { type: 'boolean', default: false },
		calls: { type: 'string', default: '20' },
	},
});

/** [batch, height, width, in, out, kernel]: the layers of the nets T and S, first, narrow, wide and last.
 * @type {[number, number, number, number, number, number][]} */
const shapes = [
	[2, 64, 64, 1, 8, 3],
	[2, 64, 64, 8, 8, 3],
	[2, 32, 32, 16, 16, 3],
	[1, 128, 128, 1, 16, 3],
	[1, 128, 128, 16, 16, 3],
	[1, 128, 128, 48, 16, 3],
	[1, 64, 64, 32, 32, 3],
	[1, 64, 64, 96, 32, 3],
	[1, 32, 32, 64, 64, 3],
	[1, 32, 32, 192, 64, 3],
	[1, 16, 16, 128, 128, 3],
	[1, 128, 128, 16, 1, 1],
];

const bench = await openBench(options);
console.log(bench.device);
console.log('shape                          forward  dInput  dFilter');
for (const shape of shapes) {
	const { forward, inputGradient, filterGradient } = await bench.run('convolution', { shape, calls: Number(options.calls) });
	const [batch, height, width, inChannels, outChannels, kernel] = shape;
	const name = `${batch}×${height}×${width}, ${inChannels}→${outChannels}, ${kernel}×${kernel}`;
	const columns = [forward, inputGradient, filterGradient].map((speed) => speed.toFixed(1).padStart(8));
	console.log(name.padEnd(30) + columns.join(''));
}
await bench.close();
