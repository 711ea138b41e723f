/** From pairs of pixels to a stored data set: metadata first, then the pixels again, one sample in memory at a time. */
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import { fingerprintOf, pixelsHash } from '#lib/core/hash.ts';
import type { DatasetMeta, LabelMap, LabelScheme, Raster, SampleMeta, SamplePixels } from '#lib/core/sample.ts';
import { countLabels } from './mask-values.ts';
import type { ImportProblem } from './opened-file.ts';

/** One sample that can be read (or drawn) any number of times, always with the same pixels. */
export interface SampleSource {
	/** Unique within the data set. */
	readonly id: string;
	readonly name: string;
	readonly path: string;
	/** '' when the mask comes from no file. */
	readonly maskPath: string;
	read(): Promise<SamplePixels>;
}

export interface BuildOptions {
	readonly name: string;
	readonly source: DatasetMeta['source'];
	readonly scheme: LabelScheme;
	readonly samples: readonly SampleSource[];
	readonly signal?: AbortSignal | undefined;
	/** Both passes count: `total` is twice the number of samples. */
	readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface BuiltDataset {
	readonly meta: DatasetMeta;
	/** The pixels of `meta.samples`, in order; for `Records.putDataset`. Rejects with `dataset-changed` when a sample reads otherwise. */
	readonly pixels: AsyncIterable<{ readonly sampleId: string; readonly image: Raster; readonly mask: LabelMap }>;
	/** Samples that could not be read and are not part of the data set. */
	readonly skipped: readonly ImportProblem[];
}

/** Entries that `SampleMeta.valueCounts` may have. */
const maxValueCounts = 256;

/** The most frequent values, ascending. */
export function keptCounts(mask: LabelMap): SampleMeta['valueCounts'] {
	const counts = countLabels(mask);
	if (counts.length <= maxValueCounts) return counts;
	const kept = [...counts].sort(([, a], [, b]) => b - a).slice(0, maxValueCounts);
	return kept.sort(([a], [b]) => a - b);
}

function describe(source: SampleSource, { image, mask }: SamplePixels, hash: string): SampleMeta {
	const { id, name, path, maskPath } = source;
	const { width, height, channels, maxValue } = image;
	return { id, name, path, maskPath, width, height, channels, maxValue, valueCounts: keptCounts(mask), hash };
}

interface ReadSample {
	readonly source: SampleSource;
	readonly meta: SampleMeta;
	readonly hash: string;
	readonly sizeBytes: number;
}

async function readOnce(source: SampleSource): Promise<ReadSample> {
	const pixels = await source.read();
	const { image, mask } = pixels;
	if (image.width !== mask.width || image.height !== mask.height) {
		const facts = { imageWidth: image.width, imageHeight: image.height, maskWidth: mask.width, maskHeight: mask.height };
		throw new AppError('mask-size-differs', { path: source.path, ...facts });
	}
	const sizeBytes = image.data.byteLength + mask.data.byteLength;
	const hash = await pixelsHash(pixels);
	return { source, meta: describe(source, pixels, hash), hash, sizeBytes };
}

function problemOf(source: SampleSource, error: AppError): ImportProblem {
	const paths = source.maskPath === '' ? [source.path] : [source.path, source.maskPath];
	return { paths, code: error.code, facts: { path: source.path, ...error.facts } };
}

function randomId(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function* readAgain(
	samples: readonly ReadSample[],
	options: BuildOptions,
	skippedCount: number,
): AsyncGenerator<{ sampleId: string } & SamplePixels> {
	const total = options.samples.length * 2;
	for (const [index, { source, hash }] of samples.entries()) {
		throwIfCancelled(options.signal);
		const pixels = await source.read();
		if ((await pixelsHash(pixels)) !== hash) throw new AppError('dataset-changed', { path: source.path });
		yield { sampleId: source.id, image: pixels.image, mask: pixels.mask };
		options.onProgress?.(options.samples.length + skippedCount + index + 1, total);
	}
}

/**
 * Reads every sample once for the metadata (value counts, sizes, fingerprint); `pixels` then reads each a second time, so
 * that no more than one is in memory. Samples that fail are skipped and named. Rejects with `cancelled`.
 */
export async function buildDataset(options: BuildOptions): Promise<BuiltDataset> {
	const samples: ReadSample[] = [];
	const skipped: ImportProblem[] = [];
	for (const [index, source] of options.samples.entries()) {
		throwIfCancelled(options.signal);
		try {
			samples.push(await readOnce(source));
		} catch (error) {
			if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
			skipped.push(problemOf(source, error));
		}
		options.onProgress?.(index + 1, options.samples.length * 2);
	}
	const meta: DatasetMeta = {
		version: 1,
		id: randomId(),
		name: options.name,
		createdAt: Date.now(),
		source: options.source,
		samples: samples.map((sample) => sample.meta),
		scheme: options.scheme,
		sizeBytes: samples.reduce((sum, sample) => sum + sample.sizeBytes, 0),
		fingerprint: await fingerprintOf(samples.map((sample) => sample.hash)),
	};
	return { meta, skipped, pixels: readAgain(samples, options, skipped.length) };
}
