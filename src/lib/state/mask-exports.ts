/** The masks of a data set alone, for other programs: class numbers, colours, or COCO's run lengths or polygons. */
import { classNames, type DatasetMeta, ignoredClass } from '#lib/core/sample.ts';
import { encodePng, encodeSamples } from '#lib/importers/png-encode.ts';
import { writeTiff } from '#lib/importers/tiff-write.ts';
import { ZipFile } from '#lib/importers/zip-write.ts';
import { type Component, connectedComponents } from '#lib/pixels/components.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import { outlines } from '#lib/pixels/outlines.ts';
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

/** Runs outside and inside in turn, down the columns, of the pixels inside `box` that hold `value`; COCO's uncompressed code. */
export function columnRuns(map: ArrayLike<number>, value: number, width: number, height: number, box: Component): number[] {
	const runs: number[] = [];
	let end = 0;
	for (let x = box.left; x < box.right; x++) {
		for (let y = box.top; y < box.bottom; y++) {
			if (map[y * width + x] !== value) continue;
			const at = x * height + y;
			if (at === end && runs.length > 0) runs.push((runs.pop() ?? 0) + 1);
			else runs.push(at - end, 1);
			end = at + 1;
		}
	}
	if (end < width * height) runs.push(width * height - end);
	return runs;
}

export type CocoKind = 'runs' | 'polygons';

/** How COCO holds the pixels of an object: uncompressed run lengths, or corners x, y, x, y, … of polygons that are united. */
type Segmentation =
	{ readonly size: readonly [height: number, width: number]; readonly counts: readonly number[] } | readonly (readonly number[])[];

interface Region {
	readonly category: number;
	/** Pixels. */
	readonly area: number;
	readonly segmentation: Segmentation;
	readonly box: Component;
	readonly crowd: boolean;
}

const areaOf = (counts: readonly number[]): number => counts.reduce((sum, count, index) => sum + (index % 2 === 1 ? count : 0), 0);

/** Each connected part of a class, and all ignored pixels as one crowd, which COCO's evaluation leaves out and which is always runs. */
function regionsOf(kind: CocoKind, classes: Uint8Array, width: number, height: number, ignored: number): Region[] {
	const { labels, list } = connectedComponents(classes, width, height, 8);
	const firsts = new Map<number, number>();
	labels.forEach((label, at) => {
		if (label > 0 && !firsts.has(label)) firsts.set(label, classes[at] ?? 0);
	});
	const runs = (map: ArrayLike<number>, value: number, box: Component): Pick<Region, 'area' | 'segmentation' | 'box'> => {
		const counts = columnRuns(map, value, width, height, box);
		return { area: areaOf(counts), segmentation: { size: [height, width], counts }, box };
	};
	const parts = list.map((box, index) => ({
		...runs(labels, index + 1, box),
		...(kind === 'polygons' ? { segmentation: outlines(labels, index + 1, width, box) } : {}),
		category: firsts.get(index + 1) ?? 0,
		crowd: false,
	}));
	if (!classes.includes(ignoredClass)) return parts;
	const whole = { left: 0, top: 0, right: width, bottom: height };
	return [...parts, { ...runs(classes, ignoredClass, whole), category: ignored, crowd: true }];
}

/** One JSON: an annotation per connected part. Images have their own names, with folders where two are the same. */
export async function cocoMasks(kind: CocoKind, options: SaveOptions): Promise<SavedSet> {
	const { dataset } = options;
	const lookup = classLookup(dataset.scheme);
	const ignored = dataset.scheme.classes.length;
	const names = dataset.samples.map(({ name }) => name);
	const images: unknown[] = [];
	const annotations: unknown[] = [];
	let usesIgnored = false;
	for await (const { id, mask } of eachSaved(options)) {
		const { width, height } = mask;
		const sample = dataset.samples.find((candidate) => candidate.id === id);
		const isAlone = names.filter((name) => name === sample?.name).length === 1;
		const image = images.length + 1;
		images.push({ id: image, file_name: isAlone ? sample?.name : sample?.path, width, height });
		for (const { category, area, segmentation, box, crowd } of regionsOf(kind, toClassMap(mask, lookup), width, height, ignored)) {
			usesIgnored ||= crowd;
			annotations.push({
				id: annotations.length + 1,
				image_id: image,
				category_id: category,
				iscrowd: Number(crowd),
				area,
				bbox: [box.left, box.top, box.right - box.left, box.bottom - box.top],
				segmentation,
			});
		}
	}
	const classes = classNames(dataset.scheme).map((name, id) => ({ id, name }));
	const categories = [...classes.slice(1), ...(usesIgnored ? [{ id: ignored, name: 'ignored' }] : [])];
	return { file: new Blob([JSON.stringify({ images, annotations, categories })], { type: 'application/json' }), renamed: [] };
}
