/** One mask under the hand of a person: where it begins, how it is saved beside the others, and which version is in use. */
import { AppError } from '#lib/core/errors.ts';
import { pixelsHash } from '#lib/core/hash.ts';
import type { Records } from '#lib/core/records.ts';
import type { BackendName } from '#lib/core/run.ts';
import { classNames, type DatasetMeta, type LabelMap, type MaskVersion, type Raster } from '#lib/core/sample.ts';
import { readSample } from '#lib/core/stored-sample.ts';
import type { Trainer } from '#lib/core/trainer.ts';
import { keptCounts } from '#lib/importers/measured-sample.ts';
import { classLookup, toClassMap, toLabelMap } from '#lib/pixels/labels.ts';
import { MaskEdit } from '#lib/pixels/mask-edit.ts';
import type { Datasets } from './datasets.svelte.ts';
import { ModelLibrary, type ModelChoice } from './model-library.ts';

export interface MaskEditingOptions {
	readonly records: Records;
	readonly datasets: Datasets;
	readonly trainer: Pick<Trainer, 'predict'>;
	readonly backend: () => BackendName | 'auto';
	/** From this probability level on a predicted pixel is foreground. */
	readonly thresholdLevel: () => number;
}

/** What a mask can begin from anew: nothing, a mask that is stored, or what a model predicts. */
export type Beginning = 'nothing' | 'in use' | 'first' | ModelChoice;

interface Session {
	readonly dataset: DatasetMeta;
	readonly sampleId: string;
	readonly image: Raster;
	/** The mask in use, as stored. */
	readonly mask: LabelMap;
	readonly edit: MaskEdit;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.every((value, at) => value === b[at]);

export class MaskEditing {
	/** Null while nothing is edited. */
	session = $state.raw<Session | null>(null);
	/** Of the image's mask, oldest first, without the one that was opened. */
	versions = $state.raw<readonly MaskVersion[]>([]);
	/** Models whose classes are those of the data set. */
	models = $state.raw<readonly ModelChoice[]>([]);
	/** What is being done, in a few words; '' when nothing is. */
	doing = $state('');
	error = $state.raw<unknown>(null);
	/** Rises whenever the map changed: its bytes are no state. */
	#changes = $state(0);
	readonly #options: MaskEditingOptions;
	readonly #library: ModelLibrary;

	constructor(options: MaskEditingOptions) {
		this.#options = options;
		this.#library = new ModelLibrary(options.records);
	}

	get changes(): number {
		return this.#changes;
	}

	/** True when closing would lose strokes. */
	readonly unsaved: boolean = $derived.by(() => {
		void this.#changes;
		const { session } = this;
		return session !== null && !sameBytes(session.edit.classes, this.#classesOf(session.mask, session.dataset));
	});

	/** The id of the version in use; null for the mask that was opened. */
	readonly inUse: string | null = $derived.by(() => {
		const { session } = this;
		return session?.dataset.samples.find(({ id }) => id === session.sampleId)?.maskVersion ?? null;
	});

	/** The map was changed by the hand that draws. */
	noteChange(): void {
		this.#changes++;
	}

	async open(dataset: DatasetMeta, sampleId: string): Promise<void> {
		await this.#noting('Opening', async () => {
			await this.#show(dataset, sampleId);
			const names = classNames(dataset.scheme).join('\n');
			const models = (await this.#library.list()).flatMap((group) => group.models);
			this.models = models.filter(({ facts, problem }) => problem === '' && facts && classNames(facts.scheme).join('\n') === names);
		});
	}

	close(): void {
		this.session = null;
	}

	/** Puts another map in place of this one; locked classes stay, and it can be taken back. */
	async beginFrom(beginning: Beginning): Promise<void> {
		await this.#noting('Beginning anew', async () => {
			const { session } = this;
			if (!session) return;
			const [classes, words] = await this.#beginningOf(session, beginning);
			session.edit.replace(classes, words);
			this.noteChange();
		});
	}

	/** Keeps the mask as a version of its own and puts it in use. The masks before it stay. */
	async save(): Promise<void> {
		await this.#noting('Saving', async () => {
			const { session } = this;
			if (!session || !this.unsaved) return;
			const { dataset, sampleId, image, edit } = session;
			edit.endStroke();
			const mask = toLabelMap(edit.classes, session.mask, dataset.scheme);
			const version: MaskVersion = {
				version: 1,
				id: crypto.randomUUID(),
				sampleId,
				createdAt: Date.now(),
				beganFrom: edit.beganFrom || this.#wordsFor(this.inUse),
				valueCounts: keptCounts(mask),
				hash: await pixelsHash({ image, mask }),
			};
			await this.#options.datasets.addMask(dataset, version, mask);
			const saved = this.#options.datasets.current ?? dataset;
			// The strokes can still be taken back.
			this.session = { ...session, dataset: saved, mask };
			await this.#readVersions(saved, sampleId);
		});
	}

	/** Puts another version in use; null for the mask that was opened. */
	async use(version: MaskVersion | null): Promise<void> {
		await this.#noting('Changing the mask', async () => {
			const { session } = this;
			if (!session) return;
			await this.#options.datasets.useMask(session.dataset, session.sampleId, version);
			await this.#show(this.#options.datasets.current ?? session.dataset, session.sampleId);
		});
	}

	async #show(dataset: DatasetMeta, sampleId: string): Promise<void> {
		const { image, mask } = await readSample(this.#options.records, dataset.id, sampleId);
		const edit = new MaskEdit(mask.width, mask.height, this.#classesOf(mask, dataset));
		this.session = { dataset, sampleId, image, mask, edit };
		await this.#readVersions(dataset, sampleId);
	}

	async #readVersions(dataset: DatasetMeta, sampleId: string): Promise<void> {
		const all = await this.#options.records.listMaskVersions(dataset.id);
		this.versions = all.filter((version) => version.sampleId === sampleId);
	}

	async #beginningOf(session: Session, beginning: Beginning): Promise<[classes: Uint8Array, words: string]> {
		const { dataset, sampleId, image, mask } = session;
		if (beginning === 'nothing') return [new Uint8Array(mask.data.length), 'nothing'];
		if (beginning === 'in use') return [this.#classesOf(mask, dataset), this.#wordsFor(this.inUse)];
		if (beginning === 'first') {
			const first = await this.#options.records.getMask(dataset.id, sampleId, 'first');
			if (!first) throw new AppError('dataset-missing', { sample: sampleId });
			return [this.#classesOf(first, dataset), this.#wordsFor(null)];
		}
		const { backend, thresholdLevel, trainer } = this.#options;
		const { kind, data } = await trainer.predict({ model: beginning.ref, image, backend: backend() });
		const level = thresholdLevel();
		const classes = kind === 'classes' ? data : data.map((probability) => (probability >= level ? 1 : 0));
		return [classes, `the prediction of ${beginning.name}, ${beginning.detail}`];
	}

	#wordsFor(versionId: string | null): string {
		return versionId === null ? 'the first mask' : `version ${this.versions.findIndex(({ id }) => id === versionId) + 2}`;
	}

	#classesOf(mask: LabelMap, dataset: DatasetMeta): Uint8Array {
		return toClassMap(mask, classLookup(dataset.scheme));
	}

	async #noting(doing: string, work: () => Promise<void>): Promise<void> {
		this.doing = doing;
		this.error = null;
		try {
			await work();
		} catch (error) {
			this.error = error;
		} finally {
			this.doing = '';
			this.noteChange();
		}
	}
}
