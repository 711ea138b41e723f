/** What a project file holds, by path, and how each piece is checked. */
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import { datasetMetaSchema, previewSchema, epochRowSchema } from './schema.ts';

/** Names the file: an archive that holds it is a project. Written last, as it lists all others. */
export const projectManifestPath = 'overlap-project.json';
/** Raised when an older app could not read what is written. */
export const projectVersion = 1;

export const datasetPath = 'dataset.json';
export const experimentPath = 'experiment.json';
export const samplePath = (place: number, kind: 'image' | 'mask'): string => `samples/${place + 1}-${kind}.bin`;
export const epochPath = (run: number, epoch: number): string => `runs/${run + 1}/epoch-${epoch}.json`;
export const checkpointPaths = (run: number, place: number) =>
	({ manifest: `runs/${run + 1}/checkpoint-${place + 1}.json`, weights: `runs/${run + 1}/checkpoint-${place + 1}.bin` }) as const;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const headSchema = v.object({ format: v.literal('overlap-project'), version: count });

/** One other file of the project. */
const entrySchema = v.object({
	path: v.string(),
	sizeBytes: count,
	/** Of its bytes, unpacked; 64 hexadecimal digits. */
	sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
});
export type ProjectEntry = v.InferOutput<typeof entrySchema>;

export const projectManifestSchema = v.object({
	format: v.literal('overlap-project'),
	version: v.literal(projectVersion),
	/** In the order of the file. */
	entries: v.array(entrySchema),
});

/** The shape of stored pixels; samples of 16 bits are little-endian. */
const pixelsSchema = v.object({ width: count, height: count, channels: count, maxValue: count, bits: v.picklist([8, 16]) });
export type PixelHeader = v.InferOutput<typeof pixelsSchema>;

export const datasetFileSchema = v.object({
	dataset: datasetMetaSchema,
	/** By sample, in the data set's order. */
	pixels: v.array(v.object({ image: pixelsSchema, mask: pixelsSchema })),
});

export const epochFileSchema = v.object({ row: epochRowSchema, previews: v.array(previewSchema) });

/** `reason` completes "It is damaged or was changed after it was saved: …". */
export function projectUnreadable(reason: string, cause?: unknown): AppError {
	return new AppError('project-unreadable', { reason }, { cause });
}
