/** Fetches the kernel module in a page or worker. Vite turns the imports into addresses of emitted files. */
import { detectBuild } from './detect.ts';
import relaxedUrl from './generated/kernels-relaxed.wasm?url';
import simdUrl from './generated/kernels-simd.wasm?url';

export async function loadWasmKernels(): Promise<WebAssembly.Module> {
	const response = await fetch(detectBuild() === 'relaxed' ? relaxedUrl : simdUrl);
	if (!response.ok) throw new Error(`The kernel module could not be fetched: status ${response.status}.`);
	// From bytes, because not every static host serves .wasm with the type that compileStreaming insists on.
	return WebAssembly.compile(await response.arrayBuffer());
}
