/** A square grid of values as a picture of one pixel each, from the smallest, dark, to the largest; what is no number is grey. */
import { viridisTable } from '../overlay/viridis.ts';
import { rangeOf } from './explored-series.ts';

/** @param values row by row, side² of them */
export function paintSurface(values: readonly number[], side: number): ImageData {
	const image = new ImageData(side, side);
	const range = rangeOf(values);
	values.forEach((value, at) => {
		const share = range && range.high > range.low ? (value - range.low) / (range.high - range.low) : 0;
		const level = Math.round(255 * share);
		const colour = Number.isFinite(value) ? viridisTable.subarray(3 * level, 3 * level + 3) : [128, 128, 128];
		image.data.set([...colour, 255], 4 * at);
	});
	return image;
}
