/**
 * VGG Image Annotator (VIA) 1 to 3: JSON of the annotations or of the whole project, or CSV.
 * Source: Dutta and Zisserman 2019, <https://www.robots.ox.ac.uk/~vgg/software/via/>.
 */
import * as v from 'valibot';
import { badEntry, badDescription, type Description, type Descriptor, type Surroundings } from './descriptor.ts';
import { columnOf, parseTable } from './csv.ts';
import { findPicture, Findings } from './findings.ts';
import { type DrawnObject, rectangleShape, ringShape, type Shape } from './shapes.ts';
import { asShape, numberList, type TextFile, whyNot } from './text-file.ts';

const format = 'VIA';

const regionSchema = v.object({ shape_attributes: v.object({ name: v.string() }), region_attributes: v.nullish(v.unknown()) });
const imageSchema = v.object({ filename: v.string(), regions: v.union([v.array(v.unknown()), v.record(v.string(), v.unknown())]) });
const projectSchema = v.object({ _via_img_metadata: v.record(v.string(), v.unknown()) });
const anyRecord = v.record(v.string(), v.unknown());

const polygonSchema = v.object({ all_points_x: numberList, all_points_y: numberList });
const rectangleSchema = v.object({ x: v.number(), y: v.number(), width: v.number(), height: v.number() });
const circleSchema = v.object({ cx: v.number(), cy: v.number(), r: v.number() });
const ellipseSchema = v.object({ cx: v.number(), cy: v.number(), rx: v.number(), ry: v.number(), theta: v.optional(v.number()) });

/** A region that cannot be drawn though it should have an area; the message completes "region 3 …". */
class RegionError extends Error {}

function shaped<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> {
	const result = asShape(schema, value);
	if (result === null) throw new RegionError(whyNot(schema, value) ?? 'is not as expected');
	return result;
}

/** Null for kinds without an area. */
function shapeOf(kind: string, attributes: unknown): Shape | null {
	switch (kind) {
		case 'polygon': {
			const { all_points_x: xs, all_points_y: ys } = shaped(polygonSchema, attributes);
			if (xs.length !== ys.length || xs.length < 3) throw new RegionError(`is a polygon of ${xs.length} x and ${ys.length} y`);
			return ringShape(xs.flatMap((x, index) => [x, ys[index] ?? 0]));
		}
		case 'rect': {
			const { x, y, width, height } = shaped(rectangleSchema, attributes);
			return rectangleShape(x, y, x + width, y + height);
		}
		case 'circle': {
			const { cx, cy, r } = shaped(circleSchema, attributes);
			return { kind: 'ellipse', x: cx, y: cy, radiusX: r, radiusY: r, angle: 0 };
		}
		case 'ellipse': {
			const { cx, cy, rx, ry, theta = 0 } = shaped(ellipseSchema, attributes);
			return { kind: 'ellipse', x: cx, y: cy, radiusX: rx, radiusY: ry, angle: theta };
		}
		default:
			return null;
	}
}

const nameKeys = ['class', 'label', 'type', 'name', 'category', 'object'];

/** A text, or the one chosen option of a set of check boxes. */
function chosen(value: unknown): string | null {
	if (typeof value === 'string') return value.trim() || null;
	const options = Object.entries(asShape(anyRecord, value) ?? {}).filter(([, on]) => on === true || on === 1);
	return options[0]?.[0] ?? null;
}

/** The class of a region: a well-named attribute, else the first one. */
function classNameOf(attributes: unknown): string {
	const entries = Object.entries(asShape(anyRecord, attributes) ?? {});
	const rank = (key: string): number => (nameKeys.includes(key.toLowerCase()) ? nameKeys.indexOf(key.toLowerCase()) : nameKeys.length);
	const named = [...entries].sort(([a], [b]) => rank(a) - rank(b)).map(([, value]) => chosen(value));
	return named.find((name) => name !== null) ?? 'object';
}

function objectOf(value: unknown, entry: string, findings: Findings): DrawnObject | null {
	const region = shaped(regionSchema, value);
	const attributes = asShape(v.object({ shape_attributes: v.unknown() }), value)?.shape_attributes;
	const shape = shapeOf(region.shape_attributes.name, attributes);
	if (shape === null) {
		findings.leaveOut(region.shape_attributes.name);
		return null;
	}
	return { className: classNameOf(region.region_attributes), shape, crowd: false, group: null, entry };
}

/** Adds an image; a region that cannot be read makes it a problem. */
function addImage(file: TextFile, name: string, regions: readonly unknown[], findings: Findings, { pictures }: Surroundings): void {
	const imagePath = findPicture(findings, pictures, name, file.path);
	if (imagePath === null) return;
	const objects: DrawnObject[] = [];
	for (const [index, region] of regions.entries()) {
		const entry = `region ${index + 1} of “${name}”`;
		try {
			const object = objectOf(region, entry, findings);
			if (object) objects.push(object);
		} catch (error) {
			if (!(error instanceof RegionError)) throw error;
			findings.problems.push(badEntry(imagePath, format, file.path, entry, error.message));
			return;
		}
	}
	findings.draw(imagePath, objects, pictures, file.path);
}

function readJson(file: TextFile, surroundings: Surroundings): Description | null {
	const value = file.json();
	const images = Object.values(asShape(projectSchema, value)?._via_img_metadata ?? asShape(anyRecord, value) ?? {});
	const findings = new Findings();
	const first = asShape(imageSchema, images[0]);
	if (first === null) return null;
	for (const [index, entry] of images.entries()) {
		const image = asShape(imageSchema, entry);
		if (image === null)
			throw badDescription(format, file.path, `image number ${index + 1}`, whyNot(imageSchema, entry) ?? 'is not as expected');
		addImage(file, image.filename, Object.values(image.regions), findings, surroundings);
	}
	return findings.description([]);
}

function jsonField(file: TextFile, line: number, text: string): unknown {
	try {
		return JSON.parse(text || '{}');
	} catch (cause) {
		throw badDescription(format, file.path, `line ${line}`, 'holds attributes that are no JSON', { cause });
	}
}

function readCsv(file: TextFile, surroundings: Surroundings): Description | null {
	const { header, rows } = parseTable(file.text);
	const nameColumn = columnOf(header, ['filename']);
	const shapeColumn = columnOf(header, ['regionshapeattributes']);
	const attributeColumn = columnOf(header, ['regionattributes']);
	if (nameColumn < 0 || shapeColumn < 0 || attributeColumn < 0) return null;
	const regions = new Map<string, unknown[]>();
	for (const { line, fields } of rows) {
		const name = fields[nameColumn] ?? '';
		const list = regions.get(name) ?? [];
		regions.set(name, list);
		const shape = jsonField(file, line, fields[shapeColumn] ?? '');
		// A line without a shape stands for an image without regions.
		if (Object.keys(asShape(anyRecord, shape) ?? {}).length === 0) continue;
		list.push({ shape_attributes: shape, region_attributes: jsonField(file, line, fields[attributeColumn] ?? '') });
	}
	const findings = new Findings();
	for (const [name, list] of regions) addImage(file, name, list, findings, surroundings);
	return findings.description([]);
}

export const via: Descriptor = {
	id: 'via',
	name: format,
	match: ({ path, start }) =>
		(/\.json$/iu.test(path) && /^\s*\{/u.test(start)) || (/\.csv$/iu.test(path) && /region_shape_attributes/u.test(start)),
	read: async (file, surroundings) => (/\.csv$/iu.test(file.path) ? readCsv(file, surroundings) : readJson(file, surroundings)),
};
