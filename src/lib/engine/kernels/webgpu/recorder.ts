/** Records dispatches of our own programs among those of a TensorFlow.js WebGPU backend, in the order in which they are asked for. */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { tf } from '../../tf.ts';
import { entry, flatGroup, lanes, spread } from './wgsl.ts';

/** Submitted at least this often, so that the GPU starts while the rest of a step is being recorded. */
const dispatchesPerSubmit = 32;
/** Bind groups that a program keeps; the backend hands out the same buffers in every step. */
const keptBindGroups = 64;

/** A compute shader whose entry point is `main` and whose buffers are the bindings 0, 1, … of group 0. */
interface Program {
	readonly pipeline: GPUComputePipeline;
	readonly bindGroups: Map<string, GPUBindGroup>;
}

/** Workgroups in x, y and z. */
export type Workgroups = readonly [number, number, number];

/** Bindings: whole numbers, the same as float32. Serves every size. */
const wholeToFloat = (): string => `
@group(0) @binding(0) var<storage, read> whole: array<i32>;
@group(0) @binding(1) var<storage, read_write> floats: array<f32>;
${entry()} {
	let at = ${flatGroup} * ${lanes} + i32(lane);
	if (at < i32(arrayLength(&floats))) { floats[at] = f32(whole[at]); }
}`;

export class GpuRecorder {
	readonly limits: GPUSupportedLimits;
	readonly #backend: WebGPUBackend;
	readonly #programs = new Map<string, Program>();
	readonly #ids = new WeakMap<GPUBuffer, number>();
	#uniform: GPUBuffer | undefined;
	#scratch: GPUBuffer | undefined;
	/** Programs that are being compiled; null while dispatches are recorded. */
	#compiling: Map<string, Promise<void>> | null = null;
	#nextId = 0;
	#sinceSubmit = 0;

	constructor(backend: WebGPUBackend) {
		this.#backend = backend;
		this.limits = backend.device.limits;
	}

	/** An uninitialised float32 tensor. */
	output(shape: readonly number[]): tf.TensorInfo {
		return this.#backend.makeTensorInfo([...shape], 'float32');
	}

	/** A tensor that only the kernel knows is not needed after what was recorded so far. */
	free(scratch: tf.TensorInfo): void {
		this.#backend.disposeData(scratch.dataId);
	}

	/**
	 * A buffer for `count` numbers that are of no use after the next call. The GPU takes dispatches that share a buffer in their order, so
	 * one that grows serves all.
	 */
	scratch(count: number): GPUBuffer {
		const known = this.#scratch;
		if (known && known.size >= 4 * count) return known;
		const size = Math.min(2 ** Math.ceil(Math.log2(4 * count)), this.limits.maxStorageBufferBindingSize);
		const grown = this.#backend.device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
		if (known) {
			this.submit();
			known.destroy();
		}
		this.#scratch = grown;
		return grown;
	}

	/** Says that a kernel writes into a tensor that exists: the copy that reading back has left on the host is then stale. */
	overwrite(info: tf.TensorInfo): void {
		this.#backend.uploadToGPU(info.dataId);
		Reflect.set(this.#backend.tensorMap.get(info.dataId), 'values', null);
	}

	/**
	 * The one buffer for up to 16 numbers that change from step to step. They count for all that is recorded and not yet submitted:
	 * `submit` before the next call.
	 */
	uniform(numbers: Float32Array<ArrayBuffer>): GPUBuffer {
		const { device } = this.#backend;
		this.#uniform ??= device.createBuffer({ size: 64, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
		device.queue.writeBuffer(this.#uniform, 0, numbers);
		return this.#uniform;
	}

	/**
	 * Records a dispatch. `key` names the program among all of ours: it must contain every number that `code` bakes in.
	 * @param code makes the WGSL when the program is needed for the first time
	 * @param bindings in the order of the program's bindings; a tensor is bound whole
	 */
	run(key: string, code: () => string, bindings: readonly (tf.TensorInfo | GPUBuffer)[], workgroups: Workgroups): void {
		const copies: tf.TensorInfo[] = [];
		// First, since it may record a dispatch of its own; and a result with no buffer would be taken for one on the host.
		const buffers = bindings.map((binding) => (binding instanceof GPUBuffer ? binding : this.#bufferOf(this.#inFloats(binding, copies))));
		if (!this.#compiling) this.#record(this.#program(key, code), buffers, workgroups);
		else if (!this.#programs.has(key) && !this.#compiling.has(key)) this.#compiling.set(key, this.#compile(key, code));
		// Not before: results and further copies would get their buffers.
		for (const copy of copies) this.free(copy);
	}

	#record(program: Program, buffers: readonly GPUBuffer[], workgroups: Workgroups): void {
		const pass = this.#pass();
		pass.setPipeline(program.pipeline);
		pass.setBindGroup(0, this.#bindGroup(program, buffers));
		pass.dispatchWorkgroups(...workgroups);
		if (++this.#sinceSubmit >= dispatchesPerSubmit) this.submit();
	}

	/**
	 * Compiles what `rehearsal` would record, all at once and without waiting for one to start the next. It dispatches nothing, so that its
	 * results must not be read. What does not compile is left for its first use, which tells why.
	 */
	async compileOnly(rehearsal: () => void): Promise<void> {
		const compiling = new Map<string, Promise<void>>();
		this.#compiling = compiling;
		try {
			rehearsal();
		} finally {
			this.#compiling = null;
		}
		await Promise.allSettled(compiling.values());
	}

	/** Hands what was recorded to the GPU. */
	submit(): void {
		this.#backend.ensureCommandEncoderReady();
		this.#backend.endComputePassEncoder();
		this.#backend.submitQueue();
		this.#sinceSubmit = 0;
	}

	#program(key: string, code: () => string): Program {
		const known = this.#programs.get(key);
		if (known) return known;
		return this.#keep(key, this.#backend.device.createComputePipeline(this.#descriptor(key, code)));
	}

	async #compile(key: string, code: () => string): Promise<void> {
		this.#keep(key, await this.#backend.device.createComputePipelineAsync(this.#descriptor(key, code)));
	}

	#descriptor(key: string, code: () => string): GPUComputePipelineDescriptor {
		const module = this.#backend.device.createShaderModule({ code: code(), label: key });
		return { label: key, layout: 'auto', compute: { module, entryPoint: 'main' } };
	}

	#keep(key: string, pipeline: GPUComputePipeline): Program {
		const program = { pipeline, bindGroups: new Map<string, GPUBindGroup>() };
		this.#programs.set(key, program);
		return program;
	}

	#bufferOf(info: tf.TensorInfo): GPUBuffer {
		this.#backend.uploadToGPU(info.dataId);
		const { resource } = this.#backend.tensorMap.get(info.dataId);
		if (resource instanceof GPUBuffer) return resource;
		throw new TypeError('a tensor has no buffer');
	}

	/** Whether the buffer holds whole numbers: TensorFlow.js' cast of them to float32 changes the type and leaves their bits. */
	holdsWhole(info: tf.TensorInfo): boolean {
		const kept: unknown = this.#backend.tensorMap.get(info.dataId).dtype;
		return kept !== 'float32';
	}

	/** The tensor with its values as its type says; a copy, which is then among the `copies`, where its buffer holds others. */
	#inFloats(info: tf.TensorInfo, copies: tf.TensorInfo[]): tf.TensorInfo {
		if (info.dtype !== 'float32' || !this.holdsWhole(info)) return info;
		const floats = this.output(info.shape);
		this.run(
			'whole to float',
			wholeToFloat,
			[{ ...info, dtype: 'int32' }, floats],
			spread(Math.ceil(tf.util.sizeFromShape(info.shape) / lanes)),
		);
		copies.push(floats);
		return floats;
	}

	#idOf(buffer: GPUBuffer): number {
		const known = this.#ids.get(buffer);
		if (known !== undefined) return known;
		this.#ids.set(buffer, this.#nextId);
		return this.#nextId++;
	}

	#bindGroup({ pipeline, bindGroups }: Program, buffers: readonly GPUBuffer[]): GPUBindGroup {
		const key = buffers.map((buffer) => this.#idOf(buffer)).join();
		const known = bindGroups.get(key);
		if (known) return known;
		if (bindGroups.size >= keptBindGroups) bindGroups.clear();
		const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
		const made = this.#backend.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
		bindGroups.set(key, made);
		return made;
	}

	/**
	 * The pass that the backend records into. It keeps encoder and pass in private fields; without them each dispatch of ours would need
	 * a submission before and after it. `training.test.ts`, where dispatches of both mix, holds that the fields are there and that order is kept.
	 */
	#pass(): GPUComputePassEncoder {
		const open: unknown = Reflect.get(this.#backend, 'computePassEncoder');
		if (open instanceof GPUComputePassEncoder) return open;
		this.#backend.ensureCommandEncoderReady();
		const encoder: unknown = Reflect.get(this.#backend, 'commandEncoder');
		if (!(encoder instanceof GPUCommandEncoder)) throw new TypeError('the backend has no command encoder');
		const pass = encoder.beginComputePass();
		Reflect.set(this.#backend, 'computePassEncoder', pass);
		return pass;
	}
}

const recorders = new WeakMap<WebGPUBackend, GpuRecorder>();

/** The recorder of a backend. */
export function recorderOf(backend: object): GpuRecorder {
	if (!(backend instanceof WebGPUBackend)) throw new TypeError('The WebGPU kernels serve the webgpu backend only.');
	const known = recorders.get(backend);
	if (known) return known;
	const recorder = new GpuRecorder(backend);
	recorders.set(backend, recorder);
	return recorder;
}
