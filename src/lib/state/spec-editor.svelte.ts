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
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { defaultValues, type ParamValue } from '#lib/core/params.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { findLoss } from '#lib/losses/index.ts';
import { suggestPrepare } from './suggest-prepare.ts';
import { lossLabel } from './loss-label.ts';

/** The four that every comparison begins with. */
const startingLosses = ['crossEntropy', 'dice', 'focal', 'tversky'];

function newChoice(lossId: string, taken: readonly string[]): LossChoice | null {
	const loss = findLoss(lossId);
	if (!loss) return null;
	const stem = lossId.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
	let key = stem;
	for (let number = 2; taken.includes(key); number++) key = `${stem}-${number}`;
	const values = defaultValues(loss.params);
	return { key, label: lossLabel(loss, values), loss: lossId, values, learningRateFactor: 1 };
}

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
		if (parsed.success) return [];
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

	addLoss(lossId: string): void {
		const taken = this.losses.map((loss) => loss.key);
		const choice = newChoice(lossId, taken);
		if (choice) this.losses = [...this.losses, choice];
	}

	removeLoss(key: string): void {
		this.losses = this.losses.filter((loss) => loss.key !== key);
	}

	changeLoss(key: string, values: Readonly<Record<string, ParamValue>>): void {
		this.#patchLoss(key, (choice) => {
			const loss = findLoss(choice.loss);
			return { ...choice, values: { ...values }, label: loss ? lossLabel(loss, values) : choice.label };
		});
	}

	setLearningRateFactor(key: string, learningRateFactor: number): void {
		this.#patchLoss(key, (choice) => ({ ...choice, learningRateFactor }));
	}

	#patchLoss(key: string, patch: (choice: LossChoice) => LossChoice): void {
		this.losses = this.losses.map((loss) => (loss.key === key ? patch(loss) : loss));
	}
}
