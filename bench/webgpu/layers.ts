/** Time of our convolution kernels alone, layer by layer, on the device that `restart` opened. */
import { tf } from '#lib/engine/tf.ts';
import { awaitGpu } from './steps.ts';

export interface LayerSpeed {
	/** Side of the image, input and output channels. */
	readonly layer: string;
	/** 10⁹ multiplications and additions a second, with the direct algorithm's count. */
	readonly forward: number;
	readonly inputGradient: number;
	readonly weightGradient: number;
}

const batch = 4;

/** 3×3 convolutions of the net B, from the widest image to the deepest level. */
const layers = [
	[256, 1, 16],
	[256, 16, 16],
	[256, 32, 16],
	[128, 32, 32],
	[64, 64, 64],
	[32, 128, 128],
	[16, 256, 256],
] as const;

/** Operations a second of `run`, in 10⁹: the time of many runs, from the first to the end of the last on the GPU. */
async function speed(operations: number, run: () => tf.Tensor, repeats: number): Promise<number> {
	const once = (): void => tf.dispose(run());
	once();
	await awaitGpu();
	const startedAt = performance.now();
	for (let count = 0; count < repeats; count++) once();
	await awaitGpu();
	return (operations * repeats) / (performance.now() - startedAt) / 1e6;
}

/** The kernels that are registered now. `scale` divides the sides of the images. */
export async function layerSpeeds({ scale, repeats }: { readonly scale: number; readonly repeats: number }): Promise<LayerSpeed[]> {
	const speeds: LayerSpeed[] = [];
	for (const [full, inputs, outputs] of layers) {
		const side = Math.max(4, full / scale);
		const [x, dy, filter] = tf.tidy(() => [
			tf.fill<tf.Rank.R4>([batch, side, side, inputs], 0.5),
			tf.fill<tf.Rank.R4>([batch, side, side, outputs], 0.5),
			tf.fill<tf.Rank.R4>([3, 3, inputs, outputs], 0.1),
		]);
		const operations = 2 * 9 * batch * side * side * inputs * outputs;
		const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
		const kernel = (name: string, given: Record<string, tf.Tensor>, further: tf.NamedAttrMap): tf.Tensor =>
			tf.engine().runKernel<tf.Tensor>(name, given, { ...attrs, ...further });
		const forward = await speed(operations, () => kernel('Conv2D', { x, filter }, {}), repeats);
		const inputGradient = await speed(operations, () => kernel('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape }), repeats);
		const weightGradient = await speed(operations, () => kernel('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }), repeats);
		tf.dispose([x, dy, filter]);
		speeds.push({ layer: `${side}², ${inputs} → ${outputs}`, forward, inputGradient, weightGradient });
	}
	return speeds;
}
