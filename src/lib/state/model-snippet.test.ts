import { expect, it } from 'vitest';
import type { PrepareSpec } from '#lib/core/experiment.ts';
import type { Raster } from '#lib/core/sample.ts';
import { nodePlatform } from '#lib/engine/platform-node.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from '#lib/engine/testing/experiments.ts';
import { tf, tfl } from '#lib/engine/tf.ts';
import { EngineTrainer } from '#lib/engine/trainer.ts';
import { openZip } from '#lib/importers/zip.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { modelSnippet, predictionBody, stockProblem } from './model-snippet.ts';

/** What someone else's program would do: unpack the archive, load it with stock code, run the snippet on the image. */
async function foreignPrediction(zip: Uint8Array<ArrayBuffer>, body: string, image: Raster): Promise<ArrayLike<number>> {
	const { files } = await openZip('m.zip', zip);
	const bytes = async (name: string) => (await files.find(({ path }) => path === `m.zip/${name}`)?.bytes()) ?? new Uint8Array();
	const json = async (name: string) => JSON.parse(new TextDecoder().decode(await bytes(name)));
	const { modelTopology, weightsManifest } = await json('model.json');
	const artifacts = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData: (await bytes('weights.bin')).buffer };
	const model = await tfl.loadLayersModel(tf.io.fromMemory(artifacts));
	const rgb = Int32Array.from({ length: image.width * image.height * 3 }, (_, i) => image.data[Math.floor(i / 3)]!);
	// `fromPixels` needs a browser's image; everything else runs as it is written.
	const fromPixels = () => tf.tensor3d(rgb, [image.height, image.width, 3], 'int32');
	// eslint-disable-next-line @typescript-eslint/no-implied-eval -- the snippet is what is tested
	const run = new Function('tf', 'model', 'card', 'image', body) as (...values: unknown[]) => ReturnType<typeof fromPixels>;
	const card = await json('overlap.json');
	const values = await tf.tidy(() => run({ ...tf, browser: { fromPixels } }, model, card, image)).data();
	model.dispose();
	return values;
}

const noise = (width: number, height: number): Raster => ({
	width,
	height,
	channels: 1,
	maxValue: 255,
	data: Uint8Array.from({ length: width * height }, (_, i) => (i * 37 + (i >> 5) * 11) % 256),
});

const large = noise(90, 71);
const cases: { sizing: PrepareSpec['sizing']; intensity: PrepareSpec['intensity']; recipe: string; image: Raster }[] = [
	{ sizing: 'stretch', intensity: 'range', recipe: 'cells', image: large },
	{ sizing: 'stretch', intensity: 'percentile', recipe: 'cells', image: noise(20, 30) },
	{ sizing: 'stretch', intensity: 'zscore-set', recipe: 'cells', image: large },
	{ sizing: 'pad', intensity: 'zscore-image', recipe: 'cells', image: large },
	{ sizing: 'pad', intensity: 'range', recipe: 'tissue', image: large },
	// One tile, so that nothing is blended.
	{ sizing: 'crop', intensity: 'range', recipe: 'cells', image: noise(32, 32) },
];

it.each(cases)('the snippet predicts what the app predicts: $sizing, $intensity, $recipe', async ({ sizing, intensity, recipe, image }) => {
	const records = memoryRecords('a test');
	const base = tinySpec();
	const spec = tinySpec({ prepare: { ...base.prepare, sizing, intensity }, losses: [lossChoice('crossEntropy')] });
	const dataset = await storeSample(records, recipe);
	await storeExperiment(records, dataset, spec);
	const trainer = new EngineTrainer(records, nodePlatform);
	await trainer.open({ experimentId: 'experiment', runIds: ['crossentropy-s1'], backend: 'wasm' }, () => undefined);
	await trainer.advance(4);
	await trainer.checkpoint({ final: false });
	await trainer.close();
	const model = { kind: 'run', experimentId: 'experiment', runId: 'crossentropy-s1', which: 'last' } as const;

	const { data, kind } = await trainer.predict({ model, image, backend: 'wasm' });
	const body = predictionBody({ net: spec.net, prepare: spec.prepare, scheme: dataset.scheme });
	const foreign = await foreignPrediction(await trainer.exportModel(model), body, image);

	// Float sums in another order: a level may round to its neighbour, and two classes that are equally likely may swap.
	const isOff =
		kind === 'binary' ? (p: number, i: number) => Math.abs(p * 256 - data[i]! - 0.5) > 1.5 : (c: number, i: number) => c !== data[i];
	expect(foreign).toHaveLength(image.width * image.height);
	expect(Array.from(foreign).filter(isOff).length).toBeLessThanOrEqual(kind === 'binary' ? 0 : 2);
});

it('names folder, threshold and classes in the example', () => {
	const { net, prepare } = tinySpec();
	const named = (...names: string[]) => ({
		kind: 'values' as const,
		classes: names.map((name, value) => ({ name, values: [value] })),
		ignore: [],
	});
	const binary = modelSnippet({ net, prepare, scheme: named('background', 'cell') }, 'dice', 0.25);
	expect(binary).toContain("tf.loadLayersModel('dice/model.json')");
	expect(binary).toContain('tf.greaterEqual(predict(image), 0.25); // true: cell');
	const several = modelSnippet({ net, prepare, scheme: named('background', 'cell', 'nucleus') }, 'dice', 0.25);
	expect(several).toContain('// 0 background, 1 cell, 2 nucleus');
});

it('says which models stock TensorFlow.js cannot open', () => {
	const { net } = tinySpec();
	expect(stockProblem({ ...net, norm: 'batch', dropout: 0 })).toBe('');
	expect(stockProblem({ ...net, norm: 'group', dropout: 0.2 })).toContain('group normalisation and dropout');
});
