/** Pictures of gradients: what training would raise and lower at each pixel. */
import { ignoredClass } from '#lib/core/sample.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** Where the loss raises the probability, where it leaves it, where it lowers it: told apart by all forms of colour vision. */
export const slopeColours = { raise: [230, 97, 0], still: [245, 245, 245], lower: [50, 90, 170] } as const satisfies Record<string, Rgb>;

/** A slope as a colour: its root over that of `scale`, so that small ones still show. */
export function slopeColour(slope: number, scale: number): Rgb {
	if (!(scale > 0) || !Number.isFinite(slope)) return slopeColours.still;
	const share = Math.sqrt(Math.min(1, Math.abs(slope) / scale));
	const [end, still] = [slope < 0 ? slopeColours.raise : slopeColours.lower, slopeColours.still];
	const mix = (at: 0 | 1 | 2): number => Math.round(still[at] + (end[at] - still[at]) * share);
	return [mix(0), mix(1), mix(2)];
}

/** The map as an image of one pixel each. */
export function paintSlopes(slopes: Float32Array, width: number, height: number, scale: number): ImageData {
	const image = new ImageData(width, height);
	slopes.forEach((slope, at) => image.data.set([...slopeColour(slope, scale), 255], 4 * at));
	return image;
}

/** The prediction in grey with the rim of the true object in colour; ignored pixels are half as bright. */
export function paintPrediction(levels: Uint8Array, classes: Uint8Array, width: number, height: number, rim: Rgb): ImageData {
	const image = new ImageData(width, height);
	const isTrue = (x: number, y: number): boolean => classes[y * width + x] === 1;
	levels.forEach((level, at) => {
		const [x, y] = [at % width, Math.floor(at / width)];
		const inner = isTrue(x, y);
		const onRim = inner && !(isTrue(x - 1, y) && isTrue(x + 1, y) && isTrue(x, y - 1) && isTrue(x, y + 1));
		const grey = classes[at] === ignoredClass ? level >> 1 : level;
		image.data.set([...(onRim ? rim : [grey, grey, grey]), 255], 4 * at);
	});
	return image;
}
