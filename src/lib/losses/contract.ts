/** The one contract of every loss. A loss is a value; its maths receives `tf` as an argument, so listing losses loads no tfjs. */
import type { Params, ParamValue, ValuesOf } from '#lib/core/params.ts';
import type * as tfjs from '@tensorflow/tfjs-core';

export type Tf = typeof tfjs;
export type Scalar = tfjs.Scalar;
export type Tensor = tfjs.Tensor;
export type Tensor4D = tfjs.Tensor4D;

/** What a loss may look at. `B` batch, `H` `W` pixels, `C` channels (1 with sigmoid, one per class with softmax). */
export interface LossInput {
	/** [B, H, W, C] one-hot (C ≥ 2) or in {0, 1} (C = 1). */
	readonly yTrue: Tensor4D;
	/** [B, H, W, C] before the activation. */
	readonly logits: Tensor4D;
	/** [B, H, W, C] `sigmoid(logits)` or `softmax(logits)`. */
	readonly yPred: Tensor4D;
	/** [B, H, W, 1] 1 where the pixel counts, 0 where it is ignored. */
	readonly valid: Tensor4D;
	/** What the loss asked to have prepared once per mask, by name: [B, H, W, C]. */
	readonly targets: Readonly<Record<string, Tensor4D>>;
	/** Trainable scalars of the loss, owned by the optimizer. */
	readonly variables: Readonly<Record<string, Scalar>>;
	/** Non-trained memory, updated between steps. */
	readonly state: Readonly<Record<string, number>>;
	/** 0 at the first step of the run … 1 at the last. */
	readonly progress: number;
}

/** What a loss may know about the training part before the first step. */
export interface DataFacts {
	/** Pixels of each class, ignored ones left out: [background, foreground], or one count per class with softmax. */
	readonly classPixels: readonly number[];
}

/** Plain numbers by name: the values of a loss' variables, or its state. */
export type Numbers = Readonly<Record<string, number>>;

/** What a loss remembers from step to step without training it. It is stored in checkpoints. */
export interface LossMemory<Values> {
	/** Before the first step. */
	first(values: Values, facts: DataFacts): Numbers;
	/** What to measure in a step, and what to remember after it; absent for what never changes. */
	readonly update?: {
		/** Scalars by name; read back together with the loss' value. */
		observe(tf: Tf, input: LossInput, values: Values): Readonly<Record<string, Scalar>>;
		next(state: Numbers, observed: Numbers, values: Values): Numbers;
	};
}

/** Where a loss stands in the run, for `readings`. */
export interface LossMoment {
	readonly variables: Numbers;
	readonly state: Numbers;
	readonly progress: number;
}

export type LossFamily = 'distribution' | 'region' | 'boundary' | 'compound' | 'regression' | 'adaptive';

export interface LossSource {
	readonly authors: string;
	readonly year: number;
	readonly title: string;
	readonly venue: string;
	readonly link?: string;
}

export interface Loss<P extends Params = Params> {
	/** camelCase, stable for ever: it is stored in specs. */
	readonly id: string;
	readonly name: string;
	readonly family: LossFamily;
	/** One sentence: what it rewards. */
	readonly summary: string;
	/** The formula as MathML-free plain text with unicode, one line; symbols are explained in `symbols`. */
	readonly formula: string;
	readonly symbols: Readonly<Record<string, string>>;
	readonly takes: 'logits' | 'probabilities';
	/** The interval of its values, for instance `[0, 1]` or `[0, ∞)`. */
	readonly range: string;
	/** True when some prediction has a value below 0. */
	readonly canBeNegative: boolean;
	/** True when, with the published parameters, no prediction has a value below that of the truth itself, whatever the truth. */
	readonly perfectIsMinimum: boolean;
	/** One line: when to choose it. */
	readonly goodWhen: string;
	/** One line: when to choose another. */
	readonly badWhen: string;
	/** What happens on empty masks, full masks, absent classes. */
	readonly edgeCases: string;
	readonly sources: readonly LossSource[];
	/** Each default is the published one; where it is not, the help says so. */
	readonly params: P;
	/** Names of maps to prepare once per mask (see `pixels/targets`). */
	readonly targets?: readonly string[];
	/** The first values of the scalars that it trains beside the net's weights, by name. */
	variables?(values: ValuesOf<P>): Numbers;
	readonly memory?: LossMemory<ValuesOf<P>>;
	/** What to draw over the run, by the words that people read: its learned, steered and scheduled numbers. */
	readings?(moment: LossMoment, values: ValuesOf<P>): Numbers;
	/** [B, H, W, C] tensors → scalar. Differentiable with respect to `logits`. */
	compute(tf: Tf, input: LossInput, values: ValuesOf<P>): Scalar;
}

/** Parameter values of any loss. */
type AnyValues = Readonly<Record<string, ParamValue>>;

/** A loss whose parameter types are erased, as the shelf lists it: every method is there and takes any subset of the values. */
export interface AnyLoss extends Omit<Loss, 'compute' | 'variables' | 'memory' | 'readings'> {
	/** What it judges. Losses of boxes, ranks or texts would be a contract of their own, told apart from this one by the word here. */
	readonly subject: 'masks';
	compute(tf: Tf, input: LossInput, values: AnyValues): Scalar;
	/** `{}` for a loss without variables. */
	variables(values: AnyValues): Numbers;
	/** `{}` for a loss without memory. */
	firstState(values: AnyValues, facts: DataFacts): Numbers;
	observe(tf: Tf, input: LossInput, values: AnyValues): Readonly<Record<string, Scalar>>;
	nextState(state: Numbers, observed: Numbers, values: AnyValues): Numbers;
	readings(moment: LossMoment, values: AnyValues): Numbers;
}
