/** Records for tests: small, whole, and different wherever a mix-up could hide. */
import { defaultSpec } from '#lib/core/experiment.ts';
import { murmur3 } from '#lib/core/random.ts';
import type { Checkpoint, CheckpointTag } from '#lib/core/records.ts';
import type { EpochRow, ExperimentRecord, Preview, RunRecord } from '#lib/core/run.ts';
import type { DatasetMeta, LabelMap, MaskVersion, Raster, SamplePixels } from '#lib/core/sample.ts';

/** Bytes that do not compress and depend on the seed. */
export function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
	const words = new Uint32Array(Math.ceil(length / 4));
	for (let index = 0; index < words.length; index++) words[index] = murmur3([index], seed);
	return new Uint8Array(words.buffer, 0, length);
}

export function raster(width: number, height: number, channels: number, bits: 8 | 16, seed: number): Raster {
	const bytes = noise(width * height * channels * 2, seed);
	const data = bits === 16 ? new Uint16Array(bytes.buffer, 0, width * height * channels) : bytes.slice(0, width * height * channels);
	return { width, height, channels, maxValue: bits === 16 ? 65535 : 255, data };
}

export function labelMap(width: number, height: number, bits: 8 | 16, seed: number): LabelMap {
	const { data } = raster(width, height, 1, bits, seed);
	return { width, height, data };
}

export function dataset(id: string, sampleIds: readonly string[], createdAt = 1_700_000_000_000): DatasetMeta {
	return {
		version: 1,
		id,
		name: `Data <b>${id}</b> — ÅÖ`,
		createdAt,
		source: { kind: 'files' },
		samples: sampleIds.map((sampleId) => ({
			id: sampleId,
			name: `${sampleId}.png`,
			path: `images/${sampleId}.png`,
			maskPath: `masks/${sampleId}.png`,
			width: 5,
			height: 3,
			channels: 1,
			maxValue: 255,
			valueCounts: [
				[0, 10],
				[255, 5],
			],
		})),
		scheme: {
			kind: 'values',
			classes: [
				{ name: 'background', values: [0] },
				{ name: '__proto__', values: [255] },
			],
			ignore: [],
		},
		sizeBytes: 30 * sampleIds.length,
		fingerprint: 'f'.repeat(64),
	};
}

export function maskVersion(id: string, sampleId: string, createdAt = 1_700_000_000_000): MaskVersion {
	return { version: 1, id, sampleId, createdAt, beganFrom: 'the file’s mask', valueCounts: [[255, 15]], hash: 'd'.repeat(64) };
}

/** The data set with another mask of sample `a` in use. */
export function revision(id: string, originId: string, version: string, createdAt?: number): DatasetMeta {
	const meta = dataset(id, ['a'], createdAt);
	return { ...meta, origin: originId, samples: meta.samples.map((sample) => ({ ...sample, maskVersion: version })) };
}

export async function* stream(
	samples: Readonly<Record<string, SamplePixels>>,
): AsyncGenerator<{ readonly sampleId: string } & SamplePixels> {
	for (const [sampleId, pixels] of Object.entries(samples)) yield { sampleId, ...pixels };
}

function run(id: string): RunRecord {
	return {
		id,
		lossKey: 'dice',
		seed: 1,
		state: 'queued',
		step: 0,
		epoch: 0,
		best: null,
		failure: null,
		weightsHash: null,
		test: null,
	};
}

export function experiment(id: string, runIds: readonly string[], createdAt = 1_700_000_000_000): ExperimentRecord {
	return {
		version: 1,
		id,
		name: `Experiment ${id}`,
		createdAt,
		datasetId: 'cells',
		datasetFingerprint: 'f'.repeat(64),
		scheme: {
			kind: 'values',
			classes: [
				{ name: 'background', values: [0] },
				{ name: 'foreground', values: [255] },
			],
			ignore: [],
		},
		spec: { ...defaultSpec, losses: [{ key: 'dice', label: 'Dice', loss: 'dice', values: { smooth: 1 }, learningRateFactor: 1 }] },
		split: { train: ['a', 'b'], validation: ['c'], test: [] },
		hash: 'c'.repeat(64),
		backend: { name: 'wasm', device: 'SIMD', reason: 'There is no WebGPU.' },
		runs: runIds.map(run),
	};
}

export function epochRow(experimentId: string, runId: string, epoch: number, gradientNorm = 0.5): EpochRow {
	return {
		version: 1,
		experimentId,
		runId,
		epoch,
		step: epoch * 3,
		stepLosses: Float32Array.of(0.75, 0.5, 0.25),
		validationLoss: null,
		learningRate: 0.003,
		gradientNorm,
		validation: [
			{ kind: 'binary', sampleId: 'c', histogram: Uint32Array.from({ length: 512 }, (_, level) => level + epoch) },
			{ kind: 'classes', sampleId: 'd', classes: 2, confusion: Uint32Array.of(4, 3, 2, 1) },
		],
	};
}

export function preview(sampleId: string, seed: number): Preview {
	return { sampleId, kind: 'binary', width: 4, height: 2, data: noise(8, seed) };
}

export function checkpoint(
	experimentId: string,
	runId: string,
	step: number,
	tags: readonly CheckpointTag[],
	lengthBytes = 64,
): Checkpoint {
	return {
		manifest: {
			version: 1,
			experimentId,
			runId,
			step,
			epoch: Math.floor(step / 3),
			createdAt: 1_700_000_000_000 + step,
			tensors: [{ name: 'conv/kernel', shape: [2, 2, 1, 4], offsetBytes: 0 }],
			chunkHashes: [],
			partialLosses: [0.5, Number.NaN],
			partialGradientNorms: [1, Number.POSITIVE_INFINITY],
			datasetFingerprint: 'f'.repeat(64),
			comparisonHash: 'c'.repeat(64),
			backend: 'wasm SIMD',
			best: { epoch: 1, dice: 0.5 },
			epochsWithoutGain: 0,
			tags,
		},
		bytes: noise(lengthBytes, step),
	};
}
