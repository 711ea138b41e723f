/** The shape of every stored record. Readers check against these and trust nothing; writers check too, so that nothing unreadable is stored. */
import * as v from 'valibot';
import type { ErrorCode } from '#lib/core/errors.ts';
import { experimentSpecSchema } from '#lib/core/experiment.ts';
import type { CheckpointManifest, SettingValue } from '#lib/core/records.ts';
import type { EpochRow, ExperimentRecord, ImageEvidence, Preview, RunRecord } from '#lib/core/run.ts';
import type { DatasetMeta, LabelScheme, MaskVersion, SampleMeta } from '#lib/core/sample.ts';

const version = v.literal(1);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A measured number may be NaN or infinite: a diverging run is stored as it was. */
const measured = v.custom<number>((value) => typeof value === 'number');
const text = v.string();
const numbers = v.record(text, measured);
const textRecord = v.record(text, v.union([text, measured]));
/** Codes are only ever added, so a newer app's code must not make a record unreadable. */
const errorCode = v.custom<ErrorCode>((value) => typeof value === 'string');
const colour = v.exactOptional(text);
const namedClass = v.object({ name: text, colour });

const labelSchemeSchema = v.variant('kind', [
	v.object({
		kind: v.literal('values'),
		classes: v.array(v.object({ name: text, colour, values: v.array(count) })),
		ignore: v.array(count),
	}),
	v.object({
		kind: v.literal('threshold'),
		threshold: v.number(),
		inverted: v.boolean(),
		classes: v.tuple([namedClass, namedClass]),
		ignore: v.array(count),
	}),
]) satisfies v.GenericSchema<LabelScheme>;

/** By hand, not by nested schemas: ten thousand samples hold up to 2.5 million of these pairs. */
const valueCounts = v.custom<[value: number, count: number][]>(
	(value) =>
		Array.isArray(value) &&
		value.every((pair) => Array.isArray(pair) && pair.length === 2 && Number.isInteger(pair[0]) && Number.isInteger(pair[1])),
);

const sampleMetaSchema = v.object({
	id: text,
	name: text,
	path: text,
	maskPath: text,
	width: count,
	height: count,
	channels: count,
	maxValue: count,
	valueCounts,
	hash: v.exactOptional(text),
	tileOf: v.exactOptional(text),
	maskVersion: v.exactOptional(text),
}) satisfies v.GenericSchema<SampleMeta>;

const maskVersionFields = {
	version,
	id: text,
	sampleId: text,
	createdAt: v.number(),
	beganFrom: text,
	valueCounts,
	hash: text,
};
export const maskVersionSchema = v.object(maskVersionFields) satisfies v.GenericSchema<MaskVersion>;
/** A mask version under the pixels that it belongs to. */
export interface StoredMaskVersion extends MaskVersion {
	readonly pixelSet: string;
}
export const storedMaskVersionSchema = v.object({
	pixelSet: text,
	...maskVersionFields,
}) satisfies v.GenericSchema<StoredMaskVersion>;

export const datasetMetaSchema = v.object({
	version,
	id: text,
	name: text,
	createdAt: v.number(),
	source: v.variant('kind', [
		v.object({ kind: v.literal('files') }),
		v.object({ kind: v.literal('sample'), recipe: text, values: v.record(text, v.number()), seed: v.number() }),
	]),
	samples: v.array(sampleMetaSchema),
	scheme: labelSchemeSchema,
	sizeBytes: count,
	fingerprint: text,
	origin: v.exactOptional(text),
}) satisfies v.GenericSchema<DatasetMeta>;

const evidenceSchema = v.variant('kind', [
	v.object({ kind: v.literal('binary'), sampleId: text, histogram: v.instance(Uint32Array) }),
	v.object({ kind: v.literal('classes'), sampleId: text, classes: count, confusion: v.instance(Uint32Array) }),
]) satisfies v.GenericSchema<ImageEvidence>;

const bestSchema = v.nullable(v.object({ epoch: count, dice: measured }));

const runSchema = v.object({
	id: text,
	lossKey: text,
	seed: count,
	fold: v.exactOptional(count),
	state: v.picklist(['queued', 'running', 'paused', 'finished', 'failed']),
	step: count,
	epoch: count,
	best: bestSchema,
	failure: v.nullable(v.object({ code: errorCode, facts: textRecord })),
	weightsHash: v.nullable(text),
	test: v.nullable(v.object({ best: v.array(evidenceSchema), last: v.array(evidenceSchema) })),
}) satisfies v.GenericSchema<RunRecord>;

export const experimentSchema = v.object({
	version,
	id: text,
	name: text,
	createdAt: v.number(),
	datasetId: text,
	datasetFingerprint: text,
	scheme: labelSchemeSchema,
	spec: experimentSpecSchema,
	split: v.object({ train: v.array(text), validation: v.array(text), test: v.array(text), folds: v.exactOptional(v.array(v.array(text))) }),
	hash: text,
	backend: v.nullable(v.object({ name: v.picklist(['webgpu', 'wasm', 'webgl', 'cpu']), device: text, reason: text })),
	runs: v.array(runSchema),
	startsFrom: v.exactOptional(
		v.object({
			experimentId: text,
			experimentName: text,
			which: v.picklist(['best', 'last']),
			runs: v.array(v.object({ runId: text, from: text, epoch: count, checkpoint: text })),
		}),
	),
}) satisfies v.GenericSchema<ExperimentRecord>;

export const epochRowSchema = v.object({
	version,
	experimentId: text,
	runId: text,
	epoch: count,
	step: count,
	stepLosses: v.instance(Float32Array),
	validationLoss: v.nullable(measured),
	learningRate: measured,
	gradientNorm: measured,
	readings: v.exactOptional(numbers),
	validation: v.array(evidenceSchema),
}) satisfies v.GenericSchema<EpochRow>;

export const previewSchema = v.object({
	sampleId: text,
	kind: v.picklist(['binary', 'classes']),
	width: count,
	height: count,
	data: v.instance(Uint8Array),
}) satisfies v.GenericSchema<Preview>;

/** All previews of one epoch of one run. */
export interface StoredPreviews {
	readonly version: 1;
	readonly experimentId: string;
	readonly runId: string;
	readonly epoch: number;
	readonly previews: readonly Preview[];
}

export const previewsSchema = v.object({
	version,
	experimentId: text,
	runId: text,
	epoch: count,
	previews: v.array(previewSchema),
}) satisfies v.GenericSchema<StoredPreviews>;

export const manifestSchema = v.object({
	version,
	experimentId: text,
	runId: text,
	step: count,
	epoch: count,
	createdAt: v.number(),
	tensors: v.array(v.object({ name: text, shape: v.array(count), offsetBytes: count })),
	chunkHashes: v.array(text),
	partialLosses: v.array(measured),
	partialGradientNorms: v.array(measured),
	lossState: v.exactOptional(numbers),
	datasetFingerprint: text,
	comparisonHash: text,
	backend: text,
	best: bestSchema,
	epochsWithoutGain: count,
	tags: v.array(v.picklist(['latest', 'best', 'final', 'pinned'])),
}) satisfies v.GenericSchema<CheckpointManifest>;

/** The manifest with what the store knows about it. */
export interface StoredCheckpoint {
	readonly version: 1;
	readonly experimentId: string;
	readonly runId: string;
	/** Rises by one with every checkpoint of the run. */
	readonly sequence: number;
	readonly manifest: CheckpointManifest;
	/** SHA-256 of the manifest's canonical JSON. */
	readonly manifestHash: string;
	readonly lengthBytes: number;
	/** A reader found that its hashes do not hold; it is kept for export and left out of retention. */
	readonly damaged: boolean;
}

export const checkpointSchema = v.object({
	version,
	experimentId: text,
	runId: text,
	sequence: count,
	manifest: manifestSchema,
	manifestHash: text,
	lengthBytes: count,
	damaged: v.boolean(),
}) satisfies v.GenericSchema<StoredCheckpoint>;

/**
 * Which set of pixels belongs to a data set: written in the same transaction as the metadata, small enough to read per image.
 * Data sets that differ in masks alone share one; `masks` are then the versions in use, by sample.
 */
export const pixelSetSchema = v.object({ version, datasetId: text, pixelSet: text, masks: v.exactOptional(v.record(text, text)) });
export type StoredPixelSet = v.InferOutput<typeof pixelSetSchema>;

/** An import under way: its pixels belong to no data set yet, and what it has of an experiment to no experiment. */
export const importSchema = v.object({
	version,
	pixelSet: text,
	datasetId: text,
	experimentId: v.exactOptional(text),
	startedAt: v.number(),
});

/** What the bytes of one image or mask mean. Samples of 16 bits are little-endian, as every browser's platform is. */
export const pixelsSchema = v.pipe(
	v.object({
		version,
		pixelSet: text,
		sampleId: text,
		/** `image`, `mask`, or the id of a mask version. */
		kind: text,
		width: count,
		height: count,
		channels: count,
		maxValue: count,
		bits: v.picklist([8, 16]),
		lengthBytes: count,
	}),
	v.check((pixels) => pixels.lengthBytes === (pixels.width * pixels.height * pixels.channels * pixels.bits) / 8),
);
export type StoredPixels = v.InferOutput<typeof pixelsSchema>;

export const chunkSchema = v.object({ version, bytes: v.instance(ArrayBuffer) });

export const modelSchema = v.object({ version, id: text, name: text, createdAt: v.number(), lengthBytes: count });

export const settingSchema = v.object({
	version,
	key: text,
	value: v.union([text, measured, v.boolean()]) satisfies v.GenericSchema<SettingValue>,
});

/** Throws an ordinary error, because only a bug gets here, when a record could not be read back. */
export function assertStorable(schema: v.GenericSchema, record: unknown): void {
	const result = v.safeParse(schema, record);
	if (result.success) return;
	const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'record'}: ${issue.message}`);
	throw new Error(`A record does not fit its schema. ${faults.join('; ')}`);
}
