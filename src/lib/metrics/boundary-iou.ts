import { ratio } from './metric.ts';
import type { Mask } from './surface.ts';

/** The smallest of three neighbours along one axis; what lies beyond the image is outside. */
function shrink(data: Uint8Array, stride: number, isEdge: (index: number) => boolean): Uint8Array {
	return Uint8Array.from(data, (value, i) => (value !== 0 && !isEdge(i) && data[i - stride] !== 0 && data[i + stride] !== 0 ? 1 : 0));
}

/** Pixels of the mask that are at most `depth` steps, diagonal ones included, from outside it. */
function innerBand({ data, width, height }: Mask, depth: number): Uint8Array {
	let core = data;
	for (let step = 0; step < depth; step++) {
		const across = shrink(core, 1, (i) => i % width === 0 || i % width === width - 1);
		core = shrink(across, width, (i) => i < width || i >= width * (height - 1));
	}
	return Uint8Array.from(data, (value, i) => (value !== 0 && core[i] === 0 ? 1 : 0));
}

/**
 * IoU of the bands along the inner side of both contours, so that large objects do not hide a poor border.
 *
 * Formula: |B_d(P) ∩ B_d(G)| / |B_d(P) ∪ B_d(G)|, B_d the pixels of a mask within d steps of its outside.
 * Empty masks: not defined where both are empty, 0 where only one is.
 * Source: Cheng, Girshick, Dollár, Berg, Kirillov 2021, "Boundary IoU", CVPR; there d is 2 % of the image diagonal.
 * @throws RangeError when the masks differ in size
 */
export function boundaryIou(prediction: Mask, truth: Mask, depth: number): number | null {
	if (prediction.width !== truth.width || prediction.height !== truth.height) throw new RangeError('the masks differ in size');
	const [marked, real] = [innerBand(prediction, depth), innerBand(truth, depth)];
	const both = marked.filter((value, i) => value === 1 && real[i] === 1).length;
	const either = marked.filter((value, i) => value === 1 || real[i] === 1).length;
	return ratio(both, either);
}
