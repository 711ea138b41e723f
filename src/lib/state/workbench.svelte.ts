/** Everything that lives as long as the page: records, data sets, the spec, the training, what is looked at. */
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { Records, StorageReport } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import { meaningOf, originOf, outputChannels, type DatasetMeta } from '#lib/core/sample.ts';
import type { OpenedFile } from '#lib/importers/opened-file.ts';
import type { RecipeValues } from '#lib/samples/recipe.ts';
import { openRecords } from '#lib/storage/open-records.ts';
import { requestPersistence } from '#lib/storage/persistence.ts';
import { holdProjectLock, requestTakeOver, waitForLock } from '#lib/storage/project-lock.ts';
import { TrainerClient } from '#lib/worker/client.ts';
import { DecodeClient } from '#lib/worker/decode-client.ts';
import { TrainerPool } from '#lib/worker/pool.ts';
import { Backend, type BackendChoice } from './backend.svelte.ts';
import { CodeSaving } from './code-saving.svelte.ts';
import { Comparison } from './comparison.svelte.ts';
import { DataDoctor } from './data-doctor.svelte.ts';
import { Datasets, splitOf } from './datasets.svelte.ts';
import { FileImport } from './file-import.svelte.ts';
import { ImageList } from './image-list.svelte.ts';
import { Lessons } from './lessons.svelte.ts';
import { LoadedSamples } from './loaded-samples.svelte.ts';
import { MaskEditing } from './mask-editing.svelte.ts';
import { MaskMeasurement } from './mask-measurement.svelte.ts';
import { OwnLosses } from './own-losses.svelte.ts';
import { Projects } from './projects.svelte.ts';
import { splitProblem } from './repeats.ts';
import { Selection } from './selection.svelte.ts';
import { specChanges } from './spec-changes.ts';
import { SpecEditor } from './spec-editor.svelte.ts';
import { specFromHash } from './spec-link.ts';
import { SpeedTest, type Estimate } from './speed-test.svelte.ts';
import { weightsOrigin, type WeightsChoice } from './train-on.ts';
import { Training } from './training.svelte.ts';

/** One tab writes; the name is shared by all tabs of the app on this origin and path. */
const lockName = (basePath: string): string => `workbench ${basePath}`;

export class Workbench {
	readonly records: Records;
	readonly datasets: Datasets;
	readonly files: FileImport;
	readonly spec = new SpecEditor();
	readonly trainer: TrainerPool;
	readonly backend: Backend;
	readonly decoder = new DecodeClient();
	readonly training: Training;
	readonly selection = new Selection();
	readonly comparison: Comparison;
	readonly images: ImageList;
	readonly samples: LoadedSamples;
	readonly doctor: DataDoctor;
	readonly measurement: MaskMeasurement;
	readonly ownLosses: OwnLosses;
	readonly masks: MaskEditing;
	readonly projects = new Projects(this);
	readonly lessons = new Lessons(this);
	readonly code: CodeSaving;
	readonly speed: SpeedTest;
	storage = $state.raw<StorageReport>({ kind: 'memory', reason: '', usedBytes: 0, persisted: false, damagedRecords: 0 });
	experiments = $state.raw<readonly ExperimentRecord[]>([]);
	/** False while another tab is the one that writes. */
	writable = $state(true);
	/** True while the address holds a link that came during a training. */
	linkWaits = $state(false);
	error = $state.raw<unknown>(null);
	readonly #basePath: string;

	private constructor(records: Records, basePath: string, inMemory: boolean) {
		this.records = records;
		this.#basePath = basePath;
		const cores = navigator.hardwareConcurrency || 1;
		this.trainer = new TrainerPool({ create: () => new TrainerClient({ basePath, memoryRecords: inMemory ? records : null }), cores });
		this.backend = new Backend({ records, trainer: this.trainer, onError: (error) => (this.error = error) });
		this.speed = new SpeedTest({
			records,
			trainer: this.trainer,
			cores,
			restart: () => this.#restartWorkers(),
			isHidden: () => document.hidden,
		});
		this.datasets = new Datasets(records);
		this.files = new FileImport(this.datasets, this.decoder);
		this.ownLosses = new OwnLosses(records, this.trainer, `${basePath}/cage.html`);
		this.training = new Training(
			records,
			this.trainer,
			({ spec, scheme }) => this.ownLosses.prepare(spec, outputChannels(scheme)),
			(experiment, fold, backend) => {
				const dataset = this.datasets.list.find(({ id }) => id === experiment.datasetId);
				return dataset ? this.speed.expectedStepMs(backend, dataset, experiment, fold) : null;
			},
		);
		this.code = new CodeSaving(records, this.trainer, this.training);
		this.comparison = new Comparison(this.training, this.selection);
		this.images = new ImageList(this.training, this.comparison, this.selection);
		this.samples = new LoadedSamples(records);
		this.doctor = new DataDoctor(records);
		this.masks = new MaskEditing({
			records,
			datasets: this.datasets,
			trainer: this.trainer,
			backend: () => this.backend.choice,
			thresholdLevel: () => this.selection.thresholdLevel,
		});
		this.measurement = new MaskMeasurement({ trainer: this.trainer, samples: this.samples });
	}

	/** Opens the records and what was on the screen last. Rejects with `storage-newer` when a newer app has stored here. */
	static async open(basePath: string): Promise<Workbench> {
		const records = await openRecords({ basePath });
		const storage = await records.report();
		const workbench = new Workbench(records, basePath, storage.kind === 'memory');
		workbench.storage = storage;
		await workbench.#takeLock();
		await workbench.datasets.load();
		await workbench.#noting(() => workbench.ownLosses.load());
		await workbench.#noting(() => workbench.speed.load());
		await workbench.backend.load();
		await workbench.refresh();
		await workbench.#noting(() => workbench.#takeLinkOrReopen());
		void workbench.backend.open();
		return workbench;
	}

	readonly split = $derived.by(() => (this.datasets.current ? splitOf(this.datasets.current, this.spec.split) : null));

	/** Why Start cannot be pressed; '' when it can. */
	readonly blocked: string = $derived.by(() => {
		if (!this.writable) return 'Another tab is at work. Take over here first.';
		if (!this.datasets.current) return 'Open images and masks, or choose a sample first.';
		const problem = this.split ? splitProblem(this.split) : '';
		if (problem !== '') return problem;
		if (this.spec.losses.length === 0) return 'Choose at least one loss.';
		return this.#strangeCode(this.spec.losses) || (this.spec.problems[0] ?? '');
	});

	/** Of the experiment on the screen. */
	readonly masksDiffer: boolean = $derived.by(() => {
		const { experiment } = this.training;
		return experiment !== null && this.usesOtherMasks(experiment);
	});

	/** True for an experiment that was made with the images that are open and other masks than are in use. */
	usesOtherMasks({ datasetId }: Pick<ExperimentRecord, 'datasetId'>): boolean {
		const { current, list } = this.datasets;
		const used = list.find(({ id }) => id === datasetId);
		return current !== null && used !== undefined && used.id !== current.id && originOf(used) === originOf(current);
	}

	/** Why the runs on the screen cannot go on; '' when they can. Losses that came with a project are recorded from their code first. */
	readonly resumeBlocked: string = $derived.by(() => {
		if (!this.writable) return 'Another tab is at work. Take over here first.';
		return this.#strangeCode(this.training.experiment?.spec.losses.filter(({ own }) => own?.graphs.length === 0) ?? []);
	});

	#strangeCode(losses: readonly LossChoice[]): string {
		const strange = losses.find(({ own }) => own && !this.ownLosses.mayRun(own.code));
		return strange ? `${strange.label} has code that was not written here. Look at it and allow it first.` : '';
	}

	/** What differs between the experiment on the screen and the spec as it stands; empty without an experiment. */
	readonly changes: readonly string[] = $derived.by(() => {
		const { experiment } = this.training;
		if (!experiment) return [];
		const { current } = this.datasets;
		const data = this.masksDiffer ? ['Other masks'] : experiment.datasetId === current?.id ? [] : ['Another data set'];
		const meaning = !current || meaningOf(experiment.scheme) === meaningOf(current.scheme) ? [] : ['What the mask values mean'];
		return [...data, ...meaning, ...specChanges(experiment.spec, this.spec.spec)];
	});

	/** The open data set as the runs on the screen see it: the mask values mean what they meant when the runs began. */
	readonly shown: DatasetMeta | null = $derived.by(() => {
		const { experiment } = this.training;
		const { current } = this.datasets;
		if (!current || experiment?.datasetId !== current.id || meaningOf(experiment.scheme) === meaningOf(current.scheme)) return current;
		return { ...current, scheme: experiment.scheme };
	});

	/** Opens projects at once; other files are looked through and shown first. */
	async openFiles(files: readonly OpenedFile[]): Promise<void> {
		const others = await this.projects.open(files);
		if (others.length > 0) await this.files.scan(others);
	}

	/** Draws a sample and makes it the open data set. */
	async useSample(recipeId: string, values: RecipeValues, seed: number): Promise<void> {
		await this.#noting(() => this.datasets.createSample(recipeId, values, seed));
		await this.adapt();
	}

	/** Takes over what a link that was put into the address carries, once nothing trains. True when it was taken. */
	async openLink(): Promise<boolean> {
		const carries = /^#(?:experiment|lesson)=/u.test(location.hash) && !this.lessons.isOpen(location.hash);
		this.linkWaits = carries && this.training.active;
		if (!carries || this.linkWaits) return false;
		let taken = false;
		await this.#noting(async () => void (taken = await this.#takeLink()));
		return taken;
	}

	async openDataset(id: string): Promise<void> {
		await this.datasets.open(id);
		await this.#reopenLast();
	}

	/** After another data set was opened: forgets the experiment on the screen and fits the spec to the new pixels. */
	async adapt(): Promise<void> {
		if (!this.datasets.current) return;
		await this.training.clear();
		this.selection.reset();
		this.spec.adaptTo(this.datasets.current);
		await this.refresh();
	}

	async deleteDataset(id: string): Promise<void> {
		await this.training.clear();
		await this.#noting(() => this.datasets.remove(id));
		await this.refresh();
	}

	/** Puts the choices back to those of the experiment on the screen. */
	async revert(): Promise<void> {
		const { experiment } = this.training;
		const { shown } = this;
		if (!experiment) return;
		this.spec.load(experiment.spec);
		if (this.masksDiffer) await this.datasets.open(experiment.datasetId);
		if (shown && shown !== this.datasets.current) await this.#noting(() => this.datasets.setScheme(shown.id, shown.scheme));
	}

	async #noting(work: () => Promise<void>): Promise<void> {
		try {
			this.error = null;
			await work();
		} catch (error) {
			this.error = error;
		}
	}

	/** How long Start would take here; null before this computer was measured. */
	readonly estimate: Estimate | null = $derived.by(() => {
		const { split } = this;
		const { report } = this.backend;
		const { current } = this.datasets;
		if (this.blocked !== '' || !report || !split || !current) return null;
		return this.speed.estimate(report, current, split, this.spec.spec);
	});

	/** Why the speed cannot be measured now; '' when it can. */
	readonly measureBlocked: string = $derived.by(() => {
		if (this.training.active) return 'Pause the training first: both would be slower, and the result wrong.';
		if (this.blocked !== '') return this.blocked;
		return this.backend.report ? '' : 'What the app computes with is still starting.';
	});

	/** Measures how fast this computer trains the choices as they are. Paused runs are opened again from their checkpoints later. */
	async measureSpeed(): Promise<void> {
		const { report } = this.backend;
		const { current } = this.datasets;
		if (this.measureBlocked !== '' || !report || !current) return;
		await this.training.forgetTrainer();
		const outputs = outputChannels(current.scheme);
		await this.speed.measure(report, this.ownLosses.prepare(this.spec.spec, outputs), outputs);
	}

	async start(): Promise<void> {
		await this.speed.cancel();
		const dataset = this.datasets.current;
		if (this.blocked !== '' || !dataset || !this.split) return;
		this.selection.reset();
		void requestPersistence();
		const spec = this.ownLosses.prepare(this.spec.spec, outputChannels(dataset.scheme));
		await this.training.start(dataset, spec, this.split, this.backend.choice);
		await this.refresh();
	}

	/** Why the runs on the screen cannot be trained on with the masks in use; '' when they can. */
	readonly trainOnBlocked: string = $derived.by(() => {
		const { experiment } = this.training;
		const { current } = this.datasets;
		if (!this.writable) return this.blocked;
		if (!experiment || !current || !this.masksDiffer) return 'These runs were trained on the masks in use.';
		if (experiment.scheme.classes.length !== current.scheme.classes.length)
			return 'There are other classes than these runs were trained on.';
		return '';
	});

	/**
	 * A new experiment on the masks in use, with the choices and the split of the one on the screen: an image that was held
	 * back stays held back from weights that have not seen it.
	 */
	async trainOn(choice: WeightsChoice): Promise<void> {
		const { experiment } = this.training;
		const { current } = this.datasets;
		if (this.trainOnBlocked !== '' || !experiment || !current) return;
		await this.#noting(async () => {
			await this.speed.cancel();
			const startsFrom = await weightsOrigin(this.records, experiment, choice);
			this.spec.load(experiment.spec);
			this.selection.reset();
			void requestPersistence();
			await this.training.start(current, experiment.spec, experiment.split, this.backend.choice, startsFrom);
		});
		await this.refresh();
	}

	async resume(steps?: number): Promise<void> {
		await this.speed.cancel();
		await this.training.resume(this.backend.choice, steps);
		await this.refresh();
	}

	/** Ends the runs for good where they stand, and keeps their models. */
	async stop(): Promise<void> {
		await this.speed.cancel();
		await this.training.stop(this.backend.choice);
	}

	/** Keeps the paused runs' weights as they are, whatever comes after. */
	async pin(): Promise<void> {
		await this.speed.cancel();
		await this.training.pin(this.backend.choice);
	}

	/** Shows a stored experiment with its data set and spec. */
	async reopen(experimentId: string): Promise<void> {
		await this.training.reopen(experimentId);
		const { experiment } = this.training;
		if (!experiment) return;
		if (this.datasets.list.some((dataset) => dataset.id === experiment.datasetId)) await this.datasets.open(experiment.datasetId);
		this.spec.load(experiment.spec);
		this.selection.reset();
	}

	async deleteExperiment(id: string): Promise<void> {
		if (this.training.experiment?.id === id) await this.training.clear();
		await this.records.deleteExperiment(id);
		await this.refresh();
	}

	/** Reads the list of experiments and how much is stored. */
	async refresh(): Promise<void> {
		this.experiments = await this.records.listExperiments();
		this.storage = await this.records.report();
	}

	/** Changes the backend: the workers end and new ones start. Not while a run is active. */
	async chooseBackend(choice: BackendChoice): Promise<void> {
		await this.speed.cancel();
		await this.training.forgetTrainer();
		this.error = null;
		await this.backend.choose(choice);
	}

	async #restartWorkers(): Promise<void> {
		this.error = null;
		await this.backend.restart();
	}

	/** Asks the tab that writes to pause and let go. */
	takeOver(): void {
		requestTakeOver(lockName(this.#basePath));
	}

	/** True when the address, or a lesson that was not left, said what to show. */
	async #takeLink(): Promise<boolean> {
		const shared = specFromHash(location.hash);
		if (!shared) return this.lessons.open(location.hash);
		this.spec.loadShared(shared);
		await this.lessons.leave();
		return true;
	}

	/** What was on the screen last comes back also when the link cannot be read. */
	async #takeLinkOrReopen(): Promise<void> {
		let taken = false;
		try {
			taken = await this.#takeLink();
		} finally {
			if (!taken) await this.#reopenLast();
		}
	}

	async #reopenLast(): Promise<void> {
		const dataset = this.datasets.current;
		const last = this.experiments.find((experiment) => experiment.datasetId === dataset?.id);
		if (last) await this.reopen(last.id);
		else if (dataset) await this.adapt();
	}

	async #takeLock(): Promise<void> {
		const name = lockName(this.#basePath);
		const options = { onTakeOverRequest: () => void this.#letGo() };
		const lock = await holdProjectLock(name, options);
		this.writable = lock.held;
		this.#release = () => lock.release();
		if (!lock.held) void this.#waitForTurn();
	}

	#release: () => void = () => undefined;

	async #letGo(): Promise<void> {
		await this.speed.cancel();
		await this.training.pauseAndWait();
		await this.training.forgetTrainer();
		this.#release();
		this.writable = false;
		void this.#waitForTurn();
	}

	async #waitForTurn(): Promise<void> {
		const lock = await waitForLock(lockName(this.#basePath), new AbortController().signal, { onTakeOverRequest: () => void this.#letGo() });
		this.#release = () => lock.release();
		await this.datasets.load();
		await this.refresh();
		await this.#noting(() => this.#takeLinkOrReopen());
		this.writable = true;
	}
}
