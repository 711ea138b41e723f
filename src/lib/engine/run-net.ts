/** One run while it trains: its net, its loss, its optimizer. */
import { AppError } from '#lib/core/errors.ts';
import { inputChannels, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { LossInput } from '#lib/losses/contract.ts';
import { findLoss } from '#lib/losses/index.ts';
import { activate, type MeasureLoss } from './forward.ts';
import { variableOf } from './layers.ts';
import { globalNorm, learningRateAt, Optimizer } from './optimizer.ts';
import type { Batch } from './targets.ts';
import type { Scalar, Tensor, Tensor4D, Variable } from './tensor-types.ts';
import { asScalar, asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';
import { buildUNet, initialise, type UNet } from './unet.ts';

/** Read back after a step; all three are needed, because a sigmoid can hide a NaN behind a finite loss. */
export interface StepReport {
	readonly loss: number;
	readonly gradientNorm: number;
	readonly logitsFinite: boolean;
}

/** A tensor of a run by a stable name, for checkpoints. */
export interface NamedVariable {
	readonly name: string;
	readonly variable: Variable;
}

/** The weights and norm statistics of a net. */
export function weightsOf(net: UNet): NamedVariable[] {
	return net.logits.weights.map((weight) => ({ name: weight.originalName, variable: variableOf(weight) }));
}

export class RunNet implements Disposable {
	readonly net: UNet;
	readonly choice: LossChoice;
	/** Maps that the loss needs prepared from the masks. */
	readonly targetNames: readonly string[];
	readonly #spec: ExperimentSpec;
	readonly #seed: number;
	readonly #totalSteps: number;
	readonly #trainable: readonly Variable[];
	readonly #optimizer: Optimizer;
	readonly #computeLoss: (input: LossInput) => Scalar;

	/** Builds and initialises the net. Throws `spec-invalid` for a loss that is not on the shelf. */
	constructor(spec: ExperimentSpec, choice: LossChoice, seed: number, outputs: number, totalSteps: number) {
		const loss = findLoss(choice.loss);
		if (!loss) throw new AppError('spec-invalid', { loss: choice.loss });
		this.choice = choice;
		this.targetNames = loss.targets ?? [];
		this.#spec = spec;
		this.#seed = seed;
		this.#totalSteps = totalSteps;
		this.net = buildUNet(spec.net, inputChannels(spec.prepare), outputs);
		initialise(this.net, seed);
		this.#trainable = this.net.logits.trainableWeights.map(variableOf);
		this.#optimizer = new Optimizer(spec.optimizer, this.#trainable);
		this.#computeLoss = (input) => loss.compute(tf, input, choice.values);
	}

	get parameters(): number {
		return this.net.logits.countParams();
	}

	learningRate(step: number): number {
		return learningRateAt(this.#spec.optimizer, step, this.#totalSteps) * this.choice.learningRateFactor;
	}

	/** One optimizer update on a batch. `step` counts from 0. Resolves when the numbers are read back. */
	async step(batch: Batch, step: number): Promise<StepReport> {
		for (const layer of this.net.dropout) layer.draw(this.#seed, step);
		const report = tf.tidy(() => {
			let finite: Tensor = tf.scalar(1);
			const { value, grads } = tf.variableGrads(() => {
				const logits = asTensor4D(this.net.logits.apply(batch.x, { training: true }));
				finite = tf.keep(tf.min(tf.cast(tf.isFinite(logits), 'float32')));
				return this.#lossOf(batch, logits, activate(logits), step);
			}, [...this.#trainable]);
			const gradients = this.#trainable.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
			const norm = globalNorm(gradients);
			this.#optimizer.update(gradients, norm, step, this.learningRate(step));
			const numbers = tf.stack([value, norm, asScalar(finite)]);
			finite.dispose();
			return numbers;
		});
		const [loss = NaN, gradientNorm = NaN, finite = 0] = await report.data();
		report.dispose();
		return { loss, gradientNorm, logitsFinite: finite === 1 };
	}

	/** This run's own loss on validation squares, at the progress of `step`. */
	measureAt(step: number): MeasureLoss {
		return { targetNames: this.targetNames, compute: (batch, logits, yPred) => this.#lossOf(batch, logits, yPred, step) };
	}

	/** Everything that decides how the run goes on: weights, norm statistics, optimizer slots. */
	variables(): NamedVariable[] {
		return [...weightsOf(this.net), ...this.#optimizer.slots().map((slot) => ({ ...slot, name: `optimizer/${slot.name}` }))];
	}

	#lossOf(batch: Batch, logits: Tensor4D, yPred: Tensor4D, step: number): Scalar {
		const progress = this.#totalSteps > 1 ? step / (this.#totalSteps - 1) : 0;
		return this.#computeLoss({ ...batch, logits, yPred, variables: {}, state: {}, progress });
	}

	[Symbol.dispose](): void {
		this.#optimizer[Symbol.dispose]();
		this.net.logits.dispose();
	}
}
