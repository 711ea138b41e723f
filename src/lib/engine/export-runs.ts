/** The arrays that repeat an experiment elsewhere: first weights, and every batch as the net is shown it. */
import { inputChannels, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { ExportedArray, ExportedRuns, ExportedSeed } from '#lib/core/exported-runs.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import { BatchSource, type TrainingSample } from './batches.ts';
import type { ExperimentData } from './experiment-data.ts';
import { weightsOf } from './run-net.ts';
import { buildUNet, initialise } from './unet.ts';

/** True where a batch is a choice of the prepared images and a way to lay each. */
function isOnlyLaid({ augment, prepare }: ExperimentSpec): boolean {
	return (
		prepare.sizing !== 'crop' && [augment.scale, augment.brightness, augment.contrast, augment.noise].every((strength) => strength === 0)
	);
}

/** Bytes of one square with its class map. */
function bytesOfPair({ prepare }: ExperimentSpec): number {
	return prepare.size ** 2 * (4 * inputChannels(prepare) + 1);
}

async function firstWeights(spec: ExperimentSpec, outputs: number, seed: number): Promise<ExportedArray[]> {
	const net = buildUNet(spec.net, inputChannels(spec.prepare), outputs);
	try {
		initialise(net, seed);
		const weights: ExportedArray[] = [];
		for (const { name, variable } of weightsOf(net))
			weights.push({ name, shape: variable.shape, data: new Float32Array(await variable.data<'float32'>()) });
		return weights;
	} finally {
		net.logits.dispose();
	}
}

function sharedImages(training: readonly TrainingSample[], { prepare }: ExperimentSpec): ExportedArray[] {
	const { size } = prepare;
	const [pixels, inputs] = [size * size, inputChannels(prepare)];
	const images = new Float32Array(training.length * pixels * inputs);
	const classes = new Uint8Array(training.length * pixels);
	training.forEach((sample, index) => {
		images.set(sample.image.data, index * pixels * inputs);
		classes.set(sample.classes, index * pixels);
	});
	return [
		{ name: 'images', shape: [training.length, size, size, inputs], data: images },
		{ name: 'classes', shape: [training.length, size, size], data: classes },
	];
}

function laidBatches(source: BatchSource, steps: number, batch: number): ExportedArray {
	const symmetries = new Uint8Array(steps * batch);
	for (let step = 0; step < steps; step++)
		symmetries.set(
			source.symmetries(step).map(({ flip, turns }) => (flip ? 4 : 0) + turns),
			step * batch,
		);
	return { name: 'symmetries', shape: [steps, batch], data: symmetries };
}

function wholeBatches(source: BatchSource, steps: number, { prepare, training }: ExperimentSpec): ExportedArray[] {
	const [{ size }, { batchSize: batch }, inputs] = [prepare, training, inputChannels(prepare)];
	const pixels = size * size;
	const images = new Float32Array(steps * batch * pixels * inputs);
	const classes = new Uint8Array(steps * batch * pixels);
	for (let step = 0; step < steps; step++) {
		source.pairs(step).forEach((pair, slot) => {
			images.set(pair.image, (step * batch + slot) * pixels * inputs);
			classes.set(pair.classes, (step * batch + slot) * pixels);
		});
	}
	return [
		{ name: 'images', shape: [steps, batch, size, size, inputs], data: images },
		{ name: 'classes', shape: [steps, batch, size, size], data: classes },
	];
}

/**
 * Every training square once where that repeats the run and fits into `mostBytes`; else whole batches, as many steps as fit.
 * @param experiment as the runs of one fold see it, where there are folds
 */
export async function exportRuns({ spec }: ExperimentRecord, data: ExperimentData, mostBytes: number): Promise<ExportedRuns> {
	const { seeds, training } = spec;
	const { batchSize } = training;
	const laid = isOnlyLaid(spec) && data.training.length * bytesOfPair(spec) <= mostBytes;
	const room = Math.max(1, Math.floor(mostBytes / (seeds.length * batchSize * bytesOfPair(spec))));
	const { stepsPerEpoch } = new BatchSource(data.training, spec, 0);
	const totalSteps = stepsPerEpoch * training.epochs;
	const heldSteps = laid ? totalSteps : Math.min(totalSteps, room);
	const exported: ExportedSeed[] = [];
	for (const seed of seeds) {
		const source = new BatchSource(data.training, spec, seed);
		const order = new Int32Array(heldSteps * batchSize);
		for (let step = 0; step < heldSteps; step++) order.set(source.indices(step), step * batchSize);
		exported.push({
			seed,
			weights: await firstWeights(spec, data.outputs, seed),
			arrays: [
				{ name: 'batches', shape: [heldSteps, batchSize], data: order },
				...(laid ? [laidBatches(source, heldSteps, batchSize)] : wholeBatches(source, heldSteps, spec)),
			],
		});
	}
	return {
		inputs: inputChannels(spec.prepare),
		outputs: data.outputs,
		classPixels: data.facts.classPixels,
		stepsPerEpoch,
		totalSteps,
		heldSteps,
		shared: laid ? sharedImages(data.training, spec) : null,
		seeds: exported,
	};
}
