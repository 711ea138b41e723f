/** Starts the wasm backend with our kernels in Node. */
import '@tensorflow/tfjs-backend-wasm';
import { tf } from '../../tf.ts';
import { loadWasmKernels } from './load-node.ts';
import { registerWasmKernels } from './register.ts';

export async function startWasm(): Promise<void> {
	tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
	await tf.setBackend('wasm');
	registerWasmKernels(await loadWasmKernels());
}
