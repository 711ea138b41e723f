/** The one net of the product: a small U-Net in tf.layers. Source: Ronneberger, Fischer & Brox, MICCAI 2015. */
import type { NetSpec } from '#lib/core/experiment.ts';
import { RandomStream } from '#lib/core/random.ts';
import { batchNormalization, convolution2D, enlarged, joined, rectifier } from './fused-layers.ts';
import { CounterDropout, GroupNormalization } from './layers.ts';
import type { Layer, LayersModel, SymbolicTensor } from './tensor-types.ts';
import { asSymbolic } from './tensors.ts';
import { tf, tfl } from './tf.ts';

export interface UNet {
	/** [B, H, W, inputs] → [B, H, W, outputs] before the activation. H and W divisible by 2^depth. */
	readonly logits: LayersModel;
	/** The same layers with sigmoid (one output) or softmax behind them: what is exported and predicts. */
	readonly probabilities: LayersModel;
	readonly dropout: readonly CounterDropout[];
}

/** Whether a convolution can take a skip of so many channels and what comes from below as they are: kernels read four channels at a time. */
const canJoin = (filters: number): boolean => filters % 4 === 0;

class Builder {
	readonly dropout: CounterDropout[] = [];
	readonly #spec: NetSpec;
	#isFirst = true;

	constructor(spec: NetSpec) {
		this.#spec = spec;
	}

	apply(layer: Layer, ...inputs: SymbolicTensor[]): SymbolicTensor {
		const [only] = inputs;
		return asSymbolic(layer.apply(inputs.length === 1 && only ? only : inputs));
	}

	/** 3×3 convolution 'same' → norm → ReLU. [B, h, w, *] → [B, h, w, filters] */
	convolution(x: SymbolicTensor, filters: number, name: string): SymbolicTensor {
		const { norm } = this.#spec;
		const config = { name, filters, kernelSize: 3, useBias: norm !== 'batch' };
		const conv = convolution2D(config, { relu: norm === 'none', trainsInput: !this.#isFirst });
		this.#isFirst = false;
		let y = this.apply(conv, x);
		if (norm === 'batch') y = this.apply(batchNormalization(`${name}_norm`), y);
		if (norm === 'group') y = this.apply(new GroupNormalization({ name: `${name}_norm`, groups: Math.min(8, filters) }), y);
		if (norm === 'instance') y = this.apply(new GroupNormalization({ name: `${name}_norm`, groups: filters }), y);
		return this.apply(rectifier(`${name}_relu`), y);
	}

	level(x: SymbolicTensor, filters: number, name: string): SymbolicTensor {
		return this.convolution(this.convolution(x, filters, `${name}_conv0`), filters, `${name}_conv1`);
	}

	/** [B, h, w, *] → [B, 2h, 2w, * or filters] */
	up(x: SymbolicTensor, filters: number, name: string): SymbolicTensor {
		if (this.#spec.up === 'transposed') {
			const layer = tfl.layers.conv2dTranspose({ name, filters, kernelSize: 2, strides: 2, padding: 'same', kernelInitializer: 'zeros' });
			return this.apply(layer, x);
		}
		const isJoined = this.#spec.up === 'nearest';
		const resized = this.apply(enlarged(name, !isJoined || canJoin(filters)), x);
		if (isJoined) return resized;
		const config = { name: `${name}_conv`, filters, kernelSize: 3, activation: 'relu' } as const;
		const conv = convolution2D(config, { relu: true, trainsInput: true });
		return this.apply(conv, resized);
	}

	drop(x: SymbolicTensor): SymbolicTensor {
		const { dropout: rate } = this.#spec;
		if (rate === 0) return x;
		const layer = new CounterDropout({ rate, name: 'dropout' });
		this.dropout.push(layer);
		return this.apply(layer, x);
	}
}

/**
 * Builds the net with zero kernels; `initialise` or a checkpoint fills them.
 * Level l = 0…depth has base · 2^l filters; max-pool 2×2 down; [skip, up] concatenated; 1×1 head.
 */
export function buildUNet(spec: NetSpec, inputs: number, outputs: number): UNet {
	const builder = new Builder(spec);
	const filters = (level: number): number => spec.base * 2 ** level;
	const input = tfl.input({ shape: [null, null, inputs], name: 'image' });
	const skips: SymbolicTensor[] = [];
	let x: SymbolicTensor = input;
	for (let level = 0; level < spec.depth; level++) {
		x = builder.level(x, filters(level), `down${level}`); // [B, H/2^l, W/2^l, F·2^l]
		skips.push(x);
		x = builder.apply(tfl.layers.maxPooling2d({ name: `down${level}_pool`, poolSize: 2 }), x);
	}
	x = builder.drop(builder.level(x, filters(spec.depth), 'bottom'));
	for (let level = spec.depth - 1; level >= 0; level--) {
		const up = builder.up(x, filters(level), `up${level}`);
		const skip = skips[level];
		if (!skip) throw new TypeError('a level has no skip connection');
		x = builder.level(builder.apply(joined(`up${level}_concat`, canJoin(filters(level))), skip, up), filters(level), `up${level}`);
	}
	const logits = builder.apply(convolution2D({ name: 'head', filters: outputs, kernelSize: 1 }, { relu: false, trainsInput: true }), x);
	// Not `layers.softmax`, whose axis is 1 by default, so that stock TF.js would refuse the saved model.
	const activation = tfl.layers.activation({ name: 'probability', activation: outputs === 1 ? 'sigmoid' : 'softmax' });
	return {
		logits: tfl.model({ inputs: input, outputs: logits, name: 'logits' }),
		probabilities: tfl.model({ inputs: input, outputs: builder.apply(activation, logits), name: 'unet' }),
		dropout: builder.dropout,
	};
}

/** Inputs that reach one output of a kernel; a 2×2 transposed kernel of stride 2 reaches each output once. */
function fanIn(shape: readonly number[], transposed: boolean): number {
	const [height = 1, width = 1, third = 1, fourth = 1] = shape;
	return transposed ? fourth : height * width * third;
}

/** Fills every kernel He-normal (He et al., ICCV 2015) from counters; biases and norms keep 0 and 1. The seed decides all. */
export function initialise(net: UNet, seed: number): void {
	net.logits.layers.forEach((layer, index) => {
		const kernel = layer.weights[0];
		if (!kernel || !kernel.originalName.endsWith('kernel')) return;
		const random = new RandomStream(seed, 'weights', index);
		const shape = kernel.shape.map((side) => side ?? 1);
		const deviation = Math.sqrt(2 / fanIn(shape, layer.getClassName() === 'Conv2DTranspose'));
		const size = shape.reduce((product, side) => product * side, 1);
		const values = Float32Array.from({ length: size }, (_, i) => deviation * random.normal(i));
		const fresh = tf.tensor(values, shape);
		kernel.write(fresh);
		fresh.dispose();
	});
}
