// Time of one training step on the wasm backend, and the share of each kernel.
// node bench/kernels/step.mjs [--chromium] [--nets T,S,R] [--norm none|batch] [--steps 30] [--profile]
import { parseArgs } from 'node:util';
import { openBench } from './host.mjs';

const { values: options } = parseArgs({
	options: {
		chromium: { type: 'boolean', default: false },
		nets: { type: 'string', default: 'T,S' },
		norm: { type: 'string', default: 'none' },
		steps: { type: 'string', default: '30' },
		profile: { type: 'boolean', default: false },
	},
});

/** @type {(net: string, result: import('./step.ts').StepResult) => void} */
function print(net, result) {
	console.log(`${net}: ${result.minMs.toFixed(1)} ms a step (median ${result.medianMs.toFixed(1)}), loss ${result.loss.toFixed(6)}`);
	if (!options.profile) return;
	const other = result.profiledMs - result.kernels.reduce((sum, kernel) => sum + kernel.ms, 0);
	for (const { name, calls, ms } of [...result.kernels.slice(0, 24), { name: '(outside kernels)', calls: 0, ms: other }]) {
		const share = ((100 * ms) / result.profiledMs).toFixed(1);
		console.log(`  ${ms.toFixed(2).padStart(9)} ms ${share.padStart(5)} %  ${String(calls).padStart(5)} × ${name}`);
	}
}

const bench = await openBench(options.chromium);
console.log(bench.device);
for (const net of options.nets.split(',')) {
	if (net !== 'T' && net !== 'S' && net !== 'R') throw new Error(`There is no net ${net}.`);
	if (options.norm !== 'none' && options.norm !== 'batch') throw new Error(`There is no norm ${options.norm}.`);
	print(net, await bench.run('step', { net, norm: options.norm, steps: Number(options.steps) }));
}
await bench.close();
