/** The engine in Node, for tests and headless use. */
import type { EnginePlatform } from './backend.ts';

export const nodePlatform: EnginePlatform = {
	async startWasm() {
		const [, { startWasmBackend }, { loadWasmKernels }] = await Promise.all([
			import('@tensorflow/tfjs-backend-wasm'),
			import('./wasm-backend.ts'),
			import('./kernels/wasm/load-node.ts'),
		]);
		return startWasmBackend(loadWasmKernels);
	},
};
