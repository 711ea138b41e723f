/**
 * CVAT for images 1.1: `annotations.xml` with boxes, ellipses, polygons and masks per image, drawn by `z_order`.
 * A mask's run lengths go along the rows of its box, beginning with outside.
 * Source: <https://docs.cvat.ai/docs/other/xml_format>.
 */
import { badDescription, badEntry, type DescribedClass, type Descriptor } from './descriptor.ts';
import { findPicture, Findings } from './findings.ts';
import { checkTotal, plainLengths, RunLengthError } from './run-lengths.ts';
import { rectangleShape, ringShape, type Shape, single, type DrawnObject } from './shapes.ts';
import { readXml, XmlError } from './xml.ts';

const format = 'CVAT';

type Attributes = ReadonlyMap<string, string>;

/** A shape that cannot be drawn though it should have an area; the message completes "The polygon in line 3 …". */
class ShapeError extends Error {}

function numberOf(attributes: Attributes, name: string): number {
	const text = attributes.get(name);
	const number = Number(text);
	if (text === undefined || text.trim() === '' || !Number.isFinite(number)) throw new ShapeError(`has no number as “${name}”`);
	return number;
}

/** `x,y;x,y;…` */
function pointsOf(attributes: Attributes): number[] {
	const points = (attributes.get('points') ?? '').split(';').filter((entry) => entry.trim() !== '');
	const numbers = points.flatMap((entry) => entry.split(',').map(Number));
	if (points.length < 3 || numbers.length !== 2 * points.length || !numbers.every(Number.isFinite))
		throw new ShapeError('has points that are no “x,y;x,y;…”');
	return numbers;
}

function rotatedRectangle(attributes: Attributes): Shape {
	const [left, top, right, bottom] = ['xtl', 'ytl', 'xbr', 'ybr'].map((name) => numberOf(attributes, name));
	const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [left, top, right, bottom];
	const angle = attributes.has('rotation') ? (numberOf(attributes, 'rotation') * Math.PI) / 180 : 0;
	if (angle === 0) return rectangleShape(x1, y1, x2, y2);
	const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
	const corners = [
		[x1, y1],
		[x2, y1],
		[x2, y2],
		[x1, y2],
	] as const;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	return ringShape(corners.flatMap(([cx, cy]) => [x + (cx - x) * cos - (cy - y) * sin, y + (cx - x) * sin + (cy - y) * cos]));
}

function maskShape(attributes: Attributes): Shape {
	const [left = 0, top = 0, width = 0, height = 0] = ['left', 'top', 'width', 'height'].map((name) => numberOf(attributes, name));
	const lengths = plainLengths((attributes.get('rle') ?? '').split(',').map((entry) => (entry.trim() === '' ? Number.NaN : Number(entry))));
	checkTotal(lengths, width, height);
	return { kind: 'runs', order: 'rows', left, top, width, height, lengths };
}

/** Elements inside an image: those with an area are drawn. */
const shapes: ReadonlyMap<string, (attributes: Attributes) => Shape> = new Map([
	['polygon', (attributes: Attributes): Shape => ringShape(pointsOf(attributes))],
	['box', rotatedRectangle],
	['mask', maskShape],
	[
		'ellipse',
		(attributes: Attributes): Shape => ({
			kind: 'ellipse',
			x: numberOf(attributes, 'cx'),
			y: numberOf(attributes, 'cy'),
			radiusX: numberOf(attributes, 'rx'),
			radiusY: numberOf(attributes, 'ry'),
			angle: attributes.has('rotation') ? (numberOf(attributes, 'rotation') * Math.PI) / 180 : 0,
		}),
	],
]);

const withoutArea = ['polyline', 'points', 'cuboid', 'tag', 'skeleton'];

interface FileImage {
	readonly name: string;
	readonly width: number | undefined;
	readonly height: number | undefined;
	readonly objects: { readonly object: DrawnObject; readonly depth: number }[];
	failure: { entry: string; reason: string } | null;
}

/** Collects the file's elements. */
class Reader {
	readonly findings = new Findings();
	readonly images: FileImage[] = [];
	readonly classes: DescribedClass[] = [];
	root = '';
	tracks = 0;
	#image: FileImage | null = null;
	#label: { name: string; colour?: number } | null = null;
	/** Names of the open elements. */
	readonly #path: string[] = [];

	open(name: string, attributes: Attributes, line: number): void {
		if (this.#path.length === 0) this.root = name;
		this.#path.push(name);
		if (name === 'track') this.tracks++;
		if (name === 'label') this.#label = { name: '' };
		if (name === 'image') {
			const size = (key: string): number | undefined => (Number(attributes.get(key)) > 0 ? Number(attributes.get(key)) : undefined);
			this.#image = { name: attributes.get('name') ?? '', width: size('width'), height: size('height'), objects: [], failure: null };
			this.images.push(this.#image);
		} else if (this.#image !== null && this.#path.at(-2) === 'image') this.#add(this.#image, name, attributes, line);
	}

	close(name: string, text: string): void {
		this.#path.pop();
		if (name === 'image') this.#image = null;
		if (this.#label !== null && this.#path.at(-1) === 'label') {
			if (name === 'name') this.#label.name = text.trim();
			const colour = /^#([0-9a-f]{6})$/iu.exec(text.trim())?.[1];
			if (name === 'color' && colour !== undefined) this.#label.colour = Number.parseInt(colour, 16);
		}
		if (name === 'label' && this.#label !== null) {
			if (this.#label.name !== '') this.classes.push(this.#label);
			this.#label = null;
		}
	}

	#add(image: FileImage, kind: string, attributes: Attributes, line: number): void {
		const entry = `The ${kind} in line ${line}`;
		const shapeOf = shapes.get(kind);
		if (withoutArea.includes(kind)) this.findings.leaveOut(kind);
		if (!shapeOf) return;
		try {
			const label = attributes.get('label');
			if (label === undefined) throw new ShapeError('has no label');
			image.objects.push({ object: single(label, shapeOf(attributes), entry), depth: Number(attributes.get('z_order') ?? 0) || 0 });
		} catch (error) {
			if (!(error instanceof ShapeError || error instanceof RunLengthError)) throw error;
			image.failure ??= { entry, reason: error.message };
		}
	}
}

export const cvat: Descriptor = {
	id: 'cvat',
	name: format,
	match: ({ path, start }) => /\.xml$/iu.test(path) && /<annotations[\s>]/u.test(start),
	async read(file, { pictures }) {
		const reader = new Reader();
		try {
			await readXml(file.text, reader);
		} catch (error) {
			if (error instanceof XmlError) throw badDescription(format, file.path, 'The file', error.message, { cause: error });
			throw error;
		}
		if (reader.root !== 'annotations') return null;
		if (reader.tracks > 0 && reader.images.length === 0) {
			throw badDescription(format, file.path, 'The file', 'describes a video; export it as “CVAT for images” instead');
		}
		const { findings } = reader;
		for (const image of reader.images) {
			const imagePath = findPicture(findings, pictures, image.name, file.path);
			if (imagePath === null) continue;
			const { failure } = image;
			if (failure) findings.problems.push(badEntry(imagePath, format, file.path, failure.entry, failure.reason));
			else {
				const objects = [...image.objects].sort((a, b) => a.depth - b.depth).map(({ object }) => object);
				findings.draw(imagePath, objects, pictures, file.path, image);
			}
		}
		return findings.description(reader.classes);
	},
};
