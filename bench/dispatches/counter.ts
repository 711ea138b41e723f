/** Counts what a page asks of WebGPU, by wrapping the methods of its classes. */

export interface GpuCounts {
	readonly dispatches: number;
	readonly submits: number;
	readonly passes: number;
	readonly bindGroups: number;
	readonly buffers: number;
	readonly pipelines: number;
}

const methods = {
	dispatches: () => [GPUComputePassEncoder.prototype, 'dispatchWorkgroups'],
	submits: () => [GPUQueue.prototype, 'submit'],
	passes: () => [GPUCommandEncoder.prototype, 'beginComputePass'],
	bindGroups: () => [GPUDevice.prototype, 'createBindGroup'],
	buffers: () => [GPUDevice.prototype, 'createBuffer'],
	pipelines: () => [GPUDevice.prototype, 'createComputePipeline'],
} as const satisfies Record<keyof GpuCounts, () => readonly [object, string]>;

const counts: Record<keyof GpuCounts, number> = { dispatches: 0, submits: 0, passes: 0, bindGroups: 0, buffers: 0, pipelines: 0 };

function isMethod(value: unknown): value is (...args: unknown[]) => unknown {
	return typeof value === 'function';
}

/** Starts to count; call it once, after WebGPU is there. */
export function startCounting(): void {
	for (const key of ['dispatches', 'submits', 'passes', 'bindGroups', 'buffers', 'pipelines'] as const) {
		const [owner, name] = methods[key]();
		const original: unknown = Reflect.get(owner, name);
		if (!isMethod(original)) throw new Error(`WebGPU has no ${name} here.`);
		Object.defineProperty(owner, name, {
			configurable: true,
			value(this: unknown, ...args: unknown[]): unknown {
				counts[key]++;
				return original.apply(this, args);
			},
		});
	}
}

/** What was asked for since the last call. */
export function takeCounts(): GpuCounts {
	const taken = { ...counts };
	for (const key of ['dispatches', 'submits', 'passes', 'bindGroups', 'buffers', 'pipelines'] as const) counts[key] = 0;
	return taken;
}
