/** Choosing and starting a tfjs backend, and saying why. */
import { AppError } from '#lib/core/errors.ts';
import type { BackendName, BackendReport } from '#lib/core/run.ts';
import { tf } from './tf.ts';

/** What differs between a browser worker and Node: where WebAssembly files come from. */
export interface EnginePlatform {
	/** Registers the wasm backend and our kernels over it; returns the instruction set in words. Throws when SIMD is missing. */
	startWasm(): Promise<string>;
}

/** Fails the step after the device reported an error that nobody caught: tfjs itself would go on with wrong numbers. */
export class GpuWatch {
	#message: string | null = null;
	#lost = false;

	watch(device: GPUDevice): void {
		device.addEventListener('uncapturederror', (event) => {
			this.#message ??= event.error.message;
		});
		void device.lost.then((info) => {
			this.#lost = true;
			this.#message ??= info.message || info.reason;
		});
	}

	/** Throws `gpu-lost` or `gpu-error` when the device has failed since it was started. */
	check(): void {
		if (this.#message === null) return;
		throw new AppError(this.#lost ? 'gpu-lost' : 'gpu-error', { message: this.#message.slice(0, 300) });
	}
}

export interface StartedBackend {
	readonly report: BackendReport;
	readonly gpu: GpuWatch;
	/** Of one buffer that a kernel can use; null where there is no such limit. */
	readonly largestBufferBytes: number | null;
	/** Compiles ahead what a rehearsal computes, of which nothing may be read; null where nothing is compiled, or not ahead. */
	readonly compileAhead: ((rehearsal: () => void) => Promise<void>) | null;
}

interface WebGpuProbe {
	readonly adapter: GPUAdapter | null;
	readonly software: boolean;
	readonly reason: string;
}

async function probeWebGpu(): Promise<WebGpuProbe> {
	const gpu = globalThis.navigator?.gpu;
	if (!gpu) {
		const insecure = 'isSecureContext' in globalThis && !globalThis.isSecureContext;
		return { adapter: null, software: false, reason: insecure ? 'WebGPU needs https or localhost' : 'this browser has no WebGPU' };
	}
	const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
	if (!adapter) return { adapter: null, software: false, reason: 'WebGPU found no graphics adapter it may use' };
	const software = adapter.info.isFallbackAdapter || adapter.info.architecture === 'swiftshader';
	return { adapter, software, reason: software ? 'WebGPU only has a software adapter here, slower than WebAssembly' : '' };
}

interface StartedDevice extends Pick<StartedBackend, 'largestBufferBytes' | 'compileAhead'> {
	/** In words. */
	readonly device: string;
}

async function startWebGpu(adapter: GPUAdapter, gpu: GpuWatch): Promise<StartedDevice> {
	const { compileAhead, openWebGpuBackend, useOwnKernels } = await import('./webgpu-backend.ts');
	const device = await openWebGpuBackend(adapter);
	gpu.watch(device);
	const note = await useOwnKernels(device);
	const { vendor, architecture, description } = adapter.info;
	const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
	const { maxStorageBufferBindingSize: largestBufferBytes } = device.limits;
	return note ? { device: `${name}, ${note}`, largestBufferBytes, compileAhead: null } : { device: name, largestBufferBytes, compileAhead };
}

const unlimited = (device: string): StartedDevice => ({ device, largestBufferBytes: null, compileAhead: null });

async function startByName(name: BackendName, platform: EnginePlatform, gpu: GpuWatch): Promise<StartedDevice> {
	switch (name) {
		case 'webgpu': {
			const { adapter } = await probeWebGpu();
			if (!adapter) throw new AppError('backend-unavailable', { backend: 'webgpu' });
			return startWebGpu(adapter, gpu);
		}
		case 'wasm':
			return unlimited(await platform.startWasm());
		case 'webgl': {
			await import('@tensorflow/tfjs-backend-webgl');
			if (!(await tf.setBackend('webgl'))) throw new AppError('backend-unavailable', { backend: 'webgl' });
			return unlimited('WebGL 2');
		}
		case 'cpu': {
			const { mendResizeNearestGradient } = await import('./kernels/cpu/resize-nearest-gradient.ts');
			mendResizeNearestGradient();
			await tf.setBackend('cpu');
			return unlimited('plain JavaScript');
		}
		default:
			return name satisfies never;
	}
}

/**
 * Starts the chosen backend, or for `auto` the fastest that this machine can be trusted with: WebGPU on real hardware,
 * else WebAssembly, else WebGL, else plain JavaScript. Throws `backend-unavailable` when an override cannot start.
 */
export async function startBackend(choice: BackendName | 'auto', platform: EnginePlatform): Promise<StartedBackend> {
	const gpu = new GpuWatch();
	const started = async (name: BackendName, reason: string): Promise<StartedBackend> => {
		const { device, ...rest } = await startByName(name, platform, gpu);
		await tf.ready();
		return { report: { name, device, reason }, gpu, ...rest };
	};
	if (choice !== 'auto') return started(choice, 'chosen by hand');
	const probe = await probeWebGpu();
	const reasons: string[] = [];
	if (probe.adapter && !probe.software) {
		try {
			return await started('webgpu', 'a graphics adapter is available');
		} catch (error) {
			reasons.push(`WebGPU did not start (${error instanceof Error ? error.message : String(error)})`);
		}
	} else {
		reasons.push(probe.reason);
	}
	for (const name of ['wasm', 'webgl'] as const) {
		try {
			return await started(name, reasons.join('; '));
		} catch (error) {
			reasons.push(`${name} did not start (${error instanceof Error ? error.message : String(error)})`);
		}
	}
	return started('cpu', reasons.join('; '));
}
