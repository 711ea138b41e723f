/** A small experiment on drawn cells, for the engine's tests in Node and in the browser. */
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { comparisonHash } from '#lib/core/hash.ts';
import type { Records } from '#lib/core/records.ts';
import { queuedRuns, type ExperimentRecord, type WeightsOrigin } from '#lib/core/run.ts';
import type { DatasetMeta, SampleMeta } from '#lib/core/sample.ts';
import { splitSamples } from '#lib/core/split.ts';
import { foregroundShare } from '#lib/pixels/labels.ts';
import { sampleRecipes } from '#lib/samples/index.ts';

export function lossChoice(loss: string): LossChoice {
	return { key: loss.toLowerCase(), label: loss, loss, values: {}, learningRateFactor: 1 };
}

/** A spec small enough for plain JavaScript: 16 drawn images at 32², Tiny. */
export function tinySpec(change: Partial<ExperimentSpec> = {}): ExperimentSpec {
	return {
		...defaultSpec,
		prepare: { ...defaultSpec.prepare, size: 32 },
		net: { ...defaultSpec.net, depth: 2, base: 4 },
		training: { ...defaultSpec.training, epochs: 2, batchSize: 2 },
		losses: [lossChoice('crossEntropy'), lossChoice('dice')],
		...change,
	};
}

/** Draws a data set of a recipe and stores it. */
export async function storeSample(records: Records, recipeId = 'cells', images = 10): Promise<DatasetMeta> {
	const recipe = sampleRecipes.find((candidate) => candidate.id === recipeId);
	if (!recipe) throw new RangeError(recipeId);
	const values = { images, size: 64, foreground: recipe.params.foreground.default, noise: recipe.params.noise.default };
	const drawn = Array.from({ length: images }, (_, index) => ({ sampleId: `s${index}`, ...recipe.draw(values, 1, index) }));
	const samples = drawn.map(({ sampleId, name, image, mask }): SampleMeta => {
		const counts = new Map<number, number>();
		for (const value of mask.data) counts.set(value, (counts.get(value) ?? 0) + 1);
		const { width, height, channels, maxValue } = image;
		return {
			id: sampleId,
			name,
			path: name,
			maskPath: name,
			width,
			height,
			channels,
			maxValue,
			valueCounts: [...counts].sort((a, b) => a[0] - b[0]),
		};
	});
	const dataset: DatasetMeta = {
		version: 1,
		id: `dataset-${recipeId}`,
		name: recipe.name,
		createdAt: 0,
		source: { kind: 'sample', recipe: recipe.id, values, seed: 1 },
		samples,
		scheme: recipe.scheme,
		sizeBytes: 0,
		fingerprint: `${recipeId}-${images}`,
	};
	async function* pixels(): Parameters<Records['putDataset']>[1] extends AsyncIterable<infer P> ? AsyncGenerator<P> : never {
		yield* drawn;
	}
	await records.putDataset(dataset, pixels());
	return dataset;
}

/** Stores an experiment of the spec on a data set. */
export async function storeExperiment(
	records: Records,
	dataset: DatasetMeta,
	spec: ExperimentSpec,
	id = 'experiment',
	startsFrom?: WeightsOrigin,
): Promise<ExperimentRecord> {
	const candidates = dataset.samples.map((sample) => ({
		id: sample.id,
		name: sample.name,
		foregroundShare: foregroundShare(sample, dataset.scheme),
	}));
	const split = splitSamples(candidates, spec.split);
	const record: ExperimentRecord = {
		version: 1,
		id,
		name: id,
		createdAt: 0,
		datasetId: dataset.id,
		datasetFingerprint: dataset.fingerprint,
		scheme: dataset.scheme,
		spec,
		split,
		hash: await comparisonHash(spec, dataset, split, startsFrom),
		backend: null,
		runs: queuedRuns(spec),
		...(startsFrom ? { startsFrom } : {}),
	};
	await records.putExperiment(record);
	return record;
}
