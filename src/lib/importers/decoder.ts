/** Who reads the bytes of pictures: this thread, or a worker under a limit. Those who ask cannot tell. */
import { AppError, type ErrorCode, type ErrorFacts } from '#lib/core/errors.ts';
import type { LabelMap, Raster, SamplePixels } from '#lib/core/sample.ts';
import { type Bytes, type FormatTools, type ImageFormat, type ImageHeader, type StoredMask, unsupported } from './format.ts';
import { describeMask, type LabelEncoding, labelMapOf, type MaskFacts } from './mask-values.ts';
import { type MeasuredSample, measureSample } from './measured-sample.ts';

/** One picture of a file, or why it cannot be read. */
export interface DescribedPicture {
	/** Where it lies in a file that may hold several. */
	readonly page: number | undefined;
	readonly header: ImageHeader | null;
	readonly failure: { readonly code: ErrorCode; readonly facts: ErrorFacts } | null;
}

export interface DescribedFile {
	/** In order; at least one. */
	readonly pictures: readonly DescribedPicture[];
	/** What a person should know about the file as a whole, as sentences. */
	readonly notes: readonly string[];
}

/** A picture whose header was read. */
export interface Picture {
	readonly format: ImageFormat;
	readonly header: ImageHeader;
	readonly page: number | undefined;
}

/**
 * Reads pictures from the bytes of their files. All methods reject with the file's failure: `image-unreadable`,
 * `image-too-large`, `format-unsupported` or `mask-has-too-many-values`. What is passed in is handed over: nobody else may use
 * it any more.
 */
export interface Decoder {
	/** Headers and structure of all pictures of a file, without decoding pixels. */
	describe(format: ImageFormat, bytes: Bytes): Promise<DescribedFile>;
	/** Colours or grey levels, upright. */
	readImage(picture: Picture, bytes: Bytes): Promise<Raster>;
	/** The stored values, exactly. */
	readLabels(picture: Picture, bytes: Bytes): Promise<StoredMask>;
	/** What the stored values are, without them. */
	describeMask(picture: Picture, bytes: Bytes): Promise<MaskFacts>;
	readLabelMap(picture: Picture, bytes: Bytes, encoding: LabelEncoding): Promise<LabelMap>;
	/** What is kept of a sample beside its pixels, which come back. Rejects with `image-unreadable` when memory runs out. */
	measure(pixels: SamplePixels): Promise<MeasuredSample>;
}

/** Reads in this thread. Without `decodePhoto`, photos are refused by name. */
export class LocalDecoder implements Decoder {
	readonly #tools: FormatTools;

	constructor(tools: FormatTools = {}) {
		this.#tools = tools;
	}

	async describe(format: ImageFormat, bytes: Bytes): Promise<DescribedFile> {
		const { pages, notes } = format.listPages?.(bytes) ?? { pages: [undefined], notes: [] };
		return { pictures: pages.map((page) => this.#describePicture(format, bytes, page)), notes };
	}

	#describePicture(format: ImageFormat, bytes: Bytes, page: number | undefined): DescribedPicture {
		try {
			const header = format.readHeader(bytes, page);
			if (format.needsBrowser && !this.#tools.decodePhoto) throw unsupported(`${format.name} outside a browser`);
			return { page, header, failure: null };
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			return { page, header: null, failure: { code: error.code, facts: error.facts } };
		}
	}

	readImage({ format, page }: Picture, bytes: Bytes): Promise<Raster> {
		return format.readImage(bytes, this.#tools, page);
	}

	readLabels({ format, page }: Picture, bytes: Bytes): Promise<StoredMask> {
		return format.readLabels(bytes, this.#tools, page);
	}

	async describeMask(picture: Picture, bytes: Bytes): Promise<MaskFacts> {
		return describeMask(await this.readLabels(picture, bytes));
	}

	async readLabelMap(picture: Picture, bytes: Bytes, encoding: LabelEncoding): Promise<LabelMap> {
		return labelMapOf(await this.readLabels(picture, bytes), encoding);
	}

	measure(pixels: SamplePixels): Promise<MeasuredSample> {
		return measureSample(pixels);
	}
}
