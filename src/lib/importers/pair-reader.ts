/** Reads the files of pairs: what each mask holds, its label map, and how many pixels have which value. */
import { AppError } from '#lib/core/errors.ts';
import type { LabelMap, LabelScheme, Raster, SamplePixels } from '#lib/core/sample.ts';
import type { CandidatePair } from './candidate-pairs.ts';
import { drawLabels } from './drawn-labels.ts';
import type { FileSet } from './file-set.ts';
import type { ImageHeader, StoredMask } from './format.ts';
import {
	countLabels,
	countsUnder,
	describeMask,
	type LabelEncoding,
	limitToRegion,
	type MaskFacts,
	ObjectFiles,
	type ValueCounts,
} from './mask-values.ts';

/** What is needed to read a pair. */
export type PairFiles = Pick<CandidatePair, 'imagePath' | 'maskPaths' | 'regionPath' | 'channelPaths' | 'drawn'>;

/** How label maps of a data set are made, beyond the encoding. */
export interface LabelOptions {
	readonly encoding: LabelEncoding;
	/** The value of pixels outside of a pair's region. */
	readonly regionValue: number;
}

function sizeDiffers(path: string, image: Pick<ImageHeader, 'width' | 'height'>, mask: Pick<MaskFacts, 'width' | 'height'>): AppError {
	// Exchanged sides mean that one of the two was rotated and the other was not.
	const exchanged = image.width === mask.height && image.height === mask.width ? 1 : 0;
	const facts = { imageWidth: image.width, imageHeight: image.height, maskWidth: mask.width, maskHeight: mask.height, exchanged };
	return new AppError('mask-size-differs', { path, ...facts });
}

/** The value that is background as the scheme stands. */
function backgroundValue(scheme: LabelScheme): number {
	if (scheme.kind === 'threshold') return scheme.inverted ? 255 : 0;
	return scheme.classes[0]?.values[0] ?? 0;
}

/** Files of one size, each a channel. Throws `mask-size-differs` for another size and `image-unreadable` for another depth. */
function stacked(rasters: readonly Raster[], path: string): Raster {
	const [first, ...others] = rasters;
	if (!first || others.length === 0) return first ?? { width: 0, height: 0, channels: 0, maxValue: 255, data: new Uint8Array() };
	const { width, height, maxValue } = first;
	for (const other of others) {
		if (other.width !== width || other.height !== height) throw sizeDiffers(path, first, other);
		if (other.maxValue !== maxValue)
			throw new AppError('image-unreadable', { path, format: 'picture', reason: 'has channels of different bit depths' });
	}
	const channels = rasters.reduce((sum, raster) => sum + raster.channels, 0);
	const data = maxValue > 255 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
	let offset = 0;
	for (const raster of rasters) {
		for (let at = 0; at < width * height; at++) {
			for (let channel = 0; channel < raster.channels; channel++)
				data[at * channels + offset + channel] = raster.data[at * raster.channels + channel]!;
		}
		offset += raster.channels;
	}
	return { width, height, channels, maxValue, data };
}

/** A header for the channels of all files together. */
function stackedHeader(headers: readonly ImageHeader[]): ImageHeader {
	const [first] = headers;
	const channels = headers.reduce((sum, header) => sum + header.channels, 0);
	return {
		width: first?.width ?? 0,
		height: first?.height ?? 0,
		maxValue: first?.maxValue ?? 255,
		channels,
		notes: headers.flatMap((header) => header.notes),
	};
}

export interface Examined {
	readonly image: ImageHeader;
	readonly masks: readonly MaskFacts[];
}

/** Reads pairs from a set of files; remembers what it learnt about masks. */
export class PairReader {
	readonly #files: FileSet;
	readonly #facts = new Map<string, MaskFacts>();
	/** Value counts of unions of several files, by the image's path. */
	readonly #unions = new Map<string, ValueCounts>();

	constructor(files: FileSet) {
		this.#files = files;
	}

	#describe(path: string, stored: StoredMask): MaskFacts {
		try {
			const facts = this.#facts.get(path) ?? describeMask(stored);
			this.#facts.set(path, facts);
			return facts;
		} catch (error) {
			throw error instanceof AppError ? new AppError(error.code, { ...error.facts, path }) : error;
		}
	}

	/** What a mask file holds. Rejects with the file's failure. */
	async maskFacts(path: string): Promise<MaskFacts> {
		const facts = this.#facts.get(path) ?? (await this.#files.describeMask(path));
		this.#facts.set(path, facts);
		return facts;
	}

	/** Reads what is needed to show a pair. Rejects with the first failure among its files. */
	async examine(pair: PairFiles): Promise<Examined> {
		const image = stackedHeader([pair.imagePath, ...pair.channelPaths].map((path) => this.#files.header(path)));
		const others = [...pair.maskPaths, ...(pair.regionPath === null ? [] : [pair.regionPath])];
		for (const path of others) this.#files.header(path);
		const facts = pair.maskPaths.length > 1 ? await this.#examineParts(pair, image) : [];
		for (const path of facts.length > 0 ? others.slice(pair.maskPaths.length) : others) facts.push(await this.maskFacts(path));
		for (const mask of facts)
			if (mask.width !== image.width || mask.height !== image.height) throw sizeDiffers(pair.imagePath, image, mask);
		return { image, masks: facts.slice(0, pair.maskPaths.length) };
	}

	/** Describes several mask files of one image and counts their union, each file being decoded once. */
	async #examineParts({ imagePath, maskPaths }: PairFiles, { width, height }: ImageHeader): Promise<MaskFacts[]> {
		const union = new ObjectFiles(width, height);
		const facts: MaskFacts[] = [];
		for (const path of maskPaths) {
			const stored = this.#unions.has(imagePath) ? null : await this.#files.readLabels(path);
			facts.push(stored === null ? await this.maskFacts(path) : this.#describe(path, stored));
			if (stored?.width === width && stored.height === height) union.add(stored);
		}
		if (!this.#unions.has(imagePath)) this.#unions.set(imagePath, countLabels(union.labelMap('union')));
		return facts;
	}

	async #labelMap(
		pair: PairFiles,
		size: Pick<ImageHeader, 'width' | 'height'>,
		options: LabelOptions,
		scheme: LabelScheme,
	): Promise<{ map: LabelMap; uncovered: number }> {
		const { width, height } = size;
		if (pair.drawn) return drawLabels(pair.drawn.objects, width, height, options.encoding, pair.drawn.path);
		if (pair.maskPaths.length === 0) {
			return { map: { width, height, data: new Uint8Array(width * height).fill(backgroundValue(scheme)) }, uncovered: 0 };
		}
		const map = await this.#filesMap(pair, size, options.encoding);
		if (pair.regionPath === null) return { map, uncovered: 0 };
		return { map: limitToRegion(map, await this.#files.readLabels(pair.regionPath), options.regionValue), uncovered: 0 };
	}

	async #filesMap(
		{ imagePath, maskPaths }: PairFiles,
		size: Pick<ImageHeader, 'width' | 'height'>,
		encoding: LabelEncoding,
	): Promise<LabelMap> {
		const refuse = (part: Pick<StoredMask, 'width' | 'height'>): void => {
			if (part.width !== size.width || part.height !== size.height) throw sizeDiffers(imagePath, size, part);
		};
		const [only, ...others] = maskPaths;
		if (only !== undefined && others.length === 0) {
			const map = await this.#files.readLabelMap(only, encoding);
			refuse(map);
			return map;
		}
		const objects = new ObjectFiles(size.width, size.height);
		for (const path of maskPaths) {
			const part = await this.#files.readLabels(path);
			refuse(part);
			objects.add(part);
		}
		return objects.labelMap(encoding.kind === 'objects' ? 'objects' : 'union');
	}

	/** Image and label map. Rejects with a file's failure or `mask-size-differs`. */
	async read(pair: PairFiles, options: LabelOptions, scheme: LabelScheme): Promise<SamplePixels> {
		const rasters: Raster[] = [];
		for (const path of [pair.imagePath, ...pair.channelPaths]) rasters.push(await this.#files.readImage(path));
		const image = stacked(rasters, pair.imagePath);
		return { image, mask: (await this.#labelMap(pair, image, options, scheme)).map };
	}

	/** Pixels per label value, from what is known already where that suffices. */
	async countValues(
		pair: PairFiles,
		{ image, masks }: Examined,
		options: LabelOptions,
		scheme: LabelScheme,
	): Promise<{ values: ValueCounts; uncovered: number }> {
		const [mask] = masks;
		if (pair.drawn === null && pair.regionPath === null && mask) {
			const union = options.encoding.kind === 'union' ? (this.#unions.get(pair.imagePath) ?? null) : null;
			const values = masks.length > 1 ? union : countsUnder(mask, options.encoding);
			if (values) return { values, uncovered: 0 };
		}
		const { map, uncovered } = await this.#labelMap(pair, image, options, scheme);
		return { values: countLabels(map), uncovered };
	}
}
