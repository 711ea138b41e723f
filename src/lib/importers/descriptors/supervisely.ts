/**
 * Supervisely: `<data set>/ann/<image>.json` beside `<data set>/img/<image>`, classes in `meta.json`. Points name pixels.
 * Source: <https://developer.supervisely.com/getting-started/supervisely-annotation-format>.
 */
import { lastPart } from '#lib/core/paths.ts';
import * as v from 'valibot';
import type { Ring } from '#lib/pixels/fill-rings.ts';
import { base64Bytes } from './base64.ts';
import { badDescription, badEntry, type DescribedClass, type Descriptor, type Surroundings } from './descriptor.ts';
import { findPicture, Findings } from './findings.ts';
import { inflateAtMost } from './inflate-text.ts';
import { type DrawnObject, type Shape, single } from './shapes.ts';
import { asShape, whyNot } from './text-file.ts';

const format = 'Supervisely';

const fileSchema = v.object({ size: v.object({ width: v.number(), height: v.number() }), objects: v.array(v.unknown()) });
const objectSchema = v.object({
	classTitle: v.string(),
	geometryType: v.nullish(v.string()),
	points: v.optional(v.unknown()),
	bitmap: v.optional(v.unknown()),
});
const pointList = v.array(v.tuple([v.number(), v.number()]));
const pointsSchema = v.object({ exterior: pointList, interior: v.optional(v.array(pointList)) });
const bitmapSchema = v.object({ data: v.string(), origin: v.tuple([v.number(), v.number()]) });
const metaSchema = v.object({ classes: v.array(v.object({ title: v.string(), color: v.optional(v.string()) })) });

/** A shape that cannot be drawn though it should have an area; the message completes "objects[3] …". */
class ShapeError extends Error {}

const ring = (points: readonly (readonly [number, number])[]): Ring => Float64Array.from(points.flat());

function polygonShape(value: unknown): Shape {
	const points = asShape(pointsSchema, value);
	if (points === null || points.exterior.length < 3) throw new ShapeError('is a polygon without three points');
	return {
		kind: 'polygons',
		polygons: [{ outer: ring(points.exterior), holes: (points.interior ?? []).map(ring), pointsArePixels: true }],
	};
}

function rectangle(value: unknown): Shape {
	const [first, second] = asShape(pointsSchema, value)?.exterior ?? [];
	if (!first || !second) throw new ShapeError('is a rectangle without two corners');
	const outer = ring([first, [second[0], first[1]], second, [first[0], second[1]]]);
	return { kind: 'polygons', polygons: [{ outer, holes: [], pointsArePixels: true }] };
}

function bitmapShape(value: unknown): Shape {
	const bitmap = asShape(bitmapSchema, value);
	const packed = bitmap === null ? null : base64Bytes(bitmap.data);
	const png = packed === null ? null : inflateAtMost(packed);
	if (bitmap === null || png === null) throw new ShapeError('is a bitmap whose data is no packed picture');
	return { kind: 'bitmap', left: bitmap.origin[0], top: bitmap.origin[1], png };
}

/** A map, not an object: the file names the geometry, and every object has a `__proto__`. */
const shapeOf: ReadonlyMap<string, (object: v.InferOutput<typeof objectSchema>) => Shape> = new Map([
	['polygon', ({ points }) => polygonShape(points)],
	['rectangle', ({ points }) => rectangle(points)],
	['bitmap', ({ bitmap }) => bitmapShape(bitmap)],
]);

/** Older files name no geometry: a bitmap has one, all else is a polygon. */
function geometryOf({ geometryType, bitmap }: v.InferOutput<typeof objectSchema>): string {
	return geometryType ?? (bitmap === undefined || bitmap === null ? 'polygon' : 'bitmap');
}

function objectsOf(objects: readonly unknown[], findings: Findings): DrawnObject[] | { entry: string; reason: string } {
	const drawn: DrawnObject[] = [];
	for (const [index, value] of objects.entries()) {
		const entry = `objects[${index}]`;
		const object = asShape(objectSchema, value);
		if (object === null) return { entry, reason: whyNot(objectSchema, value) ?? 'is not as expected' };
		const kind = geometryOf(object);
		const shape = shapeOf.get(kind);
		if (!shape) {
			findings.leaveOut(kind);
			continue;
		}
		try {
			drawn.push(single(object.classTitle, shape(object), entry));
		} catch (error) {
			if (!(error instanceof ShapeError)) throw error;
			return { entry, reason: error.message };
		}
	}
	return drawn;
}

const colourOf = (text = ''): number | undefined => (/^#[0-9a-f]{6}/iu.test(text) ? Number.parseInt(text.slice(1, 7), 16) : undefined);

/** The nearest `meta.json` above the file. */
async function metaOf(path: string, { texts }: Surroundings): Promise<{ path: string; classes: DescribedClass[] } | null> {
	for (const found of texts.above(path, /(?:^|\/)meta\.json$/iu)) {
		const meta = asShape(metaSchema, (await texts.read(found)).json());
		if (meta) return { path: found, classes: meta.classes.map(({ title, color }) => ({ name: title, colour: colourOf(color) })) };
	}
	return null;
}

export const supervisely: Descriptor = {
	id: 'supervisely',
	name: format,
	match: ({ path, start }) => /\.json$/iu.test(path) && /^\s*\{/u.test(start),
	async read(file, surroundings) {
		const content = asShape(fileSchema, file.json());
		if (content === null) return null;
		const findings = new Findings();
		const name = lastPart(file.path).replace(/\.json$/iu, '');
		const objects = objectsOf(content.objects, findings);
		const inImageFolder = (path: string): boolean => !/(?:^|\/)(?:masks?[^/]*|ann)\//iu.test(path);
		const imagePath = findPicture(findings, surroundings.pictures, name, file.path, inImageFolder);
		if (Array.isArray(objects)) {
			if (imagePath !== null) findings.draw(imagePath, objects, surroundings.pictures, file.path, content.size);
		} else if (imagePath === null) throw badDescription(format, file.path, objects.entry, objects.reason);
		else findings.problems.push(badEntry(imagePath, format, file.path, objects.entry, objects.reason));
		const meta = await metaOf(file.path, surroundings);
		if (meta) findings.alsoRead.push(meta.path);
		return findings.description(meta?.classes ?? []);
	},
};
