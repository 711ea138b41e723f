/**
 * Training steps on this machine's GPU: ours, TensorFlow.js' own, jax-js', and PyTorch's where it is. Part of the folder that
 * `npm run bench:gpu` makes. node run.mjs [--software] [--parts S,A,B,C,layers] [--add] [--steps 50] [--out results.json]
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hardware } from '../machine.mjs';
import { gpuNets } from '../nets.mjs';
import { measure } from './processes.mjs';
import { layerTable, markdown, profileLines, stepLine, verdicts } from './report.mjs';
import { names, netOf, protocolOf, takersOf } from './takers.mjs';
import { softwareEnvironment } from './webgpu.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
	options: {
		// The software adapter: tiny nets and few steps, to see that all of it works.
		software: { type: 'boolean', default: false },
		parts: { type: 'string', default: 'S,A,B,C,layers' },
		// Keeps the parts that the file has of an earlier run on the same machine.
		add: { type: 'boolean', default: false },
		steps: { type: 'string', default: '50' },
		out: { type: 'string', default: join(here, 'gpu.json') },
	},
});
const { software, out } = options;
const found = software ? softwareEnvironment() : {};
if (!found) {
	console.log('No software adapter: it comes with Chromium, and none was found here. $CHROMIUM may name one.');
	process.exit(1);
}
const env = found;
const protocol = protocolOf(software, Number(options.steps));

const device = measure({ what: 'device', software }, env);
if (device.failed || device.missing) {
	console.log(
		`No GPU: ${device.failed ?? device.missing}. Nothing was measured. With --software tiny nets run on Chromium’s software adapter.`,
	);
	process.exit(0);
}
const machine = `${hardware(device.name)}; Node ${process.version}`;
console.log(`${machine}; ${device.timestamps ? 'with' : 'without'} timestamps. Our kernels ${device.kernels || 'pass their test'}.`);
if (device.kernels) process.exit(1);

/** @type {import('./report.mjs').Result} */
const result = { machine, software, protocol, nets: {}, layers: null };
if (options.add && existsSync(out)) {
	const earlier = JSON.parse(readFileSync(out, 'utf8'));
	if (earlier.machine !== machine) throw new Error(`${out} is from another machine: ${earlier.machine}`);
	Object.assign(result, { nets: earlier.nets, layers: earlier.layers });
}
const scratch = mkdtempSync(join(tmpdir(), 'overlap-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** After each measurement, so that one that is stopped keeps what it has. */
function save() {
	mkdirSync(dirname(out), { recursive: true });
	writeFileSync(out, `${JSON.stringify(result, null, '\t')}\n`);
	if (!software) writeFileSync(out.replace(/\.json$/, '.md'), markdown(result));
}

/** @param {import('../nets.mjs').GpuNetName} net */
function measureNet(net) {
	/** @type {import('./report.mjs').Times} */
	const times = (result.nets[net] = {});
	for (const [who, take] of Object.entries(takersOf(net, { software, protocol, env, scratch }))) {
		times[who] = take();
		console.log(stepLine(net, who, times));
		save();
	}
	for (const who of [names.ours, names.stock]) for (const line of profileLines(net, who, times[who] ?? {})) console.log(line);
}

function measureLayers() {
	const request = { net: netOf('B', software), mostRuns: software ? 1 : 50, mostMs: 500 };
	/** @type {import('./report.mjs').Layers & { failed?: string }} */
	const layers = (result.layers = measure({ what: 'layers', request }, env));
	save();
	console.log(layers.failed ? `Layers: not measured: ${layers.failed}` : layerTable(layers).join('\n'));
}

const parts = options.parts.split(',');
for (const net of /** @type {import('../nets.mjs').GpuNetName[]} */ (Object.keys(gpuNets))) if (parts.includes(net)) measureNet(net);
if (parts.includes('layers')) measureLayers();
console.log(`Wrote ${out}.`);
for (const line of verdicts(result)) console.log(line);
