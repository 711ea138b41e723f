/** Our kernel module inside the memory of a TensorFlow.js wasm backend. */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { AppError } from '#lib/core/errors.ts';
import type { tf } from '../../tf.ts';

/** Sizes of one convolution in the order in which every convolution export takes them. */
export type ConvolutionSizes = readonly [
	batch: number,
	height: number,
	width: number,
	inChannels: number,
	outHeight: number,
	outWidth: number,
	outChannels: number,
	kernelHeight: number,
	kernelWidth: number,
	strideHeight: number,
	strideWidth: number,
	top: number,
	left: number,
];

/** `groups` groups of channels in each sample are normalised, each over `pixels` pixels. */
export type NormSizes = readonly [samples: number, pixels: number, channels: number, groups: number];

/** What `assembly/index.ts` exports. All but counts and factors are addresses; 0 stands for an absent bias. */
interface KernelExports {
	convolution(x: number, filter: number, bias: number, out: number, ...rest: readonly [...ConvolutionSizes, activation: number]): void;
	convolutionInputGradient(dy: number, filter: number, dx: number, ...sizes: ConvolutionSizes): void;
	convolutionFilterGradient(x: number, dy: number, filterGradient: number, ...sizes: ConvolutionSizes): void;
	/** The sizes are those of a convolution without `outChannels`. */
	maxPoolGradient(dy: number, x: number, dx: number, ...sizes: readonly number[]): void;
	reluGradient(dy: number, y: number, dx: number, count: number): void;
	copyRows(source: number, sourceStride: number, target: number, targetStride: number, rowBytes: number, rows: number): void;
	upsample(x: number, y: number, rows: number, width: number, channels: number, rowFactor: number, columnFactor: number): void;
	upsampleGradient(dy: number, dx: number, rows: number, width: number, channels: number, rowFactor: number, columnFactor: number): void;
	sumRows(x: number, sums: number, rows: number, columns: number): void;
	/** The counts are samples, pixels of a sample, channels, groups. */
	normalize(
		x: number,
		scale: number,
		offset: number,
		y: number,
		mean: number,
		variance: number,
		...rest: readonly [...NormSizes, epsilon: number, relu: number]
	): void;
	normalizeGradient(
		dy: number,
		x: number,
		mean: number,
		variance: number,
		scale: number,
		offset: number,
		dx: number,
		dScale: number,
		dOffset: number,
		...rest: readonly [...NormSizes, epsilon: number, relu: number]
	): void;
	biasReluGradient(dy: number, y: number, dz: number, dBias: number, rows: number, columns: number): void;
	adam(
		weights: number,
		firstMoment: number,
		secondMoment: number,
		gradient: number,
		count: number,
		scale: number,
		l2: number,
		beta1: number,
		beta2: number,
		rate: number,
		root: number,
		epsilon: number,
		decay: number,
	): void;
	sgd(weights: number, velocity: number, gradient: number, count: number, scale: number, l2: number, momentum: number, rate: number): void;
	rmsProp(
		weights: number,
		meanSquare: number,
		velocity: number,
		gradient: number,
		count: number,
		scale: number,
		l2: number,
		rho: number,
		momentum: number,
		rate: number,
		epsilon: number,
	): void;
	sumOfSquares(values: number, count: number): number;
}

const exportNames = [
	'convolution',
	'convolutionInputGradient',
	'convolutionFilterGradient',
	'normalize',
	'normalizeGradient',
	'biasReluGradient',
	'maxPoolGradient',
	'reluGradient',
	'copyRows',
	'upsample',
	'upsampleGradient',
	'sumRows',
	'adam',
	'sgd',
	'rmsProp',
	'sumOfSquares',
] as const satisfies readonly (keyof KernelExports)[];

function hasKernelExports(exports: WebAssembly.Exports): exports is WebAssembly.Exports & KernelExports {
	return exportNames.every((name) => typeof exports[name] === 'function');
}

/** The plain and the SIMD build keep their memory at `asm.memory`; the threaded one has a shared memory, which our module cannot link. */
export function memoryOf(emscripten: object): WebAssembly.Memory {
	const asm = 'asm' in emscripten ? emscripten.asm : undefined;
	const memory = typeof asm === 'object' && asm !== null && 'memory' in asm ? asm.memory : undefined;
	if (!(memory instanceof WebAssembly.Memory) || !(memory.buffer instanceof ArrayBuffer)) {
		throw new Error('The wasm backend has no private memory: set WASM_HAS_MULTITHREAD_SUPPORT to false before it starts.');
	}
	return memory;
}

/** One instance of our module, bound to one backend. */
export class WasmKernels {
	readonly run: KernelExports;
	readonly #backend: BackendWasm;
	/** Not a tensor of the engine's: it is counted nowhere and lives as long as the backend. */
	#scratchBlock: tf.TensorInfo | undefined;
	#scratchBytes = 0;

	constructor(backend: BackendWasm, module: WebAssembly.Module) {
		this.#backend = backend;
		const scratch = (bytes: number) => this.#scratch(bytes >>> 0);
		const instance = new WebAssembly.Instance(module, { env: { memory: memoryOf(backend.wasm) }, host: { scratch } });
		if (!hasKernelExports(instance.exports)) throw new Error('The kernel module is not the one these sources belong to.');
		this.run = instance.exports;
	}

	/** Address of a tensor. Allocations may move the buffer under the memory, never an address within it. */
	address(info: tf.TensorInfo): number {
		return this.#backend.dataIdMap.get(info.dataId).memoryOffset;
	}

	/** An uninitialised tensor. */
	output(shape: readonly number[], dtype: tf.DataType = 'float32'): tf.TensorInfo {
		const info = this.#backend.makeOutput([...shape], dtype);
		if (this.address(info) === 0) {
			this.#backend.disposeData(info.dataId);
			throw new AppError('out-of-memory', { shape: shape.join('×') });
		}
		return info;
	}

	/** The same data as another tensor; freed when the last of its owners is. */
	share(info: tf.TensorInfo, shape: number[]): tf.TensorInfo {
		this.#backend.incRef(info.dataId);
		return { dataId: info.dataId, shape, dtype: info.dtype };
	}

	/** A tensor of rank 0. */
	scalar(value: number): tf.TensorInfo {
		return this.#backend.makeOutput([], 'float32', undefined, Float32Array.of(value));
	}

	/** The value of a tensor of rank 0. */
	read(info: tf.TensorInfo): number {
		const [value] = this.#backend.readSync(info.dataId);
		if (typeof value !== 'number') throw new Error('Expected a tensor of one number.');
		return value;
	}

	/** One block that grows to the largest need seen and stays, so that steps allocate nothing. */
	#scratch(bytes: number): number {
		if (bytes > this.#scratchBytes) {
			if (this.#scratchBlock) this.#backend.disposeData(this.#scratchBlock.dataId);
			this.#scratchBlock = undefined;
			this.#scratchBytes = 0;
			this.#scratchBlock = this.output([Math.ceil(bytes / 4) + 16]);
			this.#scratchBytes = bytes;
		}
		if (!this.#scratchBlock) return 0;
		// Emscripten aligns to 16 bytes at most; whole cache lines read faster.
		return (this.address(this.#scratchBlock) + 63) & -64;
	}
}

const instances = new WeakMap<BackendWasm, WasmKernels>();

/** The kernels of a backend, instantiated at first use. */
export function kernelsOf(backend: object, module: WebAssembly.Module): WasmKernels {
	if (!(backend instanceof BackendWasm)) throw new Error('The wasm kernels serve the wasm backend only.');
	const known = instances.get(backend);
	if (known) return known;
	const kernels = new WasmKernels(backend, module);
	instances.set(backend, kernels);
	return kernels;
}
