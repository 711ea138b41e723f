/** A data set as a ZIP that this app opens again as it is: `images/`, `masks/`, `labels.json`, and a word on them for people. */
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import { ignoredClass, type DatasetMeta, type LabelMap, type LabelScheme, type Raster, type SamplePixels } from '#lib/core/sample.ts';
import { breathe, isBreathDue } from '#lib/importers/breathe.ts';
import { ownSetText, type SavedSample } from '#lib/importers/descriptors/own-set.ts';
import type { Bytes } from '#lib/importers/format.ts';
import { encodePng, encodeSamples } from '#lib/importers/png-encode.ts';
import { ZipFile } from '#lib/importers/zip-write.ts';
import { classLookup } from '#lib/pixels/labels.ts';
import { type ClassColour, stemOf, uniqueNames } from './mask-files.ts';

export interface SaveOptions {
	readonly dataset: DatasetMeta;
	/** Null when the pixels are gone. */
	readonly read: (sampleId: string) => Promise<SamplePixels | null>;
	readonly colourOf: ClassColour;
	readonly signal: AbortSignal;
	readonly onProgress: (done: number, total: number) => void;
}

export interface SavedSet {
	readonly file: Blob;
	/** Samples that are called otherwise in the file than in the data set. */
	readonly renamed: readonly { readonly name: string; readonly as: string }[];
}

export interface NamedPixels extends SamplePixels {
	readonly id: string;
	/** File name without extension: safe, and no other sample's. */
	readonly stem: string;
}

/** White, for values that count nowhere. */
export const ignoredColour = [255, 255, 255] as const;

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** What each sample is called in a file, in the order of these names, which is the order in which they are opened again. */
export function savedNames({ samples }: DatasetMeta): { readonly id: string; readonly name: string; readonly stem: string }[] {
	const stems = uniqueNames(samples.map(({ name }) => stemOf(name)));
	const named = samples.map(({ id, name }, index) => ({ id, name, stem: stems[index] ?? id }));
	return named.sort((a, b) => (`${a.stem}.png` < `${b.stem}.png` ? -1 : 1));
}

export function renamedSamples(dataset: DatasetMeta): SavedSet['renamed'] {
	const plain = (name: string): string => name.replace(/(?<=.)\.[^.]*$/u, '');
	return savedNames(dataset).flatMap(({ name, stem }) => (plain(name) === stem ? [] : [{ name, as: stem }]));
}

/** The pixels of all samples under the names they are saved by. Rejects with `cancelled`, or `dataset-missing` when some are gone. */
export async function* eachSaved({ dataset, read, signal, onProgress }: SaveOptions): AsyncGenerator<NamedPixels> {
	const names = savedNames(dataset);
	for (const [done, { id, name, stem }] of names.entries()) {
		onProgress(done, names.length);
		if (isBreathDue()) await breathe();
		throwIfCancelled(signal);
		const pixels = await read(id);
		if (pixels === null) throw new AppError('dataset-missing', { path: name });
		yield { ...pixels, id, stem };
	}
}

function channelOf({ width, height, channels, data }: Raster, channel: number): Raster['data'] {
	const one = data instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height);
	for (let at = 0; at < one.length; at++) one[at] = data[at * channels + channel]!;
	return one;
}

/** The files of an image: one, or one a channel where PNG has no name for so many. */
function imageFiles(image: Raster, stem: string): { readonly path: string; readonly bytes: Bytes }[] {
	const path = `images/${stem}.png`;
	if (image.channels <= 4) return [{ path, bytes: encodeSamples(image) }];
	return Array.from({ length: image.channels }, (_, channel) => ({
		path: channel === 0 ? path : `channels/${stem}/${channel + 1}.png`,
		bytes: encodeSamples({ ...image, channels: 1, data: channelOf(image, channel) }),
	}));
}

/** The stored values: as palette indices where they are classes and fit, else as grey levels. */
function maskFile({ width, height, data }: LabelMap, scheme: LabelScheme, colourOf: ClassColour): Bytes {
	if (data instanceof Uint16Array || scheme.kind === 'threshold') return encodeSamples({ width, height, channels: 1, data });
	const lookup = classLookup(scheme).subarray(0, 256);
	const palette = Array.from(lookup, (index) => (index === ignoredClass ? ignoredColour : colourOf(index, scheme)));
	return encodePng(width, height, data, Uint8Array.from(palette.flat()));
}

function meaningInWords(scheme: LabelScheme): string[] {
	const ignored = scheme.ignore.length > 0 ? [`  ${scheme.ignore.join(', ')}: not labelled, counts nowhere`] : [];
	if (scheme.kind === 'values')
		return [...scheme.classes.map(({ name, values }) => `  ${values.join(', ') || 'no value'}: ${name}`), ...ignored];
	const [background, foreground] = scheme.classes;
	const [dark, bright] = scheme.inverted ? [foreground, background] : [background, foreground];
	return [`  up to ${scheme.threshold}: ${dark.name}`, `  above ${scheme.threshold}: ${bright.name}`, ...ignored];
}

function readme({ samples, scheme }: DatasetMeta): string {
	return [
		`${samples.length} images with masks, saved by Overlap.`,
		'',
		'images/    the images, PNG, samples exactly as they were stored',
		'masks/     their masks under the same names; the values of the pixels mean:',
		...meaningInWords(scheme),
		'channels/  only there for images of more than four channels: the second channel and those after it, a file each',
		'labels.json  the same for programs; with it Overlap opens this archive, or its unpacked folder, as it was saved',
		'',
		'Palettes hold colours to look at. Read the indices, not the colours.',
		'',
	].join('\n');
}

/** The whole data set. Equal data sets make equal bytes. Rejects with `cancelled` or `dataset-missing`. */
export async function datasetArchive(options: SaveOptions): Promise<SavedSet> {
	const { dataset, colourOf } = options;
	const zip = new ZipFile({ repeatable: true });
	const saved: SavedSample[] = [];
	const tiles = new Map(dataset.samples.flatMap(({ id, tileOf }) => (tileOf === undefined ? [] : [[id, tileOf] as const])));
	await zip.add('README.txt', utf8(readme(dataset)));
	for await (const { id, image, mask, stem } of eachSaved(options)) {
		const files = imageFiles(image, stem);
		for (const { path, bytes } of files) await zip.add(path, bytes);
		const maskPath = `masks/${stem}.png`;
		await zip.add(maskPath, maskFile(mask, dataset.scheme, colourOf));
		const sample = { image: `images/${stem}.png`, channels: files.slice(1).map(({ path }) => path), mask: maskPath };
		const tileOf = tiles.get(id);
		saved.push(tileOf === undefined ? sample : { ...sample, tileOf });
	}
	await zip.add('labels.json', utf8(ownSetText(dataset.scheme, saved)));
	return { file: await zip.close(), renamed: renamedSamples(dataset) };
}
