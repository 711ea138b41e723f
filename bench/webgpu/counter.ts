/** Counts what a page asks of WebGPU, by wrapping the methods of its classes. */
import { wrap } from './wrap.ts';

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

let bytes = 0;

function sizeOf(value: unknown): number {
	return typeof value === 'object' && value !== null && 'size' in value && typeof value.size === 'number' ? value.size : 0;
}

/** Starts to count; call it once, after WebGPU is there. */
export function startCounting(): void {
	for (const key of ['dispatches', 'submits', 'passes', 'bindGroups', 'buffers', 'pipelines'] as const) {
		const [owner, name] = methods[key]();
		wrap(owner, name, () => void counts[key]++);
	}
	wrap(GPUDevice.prototype, 'createBuffer', (_device, [descriptor]) => void (bytes += sizeOf(descriptor)));
	wrap(GPUBuffer.prototype, 'destroy', (buffer) => void (bytes -= sizeOf(buffer)));
}

/** Bytes of all buffers that were made and not destroyed since `forgetBuffers`. */
export const bufferBytes = (): number => bytes;

/** Takes no account of the buffers that there are. */
export function forgetBuffers(): void {
	bytes = 0;
}

/** What was asked for since the last call. */
export function takeCounts(): GpuCounts {
	const taken = { ...counts };
	for (const key of ['dispatches', 'submits', 'passes', 'bindGroups', 'buffers', 'pipelines'] as const) counts[key] = 0;
	return taken;
}
