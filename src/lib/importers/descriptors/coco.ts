/**
 * COCO: one JSON with `images`, `annotations` and `categories`; also what Roboflow exports (`_annotations.coco.json`).
 * Polygons of one annotation are united, as COCO's own tools do; run lengths go down the columns.
 * Source: Lin et al. 2014, <https://cocodataset.org/#format-data>.
 */
import * as v from 'valibot';
import { breathe, isBreathDue } from '../breathe.ts';
import { badDescription, badEntry, type Description, type DescribedClass, type Descriptor, type Surroundings } from './descriptor.ts';
import { findPicture, Findings } from './findings.ts';
import { checkTotal, decodeCompressed, plainLengths, RunLengthError } from './run-lengths.ts';
import { type DrawnObject, ringShape, type Shape } from './shapes.ts';
import { asShape, numberList, whyNot } from './text-file.ts';

const format = 'COCO';

const id = v.union([v.number(), v.string()]);

const fileSchema = v.object({ images: v.array(v.unknown()), annotations: v.array(v.unknown()), categories: v.array(v.unknown()) });
const imageSchema = v.object({ id, file_name: v.string(), width: v.optional(v.number()), height: v.optional(v.number()) });
const categorySchema = v.object({ id, name: v.string() });
const runsSchema = v.object({ size: v.tuple([v.number(), v.number()]), counts: v.union([v.string(), numberList]) });
const annotationSchema = v.object({
	id: v.optional(id),
	image_id: id,
	category_id: id,
	iscrowd: v.optional(v.union([v.number(), v.boolean()])),
	segmentation: v.optional(v.unknown()),
});

/** COCO's panoptic files describe pictures of ids instead of shapes. */
const panopticSchema = v.object({ segments_info: v.array(v.unknown()) });

type Image = v.InferOutput<typeof imageSchema>;

/** Why an annotation has no mask that could be drawn; `message` completes "annotation 3 …". */
class EntryError extends Error {}

function polygonsOf(lists: readonly unknown[]): Shape {
	const rings = lists.map((list) => {
		const points = asShape(numberList, list);
		if (points === null) throw new EntryError('has a polygon that is no list of numbers');
		if (points.length % 2 !== 0 || points.length < 6)
			throw new EntryError(`has a polygon of ${points.length} numbers; three points take six`);
		return points;
	});
	return { kind: 'polygons', polygons: rings.flatMap((ring) => ringShape(ring).polygons) };
}

function runsOf({ size: [height, width], counts }: v.InferOutput<typeof runsSchema>): Shape {
	const lengths = typeof counts === 'string' ? decodeCompressed(counts) : plainLengths(counts);
	checkTotal(lengths, width, height);
	return { kind: 'runs', order: 'columns', left: 0, top: 0, width, height, lengths };
}

/** Null for an annotation that has a box only. */
function shapeOf(segmentation: unknown, image: Image): Shape | null {
	if (segmentation === undefined || segmentation === null) return null;
	if (Array.isArray(segmentation)) return segmentation.length === 0 ? null : polygonsOf(segmentation);
	const runs = asShape(runsSchema, segmentation);
	if (runs === null) throw new EntryError('has a segmentation that is neither polygons nor run lengths');
	const [height, width] = runs.size;
	if ((image.width ?? width) !== width || (image.height ?? height) !== height) {
		throw new EntryError(
			`has run lengths for ${width} × ${height} pixels, but its image has ${image.width ?? '?'} × ${image.height ?? '?'}`,
		);
	}
	return runsOf(runs);
}

function entries<T extends v.GenericSchema>(path: string, name: string, schema: T, list: readonly unknown[]): v.InferOutput<T>[] {
	return list.map((value, index) => {
		const entry = asShape(schema, value);
		if (entry === null) throw badDescription(format, path, `${name}[${index}]`, whyNot(schema, value) ?? 'is not as expected');
		return entry;
	});
}

/** Objects of every image, by the image's id. Images with an entry that cannot be read get a problem instead. */
class Reader {
	readonly objects = new Map<string, { plain: DrawnObject[]; crowds: DrawnObject[] }>();
	readonly failed = new Map<string, { entry: string; reason: string }>();
	/** The first annotation without a mask, by image id. */
	readonly boxes = new Map<string, string>();
	readonly findings = new Findings();
	readonly #path: string;
	readonly #images: ReadonlyMap<string, Image>;
	readonly #names: ReadonlyMap<string, string>;

	constructor(path: string, images: readonly Image[], classes: ReadonlyMap<string, string>) {
		this.#path = path;
		this.#images = new Map(images.map((image) => [String(image.id), image]));
		this.#names = classes;
	}

	add(value: unknown, index: number): void {
		const entry = asShape(annotationSchema, value);
		if (entry === null)
			throw badDescription(format, this.#path, `annotations[${index}]`, whyNot(annotationSchema, value) ?? 'is not as expected');
		const label = `annotation ${entry.id ?? `number ${index + 1}`}`;
		const imageId = String(entry.image_id);
		const image = this.#images.get(imageId);
		if (!image) return this.findings.note(`of an image that the file does not list`, 'annotation');
		try {
			const className = this.#names.get(String(entry.category_id));
			if (className === undefined) throw new EntryError(`has the category ${entry.category_id}, which the file does not list`);
			const shape = shapeOf(entry.segmentation, image);
			if (shape === null) {
				this.findings.leaveOut('box without a mask');
				if (!this.boxes.has(imageId)) this.boxes.set(imageId, label);
				return;
			}
			const crowd = Number(entry.iscrowd ?? 0) === 1;
			const lists = this.objects.get(imageId) ?? { plain: [], crowds: [] };
			lists[crowd ? 'crowds' : 'plain'].push({ className, shape, crowd, group: null, entry: label });
			this.objects.set(imageId, lists);
		} catch (error) {
			if (!(error instanceof EntryError || error instanceof RunLengthError)) throw error;
			if (!this.failed.has(imageId)) this.failed.set(imageId, { entry: label, reason: error.message });
		}
	}
}

function describe(
	path: string,
	images: readonly Image[],
	reader: Reader,
	classes: readonly DescribedClass[],
	{ pictures }: Surroundings,
): Description {
	const { findings } = reader;
	for (const image of images) {
		const imagePath = findPicture(findings, pictures, image.file_name, path);
		if (imagePath === null) continue;
		const failure = reader.failed.get(String(image.id));
		if (failure) {
			findings.problems.push(badEntry(imagePath, format, path, failure.entry, failure.reason));
			continue;
		}
		const objects = reader.objects.get(String(image.id));
		const box = reader.boxes.get(String(image.id));
		if (!objects && box !== undefined) {
			findings.problems.push(badEntry(imagePath, format, path, box, 'has a box and no mask'));
			continue;
		}
		const { plain = [], crowds = [] } = objects ?? {};
		findings.draw(imagePath, [...crowds, ...plain], pictures, path, image);
	}
	return findings.description(classes);
}

export const coco: Descriptor = {
	id: 'coco',
	name: format,
	match: ({ path, start }) => /\.json$/iu.test(path) && /^\s*\{/u.test(start),
	async read(file, surroundings) {
		const content = asShape(fileSchema, file.json());
		if (content === null || v.is(panopticSchema, content.annotations[0])) return null;
		const categories = entries(file.path, 'categories', categorySchema, content.categories);
		const images = entries(file.path, 'images', imageSchema, content.images);
		const reader = new Reader(file.path, images, new Map(categories.map((category) => [String(category.id), category.name])));
		for (const [index, annotation] of content.annotations.entries()) {
			if (isBreathDue()) await breathe();
			reader.add(annotation, index);
		}
		const classes = categories.map(({ name }) => ({ name }));
		if (reader.boxes.size > 0 && reader.objects.size === 0 && reader.failed.size === 0) {
			throw badDescription(format, file.path, 'The file', 'holds boxes only; a mask needs polygons or run lengths');
		}
		return describe(file.path, images, reader, classes, surroundings);
	},
};
