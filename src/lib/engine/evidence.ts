/** From probabilities at native size to the evidence and previews that the rest of the product works with. */
import type { ImageEvidence, Preview } from '#lib/core/run.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { resizeBilinear, type FloatImage } from '#lib/pixels/resize.ts';

/** Longest side of a stored preview, pixels. */
const previewSide = 160;

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
