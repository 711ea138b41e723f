/** The two layers that stock TensorFlow.js lacks: group (and instance) normalisation, and dropout from counters. */
import { RandomStream } from '#lib/core/random.ts';
import { fusedDropout, fusedNorm, hasFusions, hasKernel } from './fused.ts';
import type { Tensor, Variable } from './tensor-types.ts';
import { asTensor4D } from './tensors.ts';
import { tf, tfl } from './tf.ts';

type Shape = tfl.Shape;

const first = <T>(value: T | T[]): T => {
	const one = Array.isArray(value) ? value[0] : value;
	if (one === undefined) throw new TypeError('a layer was called without input');
	return one;
};

/**
 * Normalises each sample over groups of channels, then scales and shifts per channel.
 * `groups` equal to the channels is instance normalisation. A `rectifier` must follow, whose ReLU is done on the way in training.
 * Shapes: [B, H, W, C] → [B, H, W, C]. Source: Wu & He, Group Normalization, ECCV 2018.
 */
export class GroupNormalization extends tfl.layers.Layer {
	static readonly className: string = 'OverlapGroupNormalization';
	readonly groups: number;
	readonly epsilon: number;
	#gamma: ReturnType<tfl.layers.Layer['addWeight']> | undefined;
	#beta: ReturnType<tfl.layers.Layer['addWeight']> | undefined;

	constructor(config: { groups: number; epsilon?: number; name?: string }) {
		super(config);
		this.groups = config.groups;
		this.epsilon = config.epsilon ?? 1e-5;
	}

	override build(inputShape: Shape | Shape[]): void {
		const shape = Array.isArray(inputShape[0]) ? inputShape[0] : inputShape;
		const channels = shape[shape.length - 1];
		if (typeof channels !== 'number' || channels % this.groups !== 0) throw new RangeError('channels must be divisible by the groups');
		this.#gamma = this.addWeight('gamma', [channels], 'float32', tfl.initializers.ones());
		this.#beta = this.addWeight('beta', [channels], 'float32', tfl.initializers.zeros());
		super.build(inputShape);
	}

	override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean } = {}): Tensor {
		return tf.tidy(() => {
			const x = asTensor4D(first(inputs));
			if (!this.#gamma || !this.#beta) throw new TypeError('the layer is not built');
			if (hasFusions()) {
				const setting = { samples: x.shape[0], groups: this.groups, epsilon: this.epsilon, relu: kwargs.training === true };
				return fusedNorm(x, this.#gamma.read(), this.#beta.read(), setting);
			}
			const [batch, height, width, channels] = x.shape;
			const grouped = tf.reshape(x, [batch, height * width, this.groups, channels / this.groups]);
			const mean = tf.mean(grouped, [1, 3], true);
			const centred = tf.sub(grouped, mean);
			const variance = tf.mean(tf.square(centred), [1, 3], true);
			const normal = tf.reshape(tf.div(centred, tf.sqrt(tf.add(variance, this.epsilon))), x.shape);
			return tf.add(tf.mul(normal, this.#gamma.read()), this.#beta.read());
		});
	}

	override computeOutputShape(inputShape: Shape): Shape {
		return inputShape;
	}

	override getConfig(): tf.serialization.ConfigDict {
		return { ...super.getConfig(), groups: this.groups, epsilon: this.epsilon };
	}
}

/**
 * Dropout whose mask is a function of (seed, step), so that lock-step runs drop the same units and a resumed run
 * drops what an uninterrupted one would have. Idle outside training.
 * Shapes: [B, H, W, C] → [B, H, W, C]. Source: Srivastava et al., JMLR 2014.
 */
export class CounterDropout extends tfl.layers.Layer {
	static readonly className: string = 'OverlapCounterDropout';
	readonly rate: number;
	#random: RandomStream | null = null;

	constructor(config: { rate: number; name?: string }) {
		super(config);
		this.rate = config.rate;
	}

	/** Sets the counters for the calls that follow. */
	draw(seed: number, step: number): void {
		this.#random = new RandomStream(seed, 'dropout', step);
	}

	override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor {
		const x = first(inputs);
		const random = this.#random;
		if (kwargs.training !== true || this.rate === 0 || !random) return tf.clone(x);
		return tf.tidy(() => {
			if (hasKernel('OverlapDropout')) return fusedDropout(x, random, this.rate);
			const keep = 1 / (1 - this.rate);
			const mask = Float32Array.from({ length: x.size }, (_, i) => (random.uniform(i) < this.rate ? 0 : keep));
			return tf.mul(x, tf.tensor(mask, x.shape));
		});
	}

	override computeOutputShape(inputShape: Shape): Shape {
		return inputShape;
	}

	override getConfig(): tf.serialization.ConfigDict {
		return { ...super.getConfig(), rate: this.rate };
	}
}

/** The variable inside a layer's weight. */
export function variableOf(weight: { read(): Tensor; readonly name: string }): Variable {
	const value = weight.read();
	if (value instanceof tf.Variable) return value;
	throw new TypeError(`the weight ${weight.name} is no variable`);
}

tf.serialization.registerClass(GroupNormalization);
tf.serialization.registerClass(CounterDropout);
