/** The benches in Node. */
import '@tensorflow/tfjs-backend-wasm';
import { loadWasmKernels } from '#lib/engine/kernels/wasm/load-node.ts';
import { startWasmBackend } from '#lib/engine/wasm-backend.ts';
import { benches } from './bench.ts';

/** Starts the wasm backend, with our kernels or, as the app does when they cannot be loaded, with the stock ones and a composed gradient. */
export async function startNodeBench({ stock }: { readonly stock: boolean }) {
	const device = await startWasmBackend(stock ? () => Promise.reject(new Error('left out for comparison')) : loadWasmKernels);
	return { benches, device };
}
