/**
 * Shapes of annotation files, and how they become pixels.
 *
 * One rule for all, that of `pixels/fill-rings.ts`: a pixel belongs to a shape when its centre lies inside, by the even-odd rule.
 */
import { fillRings, type FillSpan, type Ring } from '#lib/pixels/fill-rings.ts';
import type { Bytes } from '../format.ts';

export interface Polygon {
	readonly outer: Ring;
	readonly holes: readonly Ring[];
	/**
	 * True where points name pixels instead of places (Supervisely): coordinates are then those of pixel centres, and a
	 * centre on any edge is inside.
	 */
	readonly pointsArePixels?: boolean;
}

export type Shape =
	/** The union of the polygons. */
	| { readonly kind: 'polygons'; readonly polygons: readonly Polygon[] }
	/** Semi-axes in pixels; `angle` in radians, clockwise on the screen. */
	| {
			readonly kind: 'ellipse';
			readonly x: number;
			readonly y: number;
			readonly radiusX: number;
			readonly radiusY: number;
			readonly angle: number;
	  }
	/** Lengths of runs, outside and inside in turn, beginning with outside, through a box of the image. */
	| {
			readonly kind: 'runs';
			readonly order: 'columns' | 'rows';
			readonly left: number;
			readonly top: number;
			readonly width: number;
			readonly height: number;
			readonly lengths: Uint32Array;
	  }
	/** A PNG with its upper left corner at a pixel; what is not zero (and not transparent) is inside. */
	| { readonly kind: 'bitmap'; readonly left: number; readonly top: number; readonly png: Bytes };

type PolygonShape = Extract<Shape, { kind: 'polygons' }>;

/** One annotated object. */
export interface DrawnObject {
	readonly className: string;
	readonly shape: Shape;
	/** True for a region of many objects that are not told apart (COCO's `iscrowd`). It is drawn below all others. */
	readonly crowd: boolean;
	/** Objects of one number are parts of one thing; null for a thing of its own. */
	readonly group: number | null;
	/** Where it stands in its file, for sentences: `annotation 17`. */
	readonly entry: string;
}

/** An object that is a thing of its own. */
export function single(className: string, shape: Shape, entry: string): DrawnObject {
	return { className, shape, crowd: false, group: null, entry };
}

/** A polygon without holes. */
export function ringShape(points: ArrayLike<number>): PolygonShape {
	return { kind: 'polygons', polygons: [{ outer: Float64Array.from(points), holes: [] }] };
}

/** An upright rectangle between two corners, in any order. */
export function rectangleShape(x1: number, y1: number, x2: number, y2: number): PolygonShape {
	return ringShape([x1, y1, x2, y1, x2, y2, x1, y2]);
}

/** Pixels whose centres lie on the ring, where points name pixels. Coordinates are pixel indices. */
function fillEdge(ring: Ring, width: number, height: number, fill: FillSpan): void {
	const count = ring.length / 2;
	for (let i = 0, j = count - 1; i < count; j = i++) {
		const [xa, ya, xb, yb] = [ring[2 * j]!, ring[2 * j + 1]!, ring[2 * i]!, ring[2 * i + 1]!];
		const first = Math.max(0, Math.ceil(Math.min(ya, yb)));
		const last = Math.min(height - 1, Math.floor(Math.max(ya, yb)));
		for (let y = first; y <= last; y++) {
			const at = ya === yb ? xa : xa + ((y - ya) * (xb - xa)) / (yb - ya);
			const from = ya === yb ? Math.ceil(Math.min(xa, xb)) : Math.ceil(at);
			const to = ya === yb ? Math.floor(Math.max(xa, xb)) : Math.floor(at);
			if (from <= to && from < width && to >= 0) fill(y, Math.max(0, from), Math.min(width, to + 1));
		}
	}
}

function fillPolygon({ outer, holes, pointsArePixels = false }: Polygon, width: number, height: number, fill: FillSpan): void {
	fillRings(outer, holes, pointsArePixels ? 0.5 : 0, width, height, fill);
	if (pointsArePixels) fillEdge(outer, width, height, fill);
}

function fillEllipse(shape: Extract<Shape, { kind: 'ellipse' }>, width: number, height: number, fill: FillSpan): void {
	const { x, y, radiusX, radiusY, angle } = shape;
	if (radiusX <= 0 || radiusY <= 0) return;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	const reach = Math.max(radiusX, radiusY);
	const left = Math.max(0, Math.floor(x - reach));
	const right = Math.min(width, Math.ceil(x + reach));
	for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(height, Math.ceil(y + reach)); row++) {
		for (let column = left; column < right; column++) {
			const [dx, dy] = [column + 0.5 - x, row + 0.5 - y];
			const along = (dx * cos + dy * sin) / radiusX;
			const across = (dy * cos - dx * sin) / radiusY;
			if (along * along + across * across < 1) fill(row, column, column + 1);
		}
	}
}

function fillRuns(shape: Extract<Shape, { kind: 'runs' }>, width: number, height: number, fill: FillSpan): void {
	const { order, left, top, lengths } = shape;
	const step = order === 'columns' ? shape.height : shape.width;
	let at = 0;
	for (let i = 0; i < lengths.length; i++) {
		const end = at + lengths[i]!;
		for (; i % 2 === 1 && at < end;) {
			const line = Math.floor(at / step);
			const stop = Math.min(end, (line + 1) * step);
			const [from, to] = [at - line * step, stop - line * step];
			if (order === 'rows') {
				const y = top + line;
				if (y >= 0 && y < height) fill(y, Math.max(0, left + from), Math.min(width, left + to));
			} else {
				const x = left + line;
				if (x >= 0 && x < width) for (let y = Math.max(0, top + from); y < Math.min(height, top + to); y++) fill(y, x, x + 1);
			}
			at = stop;
		}
		at = end;
	}
}

/** The pixels of a shape inside an image, some of them perhaps more than once. */
export function fillShape(shape: Exclude<Shape, { kind: 'bitmap' }>, width: number, height: number, fill: FillSpan): void {
	switch (shape.kind) {
		case 'polygons':
			for (const polygon of shape.polygons) fillPolygon(polygon, width, height, fill);
			return;
		case 'ellipse':
			return fillEllipse(shape, width, height, fill);
		case 'runs':
			return fillRuns(shape, width, height, fill);
		default:
			return shape satisfies never;
	}
}
