/** Models that predict: weights of a checkpoint or of an opened file, kept while they are in use. */
import { AppError } from '#lib/core/errors.ts';
import { inputChannels } from '#lib/core/experiment.ts';
import type { Records } from '#lib/core/records.ts';
import { experimentOfFold } from '#lib/core/run.ts';
import { outputChannels, type Raster } from '#lib/core/sample.ts';
import type { ModelRef, Prediction } from '#lib/core/trainer.ts';
import { normalise } from '#lib/pixels/intensity.ts';
import { tagOf, unpackTensors } from './checkpoint.ts';
import { displayed } from './evidence.ts';
import { ExperimentData } from './experiment-data.ts';
import { predictWhole } from './forward.ts';
import { readModelZip, type LoadedModel } from './model-file.ts';
import { weightsOf } from './run-net.ts';
import { buildUNet } from './unet.ts';

/** Models kept in memory. */
const keptModels = 6;
/** Squares predicted at once. */
const batch = 4;

export class Predictor {
	readonly #records: Records;
	readonly #loaded = new Map<string, LoadedModel>();

	constructor(records: Records) {
		this.#records = records;
	}

	/** Throws `checkpoint-missing`, `checkpoint-damaged`, `model-unreadable`. */
	async load(ref: ModelRef): Promise<LoadedModel> {
		const key = ref.kind === 'model' ? ref.modelId : `${ref.experimentId}/${ref.runId}/${ref.which}/${await this.#stepOf(ref)}`;
		const known = this.#loaded.get(key);
		if (known) return known;
		const model = ref.kind === 'model' ? await this.#fromFile(ref.modelId) : await this.#fromRun(ref);
		this.#loaded.set(key, model);
		const [oldest] = this.#loaded;
		if (this.#loaded.size > keptModels && oldest) {
			oldest[1].net.probabilities.dispose();
			this.#loaded.delete(oldest[0]);
		}
		return model;
	}

	/** Predicts one image at its own size. */
	async predict(ref: ModelRef, image: Raster): Promise<Prediction> {
		const startedAt = performance.now();
		const { net, card } = await this.load(ref);
		const normal = normalise(image, card.prepare, card.statistics);
		const options = { prepare: card.prepare, outputs: outputChannels(card.scheme), batch };
		for await (const { probabilities } of predictWhole(net, [{ image: normal, classes: null }], options)) {
			const { width, height } = image;
			return { width, height, scheme: card.scheme, ...displayed(probabilities), elapsedMs: performance.now() - startedAt };
		}
		throw new TypeError('an image gave no prediction');
	}

	async #stepOf(ref: Extract<ModelRef, { kind: 'run' }>): Promise<number> {
		const manifests = await this.#records.listCheckpoints(ref.experimentId, ref.runId);
		const tag = tagOf(ref.which);
		return Math.max(-1, ...manifests.filter((manifest) => manifest.tags.includes(tag)).map((manifest) => manifest.step));
	}

	async #fromFile(modelId: string): Promise<LoadedModel> {
		const stored = await this.#records.getModel(modelId);
		if (!stored) throw new AppError('model-unreadable', { reason: 'the model is no longer stored' });
		return readModelZip(stored.zip);
	}

	async #fromRun(ref: Extract<ModelRef, { kind: 'run' }>): Promise<LoadedModel> {
		const experiment = await this.#records.getExperiment(ref.experimentId);
		const stored = await this.#records.getCheckpoint(ref.experimentId, ref.runId, tagOf(ref.which));
		const run = experiment?.runs.find((candidate) => candidate.id === ref.runId);
		const loss = experiment?.spec.losses.find((choice) => choice.key === run?.lossKey);
		if (!experiment || !run || !stored || !loss) throw new AppError('checkpoint-missing', { run: ref.runId });
		const { dataset, statistics, outputs } = await ExperimentData.describe(this.#records, experimentOfFold(experiment, run.fold));
		const net = buildUNet(experiment.spec.net, inputChannels(experiment.spec.prepare), outputs);
		unpackTensors(stored.manifest.tensors, stored.bytes, weightsOf(net));
		return {
			net,
			card: {
				version: 1,
				name: `${dataset.name} ${loss.label}`,
				loss,
				seed: run.seed,
				epoch: stored.manifest.epoch,
				net: experiment.spec.net,
				prepare: experiment.spec.prepare,
				statistics,
				scheme: dataset.scheme,
				comparisonHash: experiment.hash,
			},
		};
	}
}
