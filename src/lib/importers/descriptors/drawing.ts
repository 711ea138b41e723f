/** From the objects of one image to a map of values. */
import { AppError } from '#lib/core/errors.ts';
import type { LabelMap } from '#lib/core/sample.ts';
import type { FillSpan } from '#lib/pixels/fill-rings.ts';
import { png } from '../png.ts';
import { type DrawnObject, fillShape, type Shape } from './shapes.ts';

/** The pixels of a packed PNG that count: alpha where there is one, else every palette index or sample but 0. */
async function fillBitmap(shape: Extract<Shape, { kind: 'bitmap' }>, width: number, height: number, fill: FillSpan): Promise<void> {
	const { left, top } = shape;
	const { width: columns, height: rows, channels, data } = await png.readLabels(shape.png, {});
	const hasAlpha = channels === 2 || channels === 4;
	for (let row = Math.max(0, -top); row < Math.min(rows, height - top); row++) {
		for (let column = Math.max(0, -left); column < Math.min(columns, width - left); column++) {
			const start = (row * columns + column) * channels;
			const first = hasAlpha ? channels - 1 : 0;
			for (let channel = first; channel < channels; channel++) {
				if (data[start + channel] === 0) continue;
				fill(top + row, left + column, left + column + 1);
				break;
			}
		}
	}
}

async function paint(object: DrawnObject, width: number, height: number, fill: FillSpan): Promise<void> {
	if (object.shape.kind !== 'bitmap') return fillShape(object.shape, width, height, fill);
	try {
		await fillBitmap(object.shape, width, height, fill);
	} catch (cause) {
		if (!(cause instanceof AppError)) throw cause;
		const reason = `holds a picture that ${String(cause.facts.reason ?? 'cannot be read')}`;
		throw new AppError('description-unreadable', { entry: object.entry, reason }, { cause });
	}
}

export interface Drawn {
	readonly map: LabelMap;
	/** Objects that cover no pixel's centre, or none inside the image. */
	readonly uncovered: number;
}

/** Draws the objects in order, each with its value; 0 elsewhere. Rejects with `description-unreadable` for a damaged bitmap. */
export async function drawObjects(
	objects: readonly DrawnObject[],
	width: number,
	height: number,
	valueOf: (object: DrawnObject, index: number) => number,
): Promise<Drawn> {
	const values = objects.map(valueOf);
	const data = values.some((value) => value > 255) ? new Uint16Array(width * height) : new Uint8Array(width * height);
	const covering = new Set<DrawnObject>();
	for (const [index, object] of objects.entries()) {
		const value = values[index]!;
		await paint(object, width, height, (y, from, to) => {
			covering.add(object);
			data.fill(value, y * width + from, y * width + to);
		});
	}
	return { map: { width, height, data }, uncovered: objects.length - covering.size };
}
