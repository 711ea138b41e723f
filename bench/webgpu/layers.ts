/** Time of the convolutions of a net alone, layer by layer, by our kernels and by TensorFlow.js' own, on the open device. */
import { registerWebGpuKernels, unregisterWebGpuKernels } from '#lib/engine/kernels/webgpu/register.ts';
import { tf } from '#lib/engine/tf.ts';
import { convolutionsOf, operationsOf, type Convolution, type GpuNet } from '../nets.mjs';
import { median } from '../statistics.mjs';
import { awaitGpu, failOnErrors, submit } from './device.ts';
import { GpuClock } from './gpu-clock.ts';

export interface KernelSpeed {
	/** Of one run, in the median. */
	readonly ms: number;
	/** 10⁹ multiplications and additions a second, with the direct algorithm's count. */
	readonly gigaflops: number;
	readonly runs: number;
}

export interface LayerSpeed {
	/** Kernel, side of the image, input and output channels. */
	readonly layer: string;
	readonly kernel: 'forward' | 'input gradient' | 'weight gradient';
	readonly ours: KernelSpeed;
	readonly stock: KernelSpeed;
	/** With TensorFlow.js' other way of the input gradient. */
	readonly tuned: KernelSpeed | null;
}

export interface LayerSpeeds {
	readonly clock: 'timestamps' | 'wall clock';
	readonly rows: readonly LayerSpeed[];
}

export interface LayerRequest {
	readonly net: GpuNet;
	/** Runs of a kernel at most, and how long they may take together. */
	readonly mostRuns: number;
	readonly mostMs: number;
}

/** Even of the slowest kernel, after one that compiles and one that tells how many fit. */
const fewestRuns = 3;

type Run = () => tf.Tensor;

/**
 * Milliseconds of each of `count` runs. Each is handed over alone: its buffers then serve the next one too, which so has to wait for
 * it, as a kernel waits for the one before in a step.
 */
async function times(run: Run, count: number, clock: GpuClock | null): Promise<number[]> {
	const ends: number[] = [];
	const all = (): void => {
		for (let done = 0; done < count; done++) {
			tf.dispose(run());
			submit();
			ends.push(clock?.passes ?? 0);
		}
	};
	if (clock) {
		const passes = await clock.time(all);
		return ends.map((end, index) => passes.slice(ends[index - 1] ?? 0, end).reduce((sum, ms) => sum + ms, 0));
	}
	await awaitGpu();
	const startedAt = performance.now();
	all();
	await awaitGpu();
	return [(performance.now() - startedAt) / count];
}

async function speed(operations: number, run: Run, { mostRuns, mostMs }: LayerRequest, clock: GpuClock | null): Promise<KernelSpeed> {
	await times(run, 1, null);
	const [one = NaN] = await times(run, 1, null);
	const runs = Math.min(mostRuns, Math.max(fewestRuns, Math.floor(mostMs / one)));
	const ms = median(await times(run, runs, clock));
	return { ms, gigaflops: operations / ms / 1e6, runs };
}

/** Numbers in [−1, 1] that do not repeat. */
function numbers(shape: [number, number, number, number]): tf.Tensor4D {
	return tf.tidy(() => tf.reshape(tf.sin(tf.range(0, tf.util.sizeFromShape(shape))), shape));
}

/** The layers of a net that differ; a transposed convolution has no kernel of its own name. */
function distinct(net: GpuNet): Convolution[] {
	const plain = convolutionsOf(net).filter(({ transposed }) => !transposed);
	return [...new Map(plain.map((layer) => [JSON.stringify(layer), layer])).values()];
}

async function withOtherWay<Result>(work: () => Promise<Result>): Promise<Result> {
	const flag = 'WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE';
	tf.env().set(flag, false);
	const result = await work();
	tf.env().set(flag, true);
	return result;
}

async function layerSpeed(layer: Convolution, request: LayerRequest, clock: GpuClock | null): Promise<LayerSpeed[]> {
	const { level, inputs, filters, side } = layer;
	const { batch, size } = request.net;
	const pixels = size / 2 ** level;
	const x = numbers([batch, pixels, pixels, inputs]);
	const dy = numbers([batch, pixels, pixels, filters]);
	const filter = numbers([side, side, inputs, filters]);
	const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
	const kernel = (name: string, given: Record<string, tf.Tensor>, further: tf.NamedAttrMap) => (): tf.Tensor =>
		tf.engine().runKernel<tf.Tensor>(name, given, { ...attrs, ...further });
	const runs = {
		forward: kernel('Conv2D', { x, filter }, {}),
		// The first layer's input is data.
		...(inputs === request.net.channels
			? {}
			: { 'input gradient': kernel('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape }) }),
		'weight gradient': kernel('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }),
	};
	const operations = operationsOf(request.net, layer);
	const rows: LayerSpeed[] = [];
	for (const name of ['forward', 'input gradient', 'weight gradient'] as const) {
		const run = runs[name];
		if (!run) continue;
		registerWebGpuKernels();
		const ours = await speed(operations, run, request, clock);
		unregisterWebGpuKernels();
		const stock = await speed(operations, run, request, clock);
		const tuned = name === 'input gradient' ? await withOtherWay(() => speed(operations, run, request, clock)) : null;
		rows.push({ layer: `${side}×${side} at ${pixels}², ${inputs} → ${filters}`, kernel: name, ours, stock, tuned });
	}
	tf.dispose([x, dy, filter]);
	return rows;
}

export async function layerSpeeds(request: LayerRequest): Promise<LayerSpeeds> {
	const clock = GpuClock.open();
	const rows: LayerSpeed[] = [];
	for (const layer of distinct(request.net)) rows.push(...(await layerSpeed(layer, request, clock)));
	failOnErrors();
	return { clock: clock ? 'timestamps' : 'wall clock', rows };
}
