/** Reads the kernel module from the disk, for tests, benchmarks and the command line. */
import { readFile } from 'node:fs/promises';
import { detectBuild } from './detect.ts';

/** Needs `node scripts/build-kernels.mjs` to have run. */
export async function loadWasmKernels(): Promise<WebAssembly.Module> {
	return WebAssembly.compile(await readFile(new URL(`./generated/kernels-${detectBuild()}.wasm`, import.meta.url)));
}
