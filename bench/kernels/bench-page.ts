/** The benches inside a page: starts the wasm backend as the app's worker does. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { loadWasmKernels } from '#lib/engine/kernels/wasm/load-browser.ts';
import { startWasmBackend } from '#lib/engine/wasm-backend.ts';
import { benches } from './bench.ts';

// TensorFlow.js wants a path for every build, though it fetches one only.
setWasmPaths({
	'tfjs-backend-wasm.wasm': simdUrl,
	'tfjs-backend-wasm-simd.wasm': simdUrl,
	'tfjs-backend-wasm-threaded-simd.wasm': simdUrl,
});
const device = await startWasmBackend(loadWasmKernels);
Object.assign(globalThis, { benches, device });
