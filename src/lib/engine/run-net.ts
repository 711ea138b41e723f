/** One run while it trains: its net, its loss, its optimizer. */
import { inputChannels, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { RunFailure } from '#lib/core/run.ts';
import type { DataFacts, Numbers } from '#lib/losses/contract.ts';
import { activate, type MeasureLoss } from './forward.ts';
import { variableOf } from './layers.ts';
import { globalNorm, learningRateAt, Optimizer } from './optimizer.ts';
import { RunLoss, type StepInput } from './run-loss.ts';
import type { TargetMaps } from './target-maps.ts';
import type { Batch } from './targets.ts';
import type { Tensor, Tensor4D, Variable } from './tensor-types.ts';
import { asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';
import { withoutTinySlopes } from './tiny-slopes.ts';
import { buildUNet, initialise, type UNet } from './unet.ts';

/** What a step tells; all are needed, because a sigmoid can hide a NaN behind a finite loss. */
export interface StepReport {
	readonly loss: number;
	/** Of the net's weights alone, so that it can be compared between losses. */
	readonly gradientNorm: number;
	readonly logitsFinite: boolean;
	/** The loss' trainable scalars after the step. */
	readonly learned: readonly number[];
	/** What the loss remembers after the step. */
	readonly remembered: readonly number[];
}

/** What ends a run at a step: the first of its numbers that is not finite. */
export function failureOf(report: StepReport, step: number): RunFailure | null {
	if (!report.logitsFinite) return { code: 'not-finite', facts: { what: 'logits', step } };
	if (!Number.isFinite(report.loss)) return { code: 'not-finite', facts: { what: 'loss', step } };
	if (!Number.isFinite(report.gradientNorm)) return { code: 'not-finite', facts: { what: 'gradient', step } };
	if (!report.learned.every(Number.isFinite)) return { code: 'not-finite', facts: { what: 'learned numbers of the loss', step } };
	if (!report.remembered.every(Number.isFinite)) return { code: 'not-finite', facts: { what: 'numbers that the loss remembers', step } };
	return null;
}

/** A step that was taken and whose numbers were not read back yet. */
export interface TakenStep {
	/** [numbers], as many for every step of a run. */
	readonly numbers: Tensor;
	/** What the loss observed, by name; it wants to know that before its next step. */
	readonly observed: readonly string[];
}

/** A tensor of a run by a stable name, for checkpoints. */
export interface NamedVariable {
	readonly name: string;
	readonly variable: Variable;
}

/** What a run shares with every other run of its experiment. */
export interface RunSetting {
	/** Output channels of the net. */
	readonly outputs: number;
	readonly totalSteps: number;
	readonly facts: DataFacts;
}

/** The weights and norm statistics of a net. */
export function weightsOf(net: UNet): NamedVariable[] {
	return net.logits.weights.map((weight) => ({ name: weight.originalName, variable: variableOf(weight) }));
}

const under = (prefix: string, variables: readonly NamedVariable[]): NamedVariable[] =>
	variables.map(({ name, variable }) => ({ name: `${prefix}/${name}`, variable }));

export class RunNet implements Disposable {
	readonly net: UNet;
	readonly loss: RunLoss;
	readonly #choice: LossChoice;
	readonly #spec: ExperimentSpec;
	readonly #seed: number;
	readonly #totalSteps: number;
	readonly #trainable: readonly Variable[];
	readonly #optimizer: Optimizer;
	/**
	 * Trains the loss' own scalars by the same rule and rate, but apart: they do not decay (0 means nothing to them), and
	 * they neither count in the weights' gradient norm nor are clipped by it, so that a net is clipped alike under every loss.
	 */
	readonly #lossOptimizer: Optimizer;

	/** Builds and initialises the net. Throws `spec-invalid` for a loss that is not on the shelf. */
	constructor(spec: ExperimentSpec, choice: LossChoice, seed: number, { outputs, totalSteps, facts }: RunSetting) {
		this.loss = new RunLoss(choice, facts);
		this.#choice = choice;
		this.#spec = spec;
		this.#seed = seed;
		this.#totalSteps = totalSteps;
		this.net = buildUNet(spec.net, inputChannels(spec.prepare), outputs);
		initialise(this.net, seed);
		this.#trainable = this.net.logits.trainableWeights.map(variableOf);
		this.#optimizer = new Optimizer(spec.optimizer, this.#trainable);
		this.#lossOptimizer = new Optimizer({ ...spec.optimizer, weightDecay: 0 }, this.#learned);
	}

	get parameters(): number {
		return this.net.logits.countParams();
	}

	/** Maps that the loss needs prepared from the masks. */
	get targetNames(): readonly string[] {
		return this.loss.targetNames;
	}

	get #learned(): Variable[] {
		return this.loss.variables.map(({ variable }) => variable);
	}

	learningRate(step: number): number {
		return learningRateAt(this.#spec.optimizer, step, this.#totalSteps) * this.#choice.learningRateFactor;
	}

	/** 0 at the first step of the run … 1 at the last. */
	progress(step: number): number {
		return this.#totalSteps > 1 ? step / (this.#totalSteps - 1) : 0;
	}

	/** One optimizer update on a batch, read back at once. `step` counts from 0. */
	async step(batch: Batch, step: number): Promise<StepReport> {
		const [report] = await this.read([this.take(batch, step)]);
		if (!report) throw new TypeError('a step gave no numbers');
		return report;
	}

	/** One optimizer update on a batch. Nothing is waited for; the numbers must be given to `read`, or freed. */
	take(batch: Batch, step: number): TakenStep {
		for (const layer of this.net.dropout) layer.draw(this.#seed, step);
		let observed: readonly string[] = [];
		const numbers = tf.tidy(() => {
			// Filled inside the gradient, whose scope would free it. Stacking copies: the optimizer changes variables in place.
			let seen: Tensor = tf.zeros([1]);
			const { value, grads } = tf.variableGrads(() => {
				const logits = withoutTinySlopes(asTensor4D(this.net.logits.apply(batch.x, { training: true })));
				const input = this.#inputOf(batch, logits, activate(logits), step);
				const { names, scalars } = this.loss.observe(input);
				observed = names;
				seen = tf.keep(tf.stack([tf.min(tf.cast(tf.isFinite(logits), 'float32')), ...scalars]));
				return this.loss.compute(input);
			}, [...this.#trainable, ...this.#learned]);
			const norm = this.#update(grads, step);
			const all = tf.concat([...[value, norm, ...this.#learned].map((number) => tf.reshape(number, [1])), seen]);
			seen.dispose();
			return all;
		});
		return { numbers, observed };
	}

	/** Asks for all that a step and scoring of a batch compute, for the backend to compile it. Nothing of it may be read. Scoring's last batch, when it is smaller, is compiled at its time. */
	rehearse(batch: Batch): void {
		this.take(batch, 0).numbers.dispose();
		tf.tidy(() => {
			const logits = asTensor4D(this.net.logits.apply(batch.x, { training: false }));
			this.loss.compute(this.#inputOf(batch, logits, activate(logits), 0));
		});
	}

	/** The numbers of steps in the order in which they were taken, read back in one go. Frees them. */
	async read(taken: readonly TakenStep[]): Promise<StepReport[]> {
		const [head] = taken;
		if (!head) return [];
		const numbers = taken.map((step) => step.numbers);
		const gathered = numbers.length > 1 ? tf.concat(numbers) : head.numbers;
		const values = await gathered.data<'float32'>();
		tf.dispose([gathered, ...numbers]);
		const length = values.length / taken.length;
		return taken.map(({ observed }, place) => this.#reportOf([...values.subarray(place * length, (place + 1) * length)], observed));
	}

	/** Lets the loss remember what it observed. */
	#reportOf([loss = NaN, gradientNorm = NaN, ...rest]: readonly number[], names: readonly string[]): StepReport {
		const learned = rest.splice(0, this.loss.variables.length);
		const [finite = 0, ...observed] = rest;
		this.loss.remember(Object.fromEntries(names.map((name, index) => [name, observed[index] ?? NaN])));
		return { loss, gradientNorm, logitsFinite: finite === 1, learned, remembered: Object.values(this.loss.state) };
	}

	/** This run's own loss on validation squares, as it stood at step `step`. */
	measureAt(step: number, maps: TargetMaps): MeasureLoss {
		return {
			targetNames: this.targetNames,
			maps,
			compute: (batch, logits, yPred) => this.loss.compute(this.#inputOf(batch, logits, yPred, step)),
		};
	}

	/** What the loss learnt, steered or scheduled, as it stood at step `step`. */
	readings(step: number): Promise<Numbers> {
		return this.loss.readings(this.progress(step));
	}

	/** Every tensor that decides how the run goes on: weights, norm statistics, the loss' scalars, optimizer slots. */
	variables(): NamedVariable[] {
		return [
			...weightsOf(this.net),
			...under('loss', this.loss.variables),
			...under('optimizer', this.#optimizer.slots()),
			...under('optimizer/loss', this.#lossOptimizer.slots()),
		];
	}

	/** Returns the global norm of the weights' gradients. */
	#update(grads: Readonly<Record<string, Tensor>>, step: number): Tensor {
		const gradientsOf = (variables: readonly Variable[]): Tensor[] =>
			variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
		const gradients = gradientsOf(this.#trainable);
		const norm = globalNorm(gradients);
		this.#optimizer.update(gradients, norm, step, this.learningRate(step));
		const own = gradientsOf(this.#learned);
		if (own.length > 0) this.#lossOptimizer.update(own, globalNorm(own), step, this.learningRate(step));
		return norm;
	}

	#inputOf(batch: Batch, logits: Tensor4D, yPred: Tensor4D, step: number): StepInput {
		return { ...batch, logits, yPred, progress: this.progress(step) };
	}

	[Symbol.dispose](): void {
		this.#lossOptimizer[Symbol.dispose]();
		this.#optimizer[Symbol.dispose]();
		this.loss[Symbol.dispose]();
		this.net.logits.dispose();
	}
}
