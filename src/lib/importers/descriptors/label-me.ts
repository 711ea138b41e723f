/**
 * LabelMe: one JSON beside each image, with `shapes` in the order of drawing.
 * Source: <https://github.com/wkentaro/labelme>, `labelme/label_file.py`.
 */
import * as v from 'valibot';
import { badDescription, badEntry, type Descriptor } from './descriptor.ts';
import { findPicture, Findings } from './findings.ts';
import { base64Bytes } from './base64.ts';
import { type DrawnObject, rectangleShape, ringShape, type Shape } from './shapes.ts';
import { asShape, type TextFile, whyNot } from './text-file.ts';

const format = 'LabelMe';

const point = v.tuple([v.number(), v.number()]);
const fileSchema = v.object({
	shapes: v.array(v.unknown()),
	imagePath: v.nullish(v.string()),
	imageWidth: v.nullish(v.number()),
	imageHeight: v.nullish(v.number()),
});
/** What tells LabelMe from other files with `shapes`. */
const markSchema = v.union([v.object({ imagePath: v.unknown() }), v.object({ imageData: v.unknown() }), v.object({ flags: v.unknown() })]);
const shapeSchema = v.object({
	label: v.string(),
	points: v.array(point),
	shape_type: v.nullish(v.string()),
	group_id: v.nullish(v.number()),
	mask: v.nullish(v.string()),
});

type FileShape = v.InferOutput<typeof shapeSchema>;

/** A shape that cannot be drawn though it should have an area; the message completes "shapes[3] …". */
class ShapeError extends Error {}

/** Null for kinds without an area. */
function shapeOf({ points, shape_type: kind, mask }: FileShape): Shape | null {
	const [first, second] = points;
	switch (kind ?? 'polygon') {
		case 'polygon':
			if (points.length < 3) throw new ShapeError(`is a polygon of ${points.length} points`);
			return ringShape(points.flat());
		case 'rectangle':
			if (!first || !second) throw new ShapeError('is a rectangle without two corners');
			return rectangleShape(first[0], first[1], second[0], second[1]);
		case 'circle': {
			// Its centre and a point on it.
			if (!first || !second) throw new ShapeError('is a circle without a centre and a point on it');
			const radius = Math.hypot(second[0] - first[0], second[1] - first[1]);
			return { kind: 'ellipse', x: first[0], y: first[1], radiusX: radius, radiusY: radius, angle: 0 };
		}
		case 'mask': {
			const png = base64Bytes(mask ?? '');
			if (!first || png === null) throw new ShapeError('is a mask without a place or without a picture');
			return { kind: 'bitmap', left: Math.round(first[0]), top: Math.round(first[1]), png };
		}
		default:
			return null;
	}
}

/** The objects of one file; a sentence's facts when one cannot be read. */
function objectsOf(file: TextFile, shapes: readonly unknown[], findings: Findings): DrawnObject[] | { entry: string; reason: string } {
	const objects: DrawnObject[] = [];
	for (const [index, value] of shapes.entries()) {
		const shape = asShape(shapeSchema, value);
		const entry = `shapes[${index}]`;
		if (shape === null) return { entry, reason: whyNot(shapeSchema, value) ?? 'is not as expected' };
		try {
			const area = shapeOf(shape);
			if (area === null) findings.leaveOut(shape.shape_type ?? 'shape');
			else objects.push({ className: shape.label, shape: area, crowd: false, group: shape.group_id ?? null, entry });
		} catch (error) {
			if (!(error instanceof ShapeError)) throw error;
			return { entry, reason: error.message };
		}
	}
	return objects;
}

export const labelMe: Descriptor = {
	id: 'labelme',
	name: format,
	match: ({ path, start }) => /\.json$/iu.test(path) && /^\s*\{/u.test(start),
	async read(file, { pictures }) {
		const value = file.json();
		const content = asShape(fileSchema, value);
		if (content === null || !v.is(markSchema, value)) return null;
		const findings = new Findings();
		const objects = objectsOf(file, content.shapes, findings);
		// The image is the one that the file names, else the one of the file's own name.
		const ownName = file.path.replace(/\.json$/iu, '');
		const named = content.imagePath;
		const found =
			named && pictures.find(named, file.path).kind === 'one'
				? named
				: pictures.find(ownName, file.path).kind === 'one'
					? ownName
					: (named ?? ownName);
		const imagePath = findPicture(findings, pictures, found, file.path);
		if (imagePath === null) {
			if (!Array.isArray(objects)) throw badDescription(format, file.path, objects.entry, objects.reason);
		} else if (Array.isArray(objects)) {
			findings.draw(imagePath, objects, pictures, file.path, { width: content.imageWidth, height: content.imageHeight });
		} else findings.problems.push(badEntry(imagePath, format, file.path, objects.entry, objects.reason));
		return findings.description([]);
	},
};
