/**
 * Makes `bench/gpu/folder`, which holds all that the measurement needs and can be carried to a machine with a GPU, and runs it here.
 * `npm ci --prefix bench/gpu` and, for jax-js, `npm ci --prefix bench/peers` once, then `npm run bench:gpu [-- --software] [--parts S,A,B,C,layers]
 * [--steps 50]`. On the other machine, with Node and a Vulkan driver: `node bench/gpu/run.mjs` in that folder.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const folder = 'bench/gpu/folder';
const inside = `${folder}/bench/gpu`;
const webgpu = 'bench/gpu/node_modules/webgpu';
const jax = 'bench/peers/node_modules/@jax-js/jax';
const mostMegabytes = 60;

if (!existsSync(webgpu)) {
	console.log('The package `webgpu` is not installed: run `npm ci --prefix bench/gpu`.');
	process.exit(1);
}
await rm(folder, { recursive: true, force: true });
await build({
	configFile: false,
	logLevel: 'error',
	oxc: { target: 'es2022' },
	ssr: { noExternal: true },
	build: {
		ssr: 'bench/webgpu/main.ts',
		outDir: inside,
		copyPublicDir: false,
		rolldownOptions: { output: { entryFileNames: 'bench.mjs' } },
	},
});
for (const file of [
	...['run.mjs', 'measure.mjs', 'processes.mjs', 'takers.mjs', 'report.mjs', 'webgpu.mjs', 'pytorch_gpu.py', 'package.json'].map(
		(name) => `bench/gpu/${name}`,
	),
	...['index.js', 'package.json', 'LICENSE.md', 'dist/linux-x64'].map((name) => `${webgpu}/${name}`),
	...['bench/machine.mjs', 'bench/nets.mjs', 'bench/peers/jax.mjs', 'bench/peers/package.json', 'scripts/chromium.mjs'],
	...(existsSync(jax) ? [jax] : []),
]) {
	await cp(file, join(folder, file), { recursive: true });
}
let bytes = 0;
for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
	if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
}
console.log(
	`${folder} holds ${Math.round(bytes / 1e6)} MB. On a machine with a GPU, Node and a Vulkan driver: node bench/gpu/run.mjs in it.`,
);
if (bytes > mostMegabytes * 1e6) throw new Error(`The folder is larger than ${mostMegabytes} MB.`);

const given = process.argv.slice(2);
const out = given.includes('--software') ? `${inside}/gpu.json` : 'bench/results/gpu.json';
const { status } = spawnSync(process.execPath, [`${inside}/run.mjs`, '--out', out, ...given], { stdio: 'inherit' });
process.exit(status ?? 1);
