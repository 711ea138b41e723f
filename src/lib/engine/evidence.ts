/** From probabilities at native size to the evidence and previews that the rest of the product works with. */
import { leastPreviews, type ImageEvidence, type Preview } from '#lib/core/run.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { resizeBilinear, type FloatImage } from '#lib/pixels/resize.ts';

/** Longest side of a stored preview, pixels. */
const previewSide = 160;

/** Previews of one epoch of one run: a wall of rows wants many, storage few. The cost is measured in decision 0008. */
const mostPreviews = 60;
const mostPreviewBytes = 1.5 * 2 ** 20;

/** Probabilities [n] → levels: min(255, ⌊256 p⌋). */
export function toLevels(probabilities: Float32Array): Uint8Array {
	const levels = new Uint8Array(probabilities.length);
	for (let i = 0; i < levels.length; i++) levels[i] = Math.min(255, Math.floor(probabilities[i]! * 256));
	return levels;
}

/** Index of the largest of `outputs` probabilities at each pixel; the first wins a tie. */
export function toClasses(probabilities: Float32Array, outputs: number): Uint8Array {
	const classes = new Uint8Array(probabilities.length / outputs);
	for (let i = 0; i < classes.length; i++) {
		let best = 0;
		for (let c = 1; c < outputs; c++) if (probabilities[i * outputs + c]! > probabilities[i * outputs + best]!) best = c;
		classes[i] = best;
	}
	return classes;
}

/** What a prediction shows: levels for one output, arg-max classes for several. */
export function displayed(probabilities: FloatImage): { readonly kind: 'binary' | 'classes'; readonly data: Uint8Array } {
	const { data, channels } = probabilities;
	return channels === 1 ? { kind: 'binary', data: toLevels(data) } : { kind: 'classes', data: toClasses(data, channels) };
}

/** The evidence of one image. `truth` holds class indices; ignored pixels are left out. */
export function evidenceOf(sampleId: string, probabilities: FloatImage, truth: Uint8Array): ImageEvidence {
	const { kind, data } = displayed(probabilities);
	if (kind === 'binary') {
		const histogram = new Uint32Array(512);
		for (let i = 0; i < data.length; i++) if (truth[i] !== ignoredClass) histogram[truth[i]! * 256 + data[i]!]!++;
		return { kind, sampleId, histogram };
	}
	const classes = probabilities.channels;
	const confusion = new Uint32Array(classes * classes);
	for (let i = 0; i < data.length; i++) if (truth[i] !== ignoredClass) confusion[truth[i]! * classes + data[i]!]!++;
	return { kind, sampleId, classes, confusion };
}

/** A small version of the prediction, to be stored every epoch. */
export function previewOf(sampleId: string, probabilities: FloatImage): Preview {
	const scale = Math.min(1, previewSide / Math.max(probabilities.width, probabilities.height));
	const width = Math.max(1, Math.round(probabilities.width * scale));
	const height = Math.max(1, Math.round(probabilities.height * scale));
	return { sampleId, width, height, ...displayed(resizeBilinear(probabilities, width, height)) };
}

/** Whether an epoch keeps another preview: all of the first few, then as long as one of the last one's size still fits. */
export function hasRoomForPreview(kept: readonly Preview[]): boolean {
	if (kept.length < leastPreviews) return true;
	const bytes = kept.reduce((sum, { data }) => sum + data.length, 0);
	return kept.length < mostPreviews && bytes + (kept.at(-1)?.data.length ?? 0) <= mostPreviewBytes;
}
