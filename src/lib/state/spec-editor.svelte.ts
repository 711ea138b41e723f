/** The experiment that is being put together: every choice, what is wrong with it, and what differs from the one that runs. */
import * as v from 'valibot';
import {
	defaultSpec,
	experimentSpecSchema,
	type AugmentSpec,
	type ExperimentSpec,
	type NetSpec,
	type OptimizerSpec,
	type PrepareSpec,
	type SplitSpec,
	type TrainingSpec,
} from '#lib/core/experiment.ts';
import { learnsWeights, ownLossId, weightedSumId, type LossChoice, type LossTerm, type OwnLoss } from '#lib/core/loss-choice.ts';
import { defaultValues, type ParamValue } from '#lib/core/params.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { findLoss } from '#lib/losses/index.ts';
import { suggestPrepare } from './suggest-prepare.ts';
import { autoLabel, longestLabel, relabelled } from './loss-label.ts';
import type { SumTemplate } from './sum-templates.ts';

/** The four that every comparison begins with. */
const startingLosses = ['crossEntropy', 'dice', 'focal', 'tversky'];

/** A choice with its own key and name; the key is made of the loss' id. */
function newChoice(parts: Pick<LossChoice, 'loss' | 'values' | 'terms' | 'own'>, taken: readonly string[]): LossChoice {
	const stem = parts.loss.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
	let key = stem;
	for (let number = 2; taken.includes(key); number++) key = `${stem}-${number}`;
	return { ...parts, key, label: autoLabel(parts), learningRateFactor: 1 };
}

/** True for a sum that is 0 all the time. */
const isNothing = ({ terms, values }: LossChoice): boolean =>
	terms !== undefined &&
	!learnsWeights(values) &&
	terms.every(({ weight: { curve, from, to } }) => from === 0 && (curve === 'constant' || to === 0));

export class SpecEditor {
	seeds = $state.raw<readonly number[]>(defaultSpec.seeds);
	split = $state.raw<SplitSpec>(defaultSpec.split);
	prepare = $state.raw<PrepareSpec>(defaultSpec.prepare);
	augment = $state.raw<AugmentSpec>(defaultSpec.augment);
	net = $state.raw<NetSpec>(defaultSpec.net);
	optimizer = $state.raw<OptimizerSpec>(defaultSpec.optimizer);
	training = $state.raw<TrainingSpec>(defaultSpec.training);
	losses = $state.raw<readonly LossChoice[]>([]);

	constructor() {
		for (const id of startingLosses) this.addLoss(id);
	}

	readonly spec: ExperimentSpec = $derived({
		version: 1,
		seeds: [...this.seeds],
		split: this.split,
		prepare: this.prepare,
		augment: this.augment,
		net: this.net,
		optimizer: this.optimizer,
		training: this.training,
		losses: [...this.losses],
	});

	/** What keeps the spec from being run, in words; empty when it can run. */
	readonly problems: readonly string[] = $derived.by(() => {
		const parsed = v.safeParse(experimentSpecSchema, this.spec);
		if (parsed.success)
			return this.losses.filter(isNothing).map(({ label }) => `${label}: every weight is 0, so there is nothing to learn.`);
		return parsed.issues.map((issue) => (issue.path ? `${v.getDotPath(issue) ?? ''}: ${issue.message}` : issue.message));
	});

	/** Takes over a whole spec, for instance that of a reopened experiment. */
	load(spec: ExperimentSpec): void {
		const { seeds, split, prepare, augment, net, optimizer, training, losses } = spec;
		Object.assign(this, { seeds, split, prepare, augment, net, optimizer, training, losses });
	}

	/** Takes over a spec that came with a link: its preparation stays when data are opened. */
	loadShared(spec: ExperimentSpec): void {
		this.load(spec);
		this.#shared = true;
	}

	#shared = false;

	/** Fits channels and size to a newly opened data set and forgets the parts set by hand. */
	adaptTo(dataset: DatasetMeta): void {
		if (!this.#shared) this.prepare = suggestPrepare(this.prepare, this.net.depth, dataset);
		this.split = { ...this.split, overrides: {} };
	}

	/** Adds a loss of the shelf with its published parameters. */
	addLoss(lossId: string): void {
		const loss = findLoss(lossId);
		if (loss) this.#add({ loss: lossId, values: defaultValues(loss.params) });
	}

	/** Puts these losses of the shelf in the place of all others; what `values` leave out has its published value. */
	compareOnly(choices: readonly { readonly loss: string; readonly values: Readonly<Record<string, ParamValue>> }[]): void {
		this.losses = [];
		for (const { loss, values } of choices) this.#add({ loss, values: { ...defaultValues(findLoss(loss)?.params ?? {}), ...values } });
	}

	/** Adds a weighted sum; returns its key. */
	addSum({ terms, values }: Pick<SumTemplate, 'terms' | 'values'>): string {
		return this.#add({ loss: weightedSumId, values, terms });
	}

	/** Adds a loss that a person wrote, with the values that its code gives; returns its key. */
	addOwn(own: OwnLoss): string {
		return this.#add({ loss: ownLossId, values: defaultValues(own.params), own });
	}

	removeLoss(key: string): void {
		this.losses = this.losses.filter((loss) => loss.key !== key);
	}

	changeLoss(key: string, values: Readonly<Record<string, ParamValue>>): void {
		this.#patchLoss(key, (choice) => ({ ...choice, values: { ...values } }));
	}

	/** Replaces what a weighted sum adds up. */
	setTerms(key: string, terms: readonly LossTerm[]): void {
		this.#patchLoss(key, (choice) => ({ ...choice, terms: [...terms] }));
	}

	/** Calls a loss by a name of the person's own; '' gives it back the name that its parameters make. Returns what it is called now. */
	rename(key: string, name: string): string {
		const given = name.trim().slice(0, longestLabel);
		this.losses = this.losses.map((loss) => (loss.key === key ? { ...loss, label: given || autoLabel(loss) } : loss));
		return this.losses.find((loss) => loss.key === key)?.label ?? '';
	}

	setLearningRateFactor(key: string, learningRateFactor: number): void {
		this.#patchLoss(key, (choice) => ({ ...choice, learningRateFactor }));
	}

	#add(parts: Pick<LossChoice, 'loss' | 'values' | 'terms' | 'own'>): string {
		const choice = newChoice(parts, this.losses.map(({ key }) => key)); // prettier-ignore
		this.losses = [...this.losses, choice];
		return choice.key;
	}

	#patchLoss(key: string, patch: (choice: LossChoice) => LossChoice): void {
		this.losses = this.losses.map((loss) => (loss.key === key ? relabelled(loss, patch(loss)) : loss));
	}
}
