/** What people call the ways to compute. */
import type { BackendName } from '#lib/core/run.ts';

export const backendNames: Readonly<Record<BackendName, string>> = {
	webgpu: 'WebGPU',
	wasm: 'WebAssembly',
	webgl: 'WebGL',
	cpu: 'JavaScript',
};
