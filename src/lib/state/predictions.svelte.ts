/** Models on new images: which are chosen, what they say about each image, and the files that come of it. */
import { SvelteSet } from 'svelte/reactivity';
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import { defaultThresholdLevel, type BackendName } from '#lib/core/run.ts';
import type { Raster } from '#lib/core/sample.ts';
import type { Prediction, Trainer } from '#lib/core/trainer.ts';
import { maskArchive, type MaskArchive, type MaskKind } from './mask-archive.ts';
import type { ClassColour } from './mask-files.ts';
import { ModelLibrary, type ModelChoice, type ModelGroup } from './model-library.ts';
import { PredictionCache } from './prediction-cache.ts';
import type { PredictionImage } from './prediction-files.svelte.ts';

/** Bytes of predictions that are kept: some 250 images of one megapixel. */
const keptBytes = 256 * 2 ** 20;

export type Outcome =
	| { readonly state: 'waiting' }
	| { readonly state: 'done'; readonly prediction: Prediction }
	| { readonly state: 'failed'; readonly error: unknown };

/** One image under one model. */
interface Job {
	readonly key: string;
	readonly image: PredictionImage;
	readonly model: ModelChoice;
}

export interface PredictionsOptions {
	readonly records: Records;
	readonly trainer: Pick<Trainer, 'predict' | 'exportModel' | 'importModel'>;
	/** The backend as the person has chosen it, asked for at every prediction. */
	readonly backend: () => BackendName | 'auto';
	readonly keptBytes?: number;
}

const jobKey = (image: PredictionImage, model: ModelChoice): string => `${image.id} ${model.key} ${model.version}`;

export class Predictions {
	groups = $state.raw<readonly ModelGroup[] | null>(null);
	images = $state.raw<readonly PredictionImage[]>([]);
	thresholdLevel = $state(defaultThresholdLevel);
	/** Predictions done of all, while the images are gone through; null when nothing runs. */
	progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	/** Files written of all, while an archive is made. */
	saving = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	/** True after Cancel, until something new is asked for. */
	cancelled = $state(false);
	error = $state.raw<unknown>(null);
	#index = $state(0);
	/** Rises when an outcome changes: predictions themselves are no state. */
	#version = $state(0);
	readonly #chosen = new SvelteSet<string>();
	readonly #options: PredictionsOptions;
	readonly #library: ModelLibrary;
	readonly #cache: PredictionCache;
	readonly #failures = new Map<string, unknown>();
	/** Jobs that were done once, kept or dropped since. */
	readonly #seen = new Set<string>();
	#going: Promise<void> | null = null;
	/** Ends the archive under way. */
	#archiving = new AbortController();

	constructor(options: PredictionsOptions) {
		this.#options = options;
		this.#library = new ModelLibrary(options.records);
		this.#cache = new PredictionCache(options.keptBytes ?? keptBytes);
	}

	readonly models: readonly ModelChoice[] = $derived.by(() => (this.groups ?? []).flatMap((group) => group.models));
	readonly chosen: readonly ModelChoice[] = $derived.by(() => this.models.filter((model) => this.#chosen.has(model.key) && !model.problem));
	readonly shown: PredictionImage | null = $derived.by(() => this.images[this.#index] ?? null);

	get index(): number {
		return this.#index;
	}

	/** How many of all predictions were made once, or failed. */
	get tally(): { readonly done: number; readonly total: number } {
		void this.#version;
		return { done: this.#allJobs().filter(({ key }) => this.#isDone(key)).length, total: this.images.length * this.chosen.length };
	}

	/** Reads which models there are. The first time, the best weights of the newest experiment are chosen. */
	async loadModels(): Promise<void> {
		const isFirst = this.groups === null;
		this.groups = await this.#library.list();
		if (isFirst) this.choose(this.#firstChoice(), true);
		this.#go();
	}

	#firstChoice(): readonly string[] {
		const newest = this.groups?.find((group) => group.key !== 'opened') ?? this.groups?.[0];
		const usable = newest?.models.filter((model) => !model.problem) ?? [];
		const best = usable.filter((model) => model.ref.kind === 'model' || model.ref.which === 'best');
		return (best.length > 0 ? best : usable).slice(0, 4).map((model) => model.key);
	}

	isChosen(model: ModelChoice): boolean {
		return this.#chosen.has(model.key);
	}

	choose(keys: readonly string[], chosen: boolean): void {
		for (const key of keys) {
			if (chosen) this.#chosen.add(key);
			else this.#chosen.delete(key);
		}
		this.#ask();
	}

	addImages(images: readonly PredictionImage[]): void {
		this.images = [...this.images, ...images];
		this.#ask();
	}

	/** Forgets the images and all that was predicted. */
	removeImages(): void {
		this.cancel();
		this.images = [];
		this.#index = 0;
		this.#cache.clear();
		this.#failures.clear();
		this.#seen.clear();
		this.#version++;
	}

	/** Shows the image at a place of the list; places outside are the nearest inside. */
	show(index: number): void {
		this.#index = Math.max(0, Math.min(this.images.length - 1, index));
		this.#ask();
	}

	outcome(image: PredictionImage, model: ModelChoice): Outcome {
		void this.#version;
		const key = jobKey(image, model);
		if (this.#failures.has(key)) return { state: 'failed', error: this.#failures.get(key) };
		const prediction = this.#cache.get(key);
		return prediction ? { state: 'done', prediction } : { state: 'waiting' };
	}

	/** Stops after the prediction under way. What is done is kept. */
	cancel(): void {
		this.cancelled = true;
		this.#archiving.abort();
	}

	/** Goes on after a cancel, and tries again what failed. */
	goOn(): void {
		this.#failures.clear();
		this.#version++;
		this.#ask();
	}

	/** Resolves when nothing is being predicted. */
	async settled(): Promise<void> {
		while (this.#going) await this.#going;
	}

	/** Opens a model from a file, stores it and chooses it. Failures are in `error`. */
	async openModel(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		this.error = null;
		try {
			const id = await this.#options.trainer.importModel(bytes, name.replace(/\.zip$/iu, ''));
			await this.loadModels();
			this.choose([`model/${id}`], true);
		} catch (error) {
			this.error = error instanceof AppError ? new AppError(error.code, { name, ...error.facts }, { cause: error }) : error;
		}
	}

	async deleteModel(modelId: string): Promise<void> {
		await this.#options.records.deleteModel(modelId);
		this.choose([`model/${modelId}`], false);
		await this.loadModels();
	}

	/** The model as the bytes of a TF.js layers zip. Waits for the prediction under way, as one model at a time is held in use. */
	async exportModel(model: ModelChoice): Promise<Uint8Array<ArrayBuffer>> {
		return this.#inTurn(() => this.#options.trainer.exportModel(model.ref));
	}

	/**
	 * Masks (at the threshold) or probability maps of all images under all chosen models. What is not in memory is
	 * predicted again. Rejects with `cancelled`.
	 */
	async archive(kind: MaskKind, colourOf: ClassColour): Promise<MaskArchive> {
		this.#archiving = new AbortController();
		const { images, chosen: models, thresholdLevel } = this;
		this.saving = { done: 0, total: images.length * models.length };
		try {
			return await maskArchive<PredictionImage, ModelChoice>({
				kind,
				images,
				models,
				predict: async (image, model) => {
					const outcome = await this.#predicted({ key: jobKey(image, model), image, model });
					if (outcome.state === 'done') return outcome.prediction;
					throw outcome.state === 'failed' ? outcome.error : new AppError('cancelled');
				},
				thresholdLevel,
				colourOf,
				signal: this.#archiving.signal,
				onProgress: (done, total) => (this.saving = { done, total }),
			});
		} finally {
			this.saving = null;
			this.#go();
		}
	}

	/** Something was asked for: a cancel before it no longer holds. */
	#ask(): void {
		this.cancelled = false;
		this.#go();
	}

	#go(): void {
		this.#going ??= this.#work().finally(() => {
			this.#going = null;
			this.progress = null;
		});
	}

	async #work(): Promise<void> {
		// What is asked for in one go is looked at together.
		await Promise.resolve();
		for (let job = this.#next(); job; job = this.#next()) {
			this.progress = this.tally;
			await this.#predicted(job);
		}
	}

	#allJobs(): Job[] {
		return this.images.flatMap((image) => this.#jobsOf(image));
	}

	#jobsOf(image: PredictionImage): Job[] {
		return this.chosen.map((model) => ({ key: jobKey(image, model), image, model }));
	}

	#isDone(key: string): boolean {
		return this.#seen.has(key) || this.#failures.has(key);
	}

	/** First what is looked at, then the rest in order for as long as memory lasts. */
	#next(): Job | undefined {
		// An archive goes through all images itself.
		if (this.cancelled || this.saving) return undefined;
		const lacking = ({ key }: Job): boolean => !this.#cache.has(key) && !this.#failures.has(key);
		const wanted = this.shown && this.#jobsOf(this.shown).find(lacking);
		if (wanted) return wanted;
		const next = this.#allJobs().find(({ key }) => !this.#isDone(key));
		return next && this.#cache.hasRoom ? next : undefined;
	}

	/** The outcome of a job, from memory or predicted now. */
	async #predicted({ key, image, model }: Job): Promise<Outcome> {
		const kept = this.#cache.get(key);
		if (kept) return { state: 'done', prediction: kept };
		try {
			const raster = await image.read();
			const prediction = await this.#inTurn(() => this.#predict(model, raster));
			// The images may have been removed meanwhile.
			if (!this.images.includes(image)) return { state: 'waiting' };
			const shown = this.shown;
			this.#cache.put(key, prediction, (other) => shown !== null && other.startsWith(`${shown.id} `));
			this.#seen.add(key);
			return { state: 'done', prediction };
		} catch (error) {
			this.#failures.set(key, error);
			return { state: 'failed', error };
		} finally {
			this.#version++;
		}
	}

	/** A worker that ends because another backend was chosen is no failure: the next one is asked. */
	async #predict(model: ModelChoice, image: Raster): Promise<Prediction> {
		const ask = (): Promise<Prediction> => this.#options.trainer.predict({ model: model.ref, image, backend: this.#options.backend() });
		try {
			return await ask();
		} catch (error) {
			if (!(error instanceof AppError) || error.code !== 'cancelled') throw error;
			return ask();
		}
	}

	#turn: Promise<unknown> = Promise.resolve();

	/** One call to the trainer at a time. */
	#inTurn<T>(work: () => Promise<T>): Promise<T> {
		const result = this.#turn.then(work);
		this.#turn = result.catch(() => undefined);
		return result;
	}
}
