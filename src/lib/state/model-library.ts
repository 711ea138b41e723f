/** Every model that can predict: the kept weights of all stored runs, and models opened from files. */
import * as v from 'valibot';
import { netSpecSchema, prepareSpecSchema, type NetSpec, type PrepareSpec } from '#lib/core/experiment.ts';
import { lossChoiceSchema } from '#lib/core/loss-choice.ts';
import type { CheckpointManifest, Records, StoredModel } from '#lib/core/records.ts';
import { repeatInWords, type ExperimentRecord, type RunRecord } from '#lib/core/run.ts';
import { labelSchemeSchema, type DatasetMeta, type LabelScheme } from '#lib/core/sample.ts';
import type { ModelRef } from '#lib/core/trainer.ts';
import { openZip } from '#lib/importers/zip.ts';

/** What has to be known to use a model outside the app. */
export interface ModelFacts {
	readonly net: NetSpec;
	readonly prepare: PrepareSpec;
	readonly scheme: LabelScheme;
}

export interface ModelChoice {
	/** Stays the same while the run goes on training. */
	readonly key: string;
	readonly ref: ModelRef;
	/** Changes with the weights behind `ref`. */
	readonly version: string;
	/** The loss' label, or the file's name. */
	readonly name: string;
	/** Seed, best or last, epoch. */
	readonly detail: string;
	/** Null when they are unknown: the data set is gone, or a file does not state them. */
	readonly facts: ModelFacts | null;
	/** Why it cannot be used, as a sentence; '' when it can. */
	readonly problem: string;
}

export interface ModelGroup {
	readonly key: string;
	/** The data set's name; '' for models opened from files. */
	readonly dataset: string;
	/** Milliseconds since 1970. */
	readonly createdAt: number;
	readonly models: readonly ModelChoice[];
}

/** The part of a model file's `overlap.json` that is shown; the engine reads the whole. */
const cardSchema = v.object({
	loss: lossChoiceSchema,
	seed: v.number(),
	epoch: v.number(),
	net: netSpecSchema,
	prepare: prepareSpecSchema,
	scheme: labelSchemeSchema,
});
type Card = v.InferOutput<typeof cardSchema>;

async function readCard({ name, zip }: StoredModel): Promise<Card | null> {
	try {
		const { files } = await openZip(name, zip);
		const file = files.find(({ path }) => path.endsWith('/overlap.json'));
		const text = new TextDecoder().decode(await file?.bytes());
		return v.parse(cardSchema, JSON.parse(text));
	} catch {
		// The engine reads the file again before it predicts, and says then what is wrong.
		return null;
	}
}

type Kept = { which: 'best' | 'last' | 'pinned'; said: string; manifest: CheckpointManifest };

/** The weights to offer: best and last, or one entry when they are the same; and the newest pinned ones when they are others. */
function keptWeights(manifests: readonly CheckpointManifest[]): Kept[] {
	const last = manifests.findLast((manifest) => manifest.tags.some((tag) => tag !== 'pinned'));
	const best = manifests.findLast((manifest) => manifest.tags.includes('best'));
	const pinned = manifests.findLast((manifest) => manifest.tags.includes('pinned'));
	const kept: Kept[] = [];
	if (best && best.step === last?.step) kept.push({ which: 'best', said: 'best and last', manifest: best });
	else {
		if (best) kept.push({ which: 'best', said: 'best', manifest: best });
		if (last) kept.push({ which: 'last', said: 'last', manifest: last });
	}
	if (pinned && !kept.some(({ manifest }) => manifest.step === pinned.step)) {
		kept.push({ which: 'pinned', said: `pinned at step ${pinned.step}`, manifest: pinned });
	}
	return kept;
}

function problemOf(experiment: ExperimentRecord, dataset: DatasetMeta | undefined): string {
	if (!dataset) return 'Its data set was deleted, and with it the meaning of its classes.';
	return dataset.fingerprint === experiment.datasetFingerprint ? '' : 'Its data set is no longer the one it was trained on.';
}

export class ModelLibrary {
	readonly #records: Records;
	/** By model id: a stored file never changes. */
	readonly #cards = new Map<string, Card | null>();

	constructor(records: Records) {
		this.#records = records;
	}

	/** All models, opened files first, then experiments, the newest first. Groups without a model are left out. */
	async list(): Promise<ModelGroup[]> {
		const datasets = new Map((await this.#records.listDatasets()).map((dataset) => [dataset.id, dataset]));
		const groups = [await this.#openedGroup()];
		for (const experiment of await this.#records.listExperiments()) {
			groups.push(await this.#experimentGroup(experiment, datasets.get(experiment.datasetId)));
		}
		return groups.filter((group) => group.models.length > 0);
	}

	async #experimentGroup(experiment: ExperimentRecord, dataset: DatasetMeta | undefined): Promise<ModelGroup> {
		const models: ModelChoice[] = [];
		for (const run of experiment.runs) models.push(...(await this.#runChoices(experiment, run, dataset)));
		const { id, createdAt, name } = experiment;
		return { key: id, dataset: dataset?.name ?? name, createdAt, models };
	}

	async #runChoices(experiment: ExperimentRecord, run: RunRecord, dataset: DatasetMeta | undefined): Promise<ModelChoice[]> {
		const { id, scheme, spec } = experiment;
		const manifests = await this.#records.listCheckpoints(id, run.id);
		const name = spec.losses.find((loss) => loss.key === run.lossKey)?.label ?? run.lossKey;
		const facts = dataset ? { net: spec.net, prepare: spec.prepare, scheme } : null;
		return keptWeights(manifests).map(({ which, said, manifest }) => ({
			key: `${id}/${run.id}/${which}`,
			ref: { kind: 'run', experimentId: id, runId: run.id, which },
			version: String(manifest.step),
			name,
			detail: `${repeatInWords(run, spec) || `seed ${run.seed}`} · ${said}, epoch ${manifest.epoch}`,
			facts,
			problem: problemOf(experiment, dataset),
		}));
	}

	async #openedGroup(): Promise<ModelGroup> {
		const models: ModelChoice[] = [];
		let newest = 0;
		for (const model of await this.#records.listModels()) {
			const card = this.#cards.has(model.id) ? (this.#cards.get(model.id) ?? null) : await readCard(model);
			this.#cards.set(model.id, card);
			newest = Math.max(newest, model.createdAt);
			models.push({
				key: `model/${model.id}`,
				ref: { kind: 'model', modelId: model.id },
				version: '',
				name: model.name,
				detail: card ? `${card.loss.label} · seed ${card.seed} · epoch ${card.epoch}` : '',
				facts: card,
				problem: '',
			});
		}
		return { key: 'opened', dataset: '', createdAt: newest, models };
	}
}
