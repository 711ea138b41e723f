/** Objects, that is connected parts of a mask, found or missed as a whole. */
import { connectedComponents } from '#lib/pixels/components.ts';
import type { Mask } from './surface.ts';

/**
 * When a true and a predicted object are the same:
 * - `half`: their IoU is at least ½. Such a partner is the only one: two connected parts that share half of a third with it
 *   would fill it and so touch, and be one part. Source: Kirillov, He, Girshick, Rother, Dollár 2019, "Panoptic Segmentation", CVPR.
 * - `any`: they share a pixel, so that one object may stand for several. Source: Carass et al. 2017, "Longitudinal multiple
 *   sclerosis lesion segmentation", NeuroImage (lesion-wise true positive rate).
 */
export type MatchRule = 'half' | 'any';

export interface ObjectCounts {
	readonly inTruth: number;
	/** True objects with a predicted partner. */
	readonly found: number;
	readonly predicted: number;
	/** Predicted objects with a true partner. */
	readonly right: number;
}

function areasOf(labels: Int32Array, objects: number): Uint32Array {
	const areas = new Uint32Array(objects + 1);
	for (const label of labels) areas[label]! += 1;
	return areas;
}

/**
 * Counts objects of two masks; pixels that touch along an edge form one object, however small.
 * @throws RangeError when the masks differ in size
 */
export function matchObjects(prediction: Mask, truth: Mask, rule: MatchRule): ObjectCounts {
	if (prediction.width !== truth.width || prediction.height !== truth.height) throw new RangeError('the masks differ in size');
	const real = connectedComponents(truth.data, truth.width, truth.height);
	const marked = connectedComponents(prediction.data, truth.width, truth.height);
	const [realAreas, markedAreas] = [areasOf(real.labels, real.list.length), areasOf(marked.labels, marked.list.length)];
	/** Shared pixels of each pair that shares any. */
	const shared = new Map<number, number>();
	const stride = marked.list.length + 1;
	real.labels.forEach((label, at) => {
		const other = marked.labels[at]!;
		if (label > 0 && other > 0) shared.set(label * stride + other, (shared.get(label * stride + other) ?? 0) + 1);
	});
	const [found, right] = [new Set<number>(), new Set<number>()];
	for (const [pair, pixels] of shared) {
		const [label, other] = [Math.floor(pair / stride), pair % stride];
		const iou = pixels / (realAreas[label]! + markedAreas[other]! - pixels);
		if (rule === 'half' && iou < 0.5) continue;
		found.add(label);
		right.add(other);
	}
	return { inTruth: real.list.length, found: found.size, predicted: marked.list.length, right: right.size };
}
