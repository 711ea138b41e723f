/** Masks as COCO tells them: an annotation for each connected part of a class. */
import { classNames, ignoredClass, type LabelScheme } from '#lib/core/sample.ts';
import { type Component, connectedComponents } from '#lib/pixels/components.ts';
import { outlines } from '#lib/pixels/outlines.ts';

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

interface ClassMap {
	readonly width: number;
	readonly height: number;
	/** Class per pixel, row by row; 255 where it counts nowhere. */
	readonly data: Uint8Array;
}

/** A document that grows image by image. */
export class CocoMasks {
	readonly #kind: CocoKind;
	readonly #scheme: LabelScheme;
	readonly #images: unknown[] = [];
	readonly #annotations: unknown[] = [];
	#usesIgnored = false;

	constructor(kind: CocoKind, scheme: LabelScheme) {
		this.#kind = kind;
		this.#scheme = scheme;
	}

	/** @param fileName of the image, which is named and not included */
	add(fileName: string, { width, height, data }: ClassMap): void {
		const image = this.#images.length + 1;
		this.#images.push({ id: image, file_name: fileName, width, height });
		for (const { category, area, segmentation, box, crowd } of regionsOf(this.#kind, data, width, height, this.#ignored)) {
			this.#usesIgnored ||= crowd;
			this.#annotations.push({
				id: this.#annotations.length + 1,
				image_id: image,
				category_id: category,
				iscrowd: Number(crowd),
				area,
				bbox: [box.left, box.top, box.right - box.left, box.bottom - box.top],
				segmentation,
			});
		}
	}

	json(): string {
		const classes = classNames(this.#scheme).map((name, id) => ({ id, name }));
		const categories = [...classes.slice(1), ...(this.#usesIgnored ? [{ id: this.#ignored, name: 'ignored' }] : [])];
		return JSON.stringify({ images: this.#images, annotations: this.#annotations, categories });
	}

	/** The category of pixels that count nowhere. */
	get #ignored(): number {
		return this.#scheme.classes.length;
	}
}
