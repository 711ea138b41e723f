/** Measures of masks on demand: predicts images again at their own size, because no masks are stored. */
import { AppError } from '#lib/core/errors.ts';
import type { BackendName, ExperimentRecord, RunRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { splitOfFold } from '#lib/core/split.ts';
import type { Prediction, Trainer } from '#lib/core/trainer.ts';
import { breathe, isBreathDue } from '#lib/importers/breathe.ts';
import { maskMeasures } from '#lib/metrics/mask-measures.ts';
import type { LoadedSamples } from './loaded-samples.svelte.ts';
import { measureImage, summariseMeasure, type ImageMeasures, type MeasuredView, type MeasureSummary } from './measured-masks.ts';
import { PredictionCache } from './prediction-cache.ts';
import type { RunFace } from './run-curves.ts';

/** Bytes of predictions that are kept, so that another threshold needs no new ones. */
const keptBytes = 64 * 2 ** 20;

export interface MeasureQuestion extends MeasuredView {
	readonly experiment: ExperimentRecord;
	readonly dataset: DatasetMeta;
	readonly part: 'validation' | 'test';
	readonly which: 'best' | 'last';
	/** Of one seed and fold. */
	readonly runs: readonly (RunFace & { readonly run: RunRecord })[];
	readonly backend: BackendName | 'auto';
}

export interface MeasuredRun extends RunFace {
	/** By measure. */
	readonly summaries: Readonly<Record<string, MeasureSummary>>;
	/** Why nothing was measured; null when it was. */
	readonly error: unknown;
}

export interface Measured {
	readonly question: MeasureQuestion;
	readonly images: number;
	readonly rows: readonly MeasuredRun[];
}

interface Options {
	readonly trainer: Pick<Trainer, 'predict'>;
	readonly samples: Pick<LoadedSamples, 'load'>;
}

export class MaskMeasurement {
	measured = $state.raw<Measured | null>(null);
	/** Images done of all, over all runs; null when nothing is measured. */
	progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	readonly #options: Options;
	readonly #cache = new PredictionCache(keptBytes);
	#abort = new AbortController();

	constructor(options: Options) {
		this.#options = options;
	}

	/** Stops after the image under way; what was measured before stays. */
	cancel(): void {
		this.#abort.abort();
	}

	/** A run that cannot be measured has its error in its row; the others are measured all the same. */
	async measure(question: MeasureQuestion): Promise<void> {
		if (this.progress) return;
		this.#abort = new AbortController();
		const { signal } = this.#abort;
		const images = splitOfFold(question.experiment.split, question.runs[0]?.run.fold)[question.part];
		this.progress = { done: 0, total: images.length * question.runs.length };
		const rows: MeasuredRun[] = [];
		try {
			for (const { run, ...face } of question.runs) {
				rows.push({ ...face, ...(await this.#measureRun(question, run, images, signal)) });
				if (signal.aborted) return;
			}
			this.measured = { question, images: images.length, rows };
		} finally {
			this.progress = null;
		}
	}

	async #measureRun(
		question: MeasureQuestion,
		run: RunRecord,
		images: readonly string[],
		signal: AbortSignal,
	): Promise<Pick<MeasuredRun, 'summaries' | 'error'>> {
		const found: ImageMeasures[] = [];
		try {
			if (run.failure) throw new AppError(run.failure.code, run.failure.facts);
			for (const sampleId of images) {
				if (signal.aborted) break;
				found.push(await this.#measureImage(question, run, sampleId));
				this.#advance(1);
			}
		} catch (error) {
			this.#advance(images.length - found.length);
			return { summaries: {}, error };
		}
		const summaries = maskMeasures(question).map(({ id }) => [id, summariseMeasure(found.map((image) => image[id] ?? null))] as const);
		return { summaries: Object.fromEntries(summaries), error: null };
	}

	#advance(images: number): void {
		if (this.progress) this.progress = { ...this.progress, done: this.progress.done + images };
	}

	async #measureImage(question: MeasureQuestion, run: RunRecord, sampleId: string): Promise<ImageMeasures> {
		const sample = await this.#options.samples.load(question.dataset, sampleId);
		if (!sample) throw new AppError('dataset-missing', { sample: sampleId });
		const key = [question.experiment.id, run.id, question.which, run.step, run.best?.epoch ?? 0, sampleId].join(' ');
		const prediction = this.#cache.get(key) ?? (await this.#predict(question, run, sample.image));
		this.#cache.put(key, prediction, () => false);
		if (isBreathDue()) await breathe();
		return measureImage(prediction, sample.truth, question);
	}

	#predict(
		{ experiment, which, backend }: MeasureQuestion,
		run: RunRecord,
		image: Parameters<Trainer['predict']>[0]['image'],
	): Promise<Prediction> {
		return this.#options.trainer.predict({ model: { kind: 'run', experimentId: experiment.id, runId: run.id, which }, image, backend });
	}
}
