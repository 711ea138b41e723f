/** Where the GPU's time in a step goes, by kernel of TensorFlow.js' registry. */
import { tf } from '#lib/engine/tf.ts';
import { openBackend } from './device.ts';
import { GpuClock } from './gpu-clock.ts';
import type { Stepper } from './stepper.ts';

export interface KernelTime {
	readonly kernel: string;
	readonly calls: number;
	readonly ms: number;
}

/** Lets `around` call every kernel of the backend until the returned function is called. */
function surroundKernels(around: (kernel: string, call: () => ReturnType<tf.KernelFunc>) => ReturnType<tf.KernelFunc>): () => void {
	const originals = tf.getKernelsForBackend('webgpu').map((config) => ({ config, kernelFunc: config.kernelFunc }));
	for (const { config, kernelFunc } of originals) {
		config.kernelFunc = (params) => around(config.kernelName, () => kernelFunc(params));
	}
	return () => {
		for (const { config, kernelFunc } of originals) config.kernelFunc = kernelFunc;
	};
}

/** One step with passes that end with each kernel, the longest kernels first; nothing without timestamps. */
export async function profileKernels(stepper: Stepper): Promise<KernelTime[]> {
	const clock = GpuClock.open();
	if (!clock) return [];
	const backend = openBackend();
	/** For each call the first pass that is not its own. */
	const calls: { readonly kernel: string; readonly end: number }[] = [];
	const restore = surroundKernels((kernel, call) => {
		backend.endComputePassEncoder();
		const result = call();
		backend.endComputePassEncoder();
		calls.push({ kernel, end: clock.passes });
		return result;
	});
	const taken: unknown[] = [];
	const passes = await clock.time(() => void taken.push(stepper.take())).finally(restore);
	await stepper.read(taken);
	const times = new Map<string, { calls: number; ms: number }>();
	let begin = 0;
	for (const { kernel, end } of calls) {
		const before = times.get(kernel) ?? { calls: 0, ms: 0 };
		const ms = passes.slice(begin, end).reduce((sum, pass) => sum + pass, 0);
		times.set(kernel, { calls: before.calls + 1, ms: before.ms + ms });
		begin = end;
	}
	return [...times].map(([kernel, time]) => ({ kernel, ...time })).sort((a, b) => b.ms - a.ms);
}
