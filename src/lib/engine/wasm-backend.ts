/** Starting tfjs' wasm backend with our kernels over it; what the browser and Node platforms share. */
import { AppError } from '#lib/core/errors.ts';
import { registerComposedFilterGradient } from './kernels/wasm/composed.ts';
import { registerWasmKernels } from './kernels/wasm/register.ts';
import { tf } from './tf.ts';

/** Starts the backend, single-threaded. Throws `backend-unavailable` without WebAssembly SIMD. Returns the instruction set in words. */
export async function startWasmBackend(loadKernels: () => Promise<WebAssembly.Module>): Promise<string> {
	// tfjs' threaded build hangs under our policy and has a shared memory that our kernels cannot import.
	tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
	if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new AppError('backend-unavailable', { backend: 'wasm', missing: 'SIMD' });
	let description = 'SIMD';
	try {
		registerWasmKernels(await loadKernels());
	} catch {
		// Slower by several times, but right: the one kernel that training lacks, composed of stock ones.
		registerComposedFilterGradient('wasm');
		description = 'SIMD, without our own kernels';
	}
	if (!(await tf.setBackend('wasm'))) throw new AppError('backend-unavailable', { backend: 'wasm' });
	return description;
}
