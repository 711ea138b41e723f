/** The masks of a data set alone, for other programs: class numbers, colours, or COCO's run lengths or polygons. */
import { shortNames } from '#lib/core/paths.ts';
import { classNames, type DatasetMeta } from '#lib/core/sample.ts';
import { encodePng, encodeSamples } from '#lib/importers/png-encode.ts';
import { writeTiff } from '#lib/importers/tiff-write.ts';
import { ZipFile } from '#lib/importers/zip-write.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import { type CocoKind, CocoMasks } from './coco-masks.ts';
import { eachSaved, ignoredColour, renamedSamples, type SavedSet, type SaveOptions } from './dataset-archive.ts';

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Colours by class index; those of no class, 255 among them, are for pixels that count nowhere. */
function palette({ scheme }: DatasetMeta, colourOf: SaveOptions['colourOf']): (readonly [number, number, number])[] {
	return Array.from({ length: 256 }, (_, index) => (index < scheme.classes.length ? colourOf(index, scheme) : ignoredColour));
}

/** A PNG a mask. `index`: class numbers from 0, 255 for ignored pixels, with a palette. `colours`: RGB, white for ignored pixels. */
export async function maskPngs(kind: 'index' | 'colours', options: SaveOptions): Promise<SavedSet> {
	const { dataset, colourOf } = options;
	const lookup = classLookup(dataset.scheme);
	const colours = palette(dataset, colourOf);
	const names = classNames(dataset.scheme);
	const zip = new ZipFile({ repeatable: true });
	for await (const { mask, stem } of eachSaved(options)) {
		const { width, height } = mask;
		const classes = toClassMap(mask, lookup);
		const png =
			kind === 'index'
				? encodePng(width, height, classes, Uint8Array.from(colours.flat()))
				: encodeSamples({ width, height, channels: 3, data: painted(classes, colours) });
		await zip.add(`masks/${stem}.png`, png);
	}
	if (kind === 'index') await zip.add('classes.txt', classesText(dataset));
	else
		await zip.add(
			'label_colors.txt',
			utf8(names.map((name, index) => `${(colours[index] ?? ignoredColour).join(' ')} ${name}\n`).join('')),
		);
	return { file: await zip.close(), renamed: renamedSamples(dataset) };
}

/** The names of the classes, one a line: the first is that of 0. */
const classesText = ({ scheme }: DatasetMeta): Uint8Array<ArrayBuffer> => utf8(`${classNames(scheme).join('\n')}\n`);

/** A TIFF a mask: class numbers from 0 as grey levels, 255 for ignored pixels. */
export async function maskTiffs(options: SaveOptions): Promise<SavedSet> {
	const { dataset } = options;
	const lookup = classLookup(dataset.scheme);
	const zip = new ZipFile({ repeatable: true });
	for await (const { mask, stem } of eachSaved(options))
		await zip.add(`masks/${stem}.tif`, writeTiff(mask.width, mask.height, toClassMap(mask, lookup)));
	await zip.add('classes.txt', classesText(dataset));
	return { file: await zip.close(), renamed: renamedSamples(dataset) };
}

function painted(classes: Uint8Array, colours: readonly (readonly [number, number, number])[]): Uint8Array {
	const rgb = new Uint8Array(classes.length * 3);
	classes.forEach((index, at) => rgb.set(colours[index] ?? ignoredColour, at * 3));
	return rgb;
}

/** One JSON: an annotation per connected part. Images have their own names, with folders where two are the same. */
export async function cocoMasks(kind: CocoKind, options: SaveOptions): Promise<SavedSet> {
	const { dataset } = options;
	const lookup = classLookup(dataset.scheme);
	const shorts = shortNames(dataset.samples);
	const names = new Map(dataset.samples.map(({ id }, index) => [id, shorts[index]]));
	const coco = new CocoMasks(kind, dataset.scheme);
	for await (const { id, mask } of eachSaved(options)) {
		coco.add(names.get(id) ?? id, { ...mask, data: toClassMap(mask, lookup) });
	}
	return { file: new Blob([coco.json()], { type: 'application/json' }), renamed: [] };
}
