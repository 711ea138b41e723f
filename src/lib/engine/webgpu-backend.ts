/** Starting tfjs' webgpu backend on a device of our own, with our kernels over it. */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { AppError } from '#lib/core/errors.ts';
import { registerWebGpuKernels, unregisterWebGpuKernels } from './kernels/webgpu/register.ts';
import { recorderOf } from './kernels/webgpu/recorder.ts';
import { findWrongKernel } from './kernels/webgpu/self-test.ts';
import { tf } from './tf.ts';

/** What the adapter has more of than every device must: big images need the sizes, few dispatches need the buffers. */
const wantedLimits = [
	'maxBufferSize',
	'maxComputeInvocationsPerWorkgroup',
	'maxComputeWorkgroupSizeX',
	'maxComputeWorkgroupStorageSize',
	'maxComputeWorkgroupsPerDimension',
	'maxStorageBufferBindingSize',
	'maxStorageBuffersPerShaderStage',
] as const;

/** What tfjs looks for on its device. */
const wantedFeatures = ['timestamp-query', 'bgra8unorm-storage'] as const;

/** Opens a device with all that the adapter offers and makes it the one of the webgpu backend, with the stock kernels. */
export async function openWebGpuBackend(adapter: GPUAdapter): Promise<GPUDevice> {
	const device = await adapter.requestDevice({
		requiredFeatures: wantedFeatures.filter((feature) => adapter.features.has(feature)),
		requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]])),
	});
	if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
	tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
	if (!(await tf.setBackend('webgpu'))) throw new AppError('backend-unavailable', { backend: 'webgpu' });
	return device;
}

/** Puts our kernels in place if they compute rightly on this device. Returns what to say when they do not, else ''. */
export async function useOwnKernels(device: GPUDevice): Promise<string> {
	registerWebGpuKernels();
	// What the test breaks must not fail the training that follows with the stock kernels.
	device.pushErrorScope('validation');
	const wrong = await findWrongKernel().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
	const invalid = await device.popErrorScope();
	if (wrong === null && !invalid) return '';
	unregisterWebGpuKernels();
	return `without our own kernels, which failed a test here (${invalid?.message.slice(0, 120) ?? wrong})`;
}

/**
 * Compiles the programs of `rehearsal`, TensorFlow.js' own and ours, side by side instead of one at its first use after the other. Nothing of
 * what the rehearsal computes may be read. Needs our kernels: the stock ones change variables by putting results in their place.
 */
export async function compileAhead(rehearsal: () => void): Promise<void> {
	const backend = tf.backend();
	if (!(backend instanceof WebGPUBackend)) throw new TypeError('The backend is not webgpu.');
	tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
	const own = recorderOf(backend).compileOnly(rehearsal);
	// The rehearsal is over; what it asked for is being compiled.
	tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
	await Promise.all([own, keepWhenCompiled(backend)]);
}

/**
 * TensorFlow.js keeps a promise for each program that it compiles ahead, and refuses to run one until its own check has seen them all, which
 * one failure stops for ever. So they are taken out and put back when they are there; what is needed before is compiled at once.
 */
async function keepWhenCompiled(backend: WebGPUBackend): Promise<void> {
	const cache: unknown = Reflect.get(backend, 'pipelineCache');
	if (typeof cache !== 'object' || cache === null) throw new TypeError('the backend has no cache of pipelines');
	const pending = Object.entries(cache).filter(([, pipeline]) => pipeline instanceof Promise);
	for (const [key] of pending) Reflect.deleteProperty(cache, key);
	const keep = async ([key, pipeline]: readonly [string, unknown]): Promise<void> => {
		const compiled = await pipeline;
		if (!(key in cache)) Reflect.set(cache, key, compiled);
	};
	// What does not compile says why at its first use.
	await Promise.allSettled(pending.map(keep));
}
