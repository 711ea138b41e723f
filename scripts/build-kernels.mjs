// Compiles the AssemblyScript kernels: one build for every engine with SIMD, one for engines with relaxed SIMD.
// Does nothing when the outputs carry the hash of the present sources.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const room = join(dirname(fileURLToPath(import.meta.url)), '../src/lib/engine/kernels/wasm');
const sources = join(room, 'assembly');
const generated = join(room, 'generated');
const stamp = join(generated, 'sources.sha256');

/** The memory is Emscripten's: nothing may be placed in it, so there is no runtime, no static data and no heap. */
const options = ['--importMemory', '--noExportMemory', '--initialMemory', '1', '--runtime', 'stub', '--noAssert', '--optimizeLevel', '3'];
const builds = {
	'kernels-simd.wasm': ['--enable', 'simd'],
	'kernels-relaxed.wasm': ['--enable', 'simd', '--enable', 'relaxed-simd'],
};

async function sourceHash() {
	const hash = createHash('sha256');
	hash.update(createRequire(import.meta.url)('assemblyscript/package.json').version);
	hash.update(await readFile(fileURLToPath(import.meta.url)));
	for (const name of (await readdir(sources)).sort()) hash.update(name).update(await readFile(join(sources, name)));
	return hash.digest('hex');
}

/** Refuses a module that would write into the shared memory when it is instantiated. */
async function check(file) {
	const module = await WebAssembly.compile(await readFile(file)).catch(() => undefined); // Node 20 cannot compile relaxed SIMD
	if (!module) return;
	const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
	const unexpected = imports.filter((name) => name !== 'env.memory' && name !== 'host.scratch');
	if (unexpected.length > 0) throw new Error(`${file} imports ${unexpected.join(', ')}`);
}

async function compile(name, features) {
	const outFile = join(generated, name);
	const textFile = join(generated, name.replace('.wasm', '.wat'));
	const { error, stderr } = await asc.main([join(sources, 'index.ts'), '-o', outFile, '-t', textFile, ...options, ...features]);
	// Warnings are errors: they are about widths of integers and lost precision.
	if (error || stderr.toString() !== '') throw new Error(`${name}: ${stderr.toString()}`, { cause: error });
	if (/^\s*\(data /mu.test(await readFile(textFile, 'utf8')))
		throw new Error(`${name} holds static data, which would overwrite TensorFlow.js' own`);
	await check(outFile);
}

const hash = await sourceHash();
const previous = await readFile(stamp, 'utf8').catch(() => '');
if (previous !== hash) {
	await mkdir(generated, { recursive: true });
	for (const [name, features] of Object.entries(builds)) await compile(name, features);
	await writeFile(stamp, hash);
}
