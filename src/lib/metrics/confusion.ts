/** Pixels sorted by truth and prediction, for one class against the rest. */
import type { ImageEvidence } from '#lib/core/run.ts';

/** Pixel counts of one class against all others. */
export interface ConfusionCounts {
	readonly truePositives: number;
	readonly falsePositives: number;
	readonly falseNegatives: number;
	readonly trueNegatives: number;
}

/** Probability levels of a binary histogram; entries from here on count foreground pixels. */
const levels = 256;

function sum(counts: Uint32Array, from: number, to: number): number {
	let total = 0;
	for (let i = from; i < to; i++) total += counts[i]!;
	return total;
}

function foregroundCounts(histogram: Uint32Array, thresholdLevel: number): ConfusionCounts {
	return {
		truePositives: sum(histogram, levels + thresholdLevel, 2 * levels),
		falsePositives: sum(histogram, thresholdLevel, levels),
		falseNegatives: sum(histogram, levels, levels + thresholdLevel),
		trueNegatives: sum(histogram, 0, thresholdLevel),
	};
}

/** The same pixels seen from the other class. */
function complement(counts: ConfusionCounts): ConfusionCounts {
	return {
		truePositives: counts.trueNegatives,
		falsePositives: counts.falseNegatives,
		falseNegatives: counts.falsePositives,
		trueNegatives: counts.truePositives,
	};
}

function classCounts(confusion: Uint32Array, classes: number, classIndex: number): ConfusionCounts {
	let row = 0;
	let column = 0;
	for (let other = 0; other < classes; other++) {
		row += confusion[classIndex * classes + other]!;
		column += confusion[other * classes + classIndex]!;
	}
	const hits = confusion[classIndex * classes + classIndex]!;
	const all = sum(confusion, 0, classes * classes);
	return { truePositives: hits, falsePositives: column - hits, falseNegatives: row - hits, trueNegatives: all - row - column + hits };
}

/**
 * One image's counts for one class.
 * @param thresholdLevel 0…256: a pixel is foreground when its probability level reaches it. Classes go by arg-max and ignore it.
 * @param classIndex 0 is the background.
 */
export function countsAt(evidence: ImageEvidence, thresholdLevel: number, classIndex: number): ConfusionCounts {
	if (evidence.kind === 'classes') return classCounts(evidence.confusion, evidence.classes, classIndex);
	const foreground = foregroundCounts(evidence.histogram, thresholdLevel);
	return classIndex === 0 ? complement(foreground) : foreground;
}

/** Pixels of all images by truth (row) and prediction (column), background first. Empty without an image. */
export function confusionMatrix(evidence: readonly ImageEvidence[], thresholdLevel: number): readonly (readonly number[])[] {
	const [first] = evidence;
	if (!first) return [];
	const classes = first.kind === 'classes' ? first.classes : 2;
	const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
	for (const image of evidence) {
		matrix.forEach((row, truth) => row.forEach((_, predicted) => (row[predicted]! += pixelsOf(image, thresholdLevel, truth, predicted))));
	}
	return matrix;
}

function pixelsOf(image: ImageEvidence, thresholdLevel: number, truth: number, predicted: number): number {
	if (image.kind === 'classes') return image.confusion[truth * image.classes + predicted]!;
	const from = truth * levels;
	return predicted === 1 ? sum(image.histogram, from + thresholdLevel, from + levels) : sum(image.histogram, from, from + thresholdLevel);
}

/** The counts of several images as if they were one. */
export function pool(counts: readonly ConfusionCounts[]): ConfusionCounts {
	const total = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
	for (const image of counts) {
		total.truePositives += image.truePositives;
		total.falsePositives += image.falsePositives;
		total.falseNegatives += image.falseNegatives;
		total.trueNegatives += image.trueNegatives;
	}
	return total;
}
