/** The experiment on the screen on its way out as Python. */
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import type { Trainer } from '#lib/core/trainer.ts';
import { experimentArchive } from './experiment-archive.ts';
import type { Training } from './training.svelte.ts';

/** What images and class maps may take, bytes: they pass through memory on their way into the file. */
const mostBytes = 256 * 2 ** 20;

export class CodeSaving {
	busy = $state(false);
	error = $state.raw<unknown>(null);
	readonly #records: Records;
	readonly #trainer: Trainer;
	readonly #training: Training;

	constructor(records: Records, trainer: Trainer, training: Training) {
		this.#records = records;
		this.#trainer = trainer;
		this.#training = training;
	}

	/** Why the experiment on the screen cannot be saved as code now; '' when it can. */
	readonly blocked: string = $derived.by(() => {
		if (this.busy) return 'The code is being saved.';
		if (this.#training.active) return 'Pause the training first: what it computes with is needed here as well.';
		if (this.#training.experiment?.startsFrom)
			return 'These runs began from the weights of other runs, which are not kept. Save the code of an experiment that began anew.';
		return '';
	});

	/** The archive; null when it failed, for `error`. @param fold from 1, whose runs are meant; undefined without folds */
	async save(fold: number | undefined): Promise<Blob | null> {
		const { experiment } = this.#training;
		if (!experiment || this.blocked !== '') return null;
		this.error = null;
		this.busy = true;
		try {
			return await this.#archive(experiment, fold);
		} catch (error) {
			this.error = error;
			return null;
		} finally {
			this.busy = false;
		}
	}

	async #archive(experiment: ExperimentRecord, fold: number | undefined): Promise<Blob> {
		const dataset = await this.#records.getDataset(experiment.datasetId);
		if (!dataset) throw new AppError('dataset-missing', { experiment: experiment.name });
		const runs = await this.#trainer.exportRuns({ experimentId: experiment.id, fold, mostBytes });
		return experimentArchive({ experiment, fold, dataset, runs });
	}
}
