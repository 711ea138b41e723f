// Time of one training step on the wasm backend, and the share of each kernel.
// node bench/kernels/step.mjs [--chromium] [--nets T,S,R] [--norm none|batch] [--steps 30] [--stock] [--profile]
import { parseArgs } from 'node:util';
import { openBench } from './host.mjs';

const { values: options } = parseArgs({
	options: {
		chromium: { type: 'boolean', default: false },
		nets: { type: 'string', default: 'T,S' },
		norm: { type: 'string', default: 'none' },
		steps: { type: 'string', default: '30' },
		stock: { type: 'boolean', default: false },
		profile: { type: 'boolean', default: false },
	},
});
const steps = Number(options.steps);

/** @type {(profile: import('./step.ts').StepProfile) => void} */
function printProfile({ stepMs, kernels }) {
	const other = stepMs - kernels.reduce((sum, kernel) => sum + kernel.ms, 0);
	for (const { name, calls, ms } of [...kernels.slice(0, 24), { name: '(outside kernels)', calls: 0, ms: other }]) {
		const share = ((100 * ms) / stepMs).toFixed(1);
		console.log(`  ${ms.toFixed(2).padStart(9)} ms ${share.padStart(5)} %  ${String(calls).padStart(5)} × ${name}`);
	}
}

const bench = await openBench(options);
console.log(bench.device);
for (const net of options.nets.split(',')) {
	if (net !== 'T' && net !== 'S' && net !== 'R') throw new Error(`There is no net ${net}.`);
	if (options.norm !== 'none' && options.norm !== 'batch') throw new Error(`There is no norm ${options.norm}.`);
	await bench.run('openNet', { net, norm: options.norm });
	await bench.run('timeSteps', { steps: Math.max(3, steps / 3) });
	const before = await bench.cpuMs();
	const { minMs, medianMs, loss } = await bench.run('timeSteps', { steps });
	// On a shared machine steps wait for a core; the processor time of the process does not count the wait.
	const cpuMs = ((await bench.cpuMs()) - before) / steps;
	const numbers = `fastest ${minMs.toFixed(1)} ms, median ${medianMs.toFixed(1)} ms, processor time ${cpuMs.toFixed(1)} ms a step`;
	console.log(`${net}: ${numbers}; loss ${loss.toFixed(6)}`);
	if (options.profile) printProfile(await bench.run('profileSteps', { steps: 5 }));
}
await bench.close();
