/** From pairs of pixels to a stored data set: metadata first, then the pixels again, one sample in memory at a time. */
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import { fingerprintOf } from '#lib/core/hash.ts';
import type { DatasetMeta, LabelMap, LabelScheme, Raster, SampleMeta, SamplePixels } from '#lib/core/sample.ts';
import { type MeasuredSample, measureSample } from './measured-sample.ts';
import type { ImportProblem } from './opened-file.ts';

/** One sample that can be read (or drawn) any number of times, always with the same pixels. */
export interface SampleSource {
	/** Unique within the data set. */
	readonly id: string;
	readonly name: string;
	readonly path: string;
	/** '' when the mask comes from no file. */
	readonly maskPath: string;
	/** As `SampleMeta.tileOf`. */
	readonly tileOf?: string | undefined;
	read(): Promise<SamplePixels>;
}

export interface BuildOptions {
	readonly name: string;
	readonly source: DatasetMeta['source'];
	readonly scheme: LabelScheme;
	readonly samples: readonly SampleSource[];
	/** Measures elsewhere than in this thread; it may take the pixels over, which are used only as they come back. */
	readonly measure?: ((pixels: SamplePixels) => Promise<MeasuredSample>) | undefined;
	readonly signal?: AbortSignal | undefined;
	readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
}

/** Every sample is measured, then read again and stored. */
export interface BuildProgress {
	readonly stage: 'measuring' | 'storing';
	/** Samples of this stage. */
	readonly done: number;
	readonly total: number;
}

export interface BuiltDataset {
	readonly meta: DatasetMeta;
	/** The pixels of `meta.samples`, in order; for `Records.putDataset`. Rejects with `dataset-changed` when a sample reads otherwise. */
	readonly pixels: AsyncIterable<{ readonly sampleId: string; readonly image: Raster; readonly mask: LabelMap }>;
	/** Samples that could not be read and are not part of the data set. */
	readonly skipped: readonly ImportProblem[];
}

function describe(source: SampleSource, { image, hash, valueCounts }: MeasuredSample): SampleMeta {
	const { id, name, path, maskPath, tileOf } = source;
	const { width, height, channels, maxValue } = image;
	const meta = { id, name, path, maskPath, width, height, channels, maxValue, valueCounts, hash };
	return tileOf === undefined ? meta : { ...meta, tileOf };
}

interface ReadSample {
	readonly source: SampleSource;
	readonly meta: SampleMeta;
	readonly hash: string;
	readonly sizeBytes: number;
}

type Measure = NonNullable<BuildOptions['measure']>;

async function readOnce(source: SampleSource, measure: Measure): Promise<ReadSample> {
	const pixels = await source.read();
	const { image, mask } = pixels;
	if (image.width !== mask.width || image.height !== mask.height) {
		const facts = { imageWidth: image.width, imageHeight: image.height, maskWidth: mask.width, maskHeight: mask.height };
		throw new AppError('mask-size-differs', { path: source.path, ...facts });
	}
	const sizeBytes = image.data.byteLength + mask.data.byteLength;
	const measured = await measure(pixels);
	return { source, meta: describe(source, measured), hash: measured.hash, sizeBytes };
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
	{ signal, onProgress }: BuildOptions,
	measure: Measure,
): AsyncGenerator<{ sampleId: string } & SamplePixels> {
	for (const [index, { source, hash }] of samples.entries()) {
		throwIfCancelled(signal);
		const again = await measure(await source.read());
		if (again.hash !== hash) throw new AppError('dataset-changed', { path: source.path });
		yield { sampleId: source.id, image: again.image, mask: again.mask };
		onProgress?.({ stage: 'storing', done: index + 1, total: samples.length });
	}
	throwIfCancelled(signal);
}

/**
 * Reads every sample once for the metadata (value counts, sizes, fingerprint); `pixels` then reads each a second time, so
 * that memory holds one sample, what its files keep (a picture that is cut into tiles, and its mask), and a piece of it on its way
 * to storage, however many there are. Samples that fail are skipped and named. Rejects with `cancelled`.
 */
export async function buildDataset(options: BuildOptions): Promise<BuiltDataset> {
	const { measure = measureSample } = options;
	const samples: ReadSample[] = [];
	const skipped: ImportProblem[] = [];
	for (const [index, source] of options.samples.entries()) {
		throwIfCancelled(options.signal);
		try {
			samples.push(await readOnce(source, measure));
		} catch (error) {
			if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
			skipped.push(problemOf(source, error));
		}
		options.onProgress?.({ stage: 'measuring', done: index + 1, total: options.samples.length });
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
	return { meta, skipped, pixels: readAgain(samples, options, measure) };
}
