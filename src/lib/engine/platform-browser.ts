/** The engine in a page's worker. */
import type { EnginePlatform } from './backend.ts';

export const browserPlatform: EnginePlatform = {
	async startWasm() {
		const [{ setWasmPaths }, { startWasmBackend }, { loadWasmKernels }, plain, simd] = await Promise.all([
			import('@tensorflow/tfjs-backend-wasm'),
			import('./wasm-backend.ts'),
			import('./kernels/wasm/load-browser.ts'),
			import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
			import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
		]);
		setWasmPaths({
			'tfjs-backend-wasm.wasm': plain.default,
			'tfjs-backend-wasm-simd.wasm': simd.default,
			// The list must be complete; the threaded build is switched off and never fetched.
			'tfjs-backend-wasm-threaded-simd.wasm': simd.default,
		});
		return startWasmBackend(loadWasmKernels);
	},
};
