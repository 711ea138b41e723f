/** What the predicted probabilities of two classes say at every threshold, pooled over images. */
import type { ImageEvidence } from '#lib/core/run.ts';
import { countsAt, pool, type ConfusionCounts } from './confusion.ts';
import type { Metric } from './metric.ts';
import { meanOfDefined } from './summary.ts';

const levels = 256;

/** Pixels by probability level 0…255 (level = min(255, ⌊256 p⌋)) and truth. */
export interface LevelCounts {
	readonly background: readonly number[];
	readonly foreground: readonly number[];
}

/** All images together; null with more than two classes, which go by arg-max, and without an image. */
export function pooledLevels(evidence: readonly ImageEvidence[]): LevelCounts | null {
	if (evidence.length === 0) return null;
	const pooled = new Array<number>(2 * levels).fill(0);
	for (const image of evidence) {
		if (image.kind !== 'binary') return null;
		image.histogram.forEach((pixels, level) => (pooled[level]! += pixels));
	}
	return { background: pooled.slice(0, levels), foreground: pooled.slice(levels) };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Confusion counts at every threshold level 0…256, lowest first. */
function countsByLevel({ background, foreground }: LevelCounts): readonly ConfusionCounts[] {
	let [truePositives, falsePositives] = [total(foreground), total(background)];
	let [falseNegatives, trueNegatives] = [0, 0];
	return Array.from({ length: levels + 1 }, (_, level) => {
		const counts = { truePositives, falsePositives, falseNegatives, trueNegatives };
		const [hits, alarms] = [foreground[level] ?? 0, background[level] ?? 0];
		truePositives -= hits;
		falseNegatives += hits;
		falsePositives -= alarms;
		trueNegatives += alarms;
		return counts;
	});
}

export interface PrecisionRecall {
	/** 0, 0.01 … 1. */
	readonly recall: readonly number[];
	/** The highest precision at that recall or above; null at recalls that no threshold reaches. */
	readonly precision: readonly (number | null)[];
	/** Σ (R_n − R_{n−1})·P_n from the highest threshold down; null without a true pixel. */
	readonly averagePrecision: number | null;
}

/**
 * Precision over recall at every threshold level, pooled over pixels.
 * Source: Everingham et al. 2010, "The Pascal Visual Object Classes (VOC) Challenge", IJCV (interpolated precision); the sum is the
 * usual estimate of the area below the curve without interpolation.
 */
export function precisionRecall(counts: LevelCounts): PrecisionRecall {
	const truth = total(counts.foreground);
	const recall = Array.from({ length: 101 }, (_, i) => i / 100);
	if (truth === 0) return { recall, precision: recall.map(() => null), averagePrecision: null };
	// From the highest threshold down, where something is marked.
	const points = countsByLevel(counts)
		.toReversed()
		.filter(({ truePositives, falsePositives }) => truePositives + falsePositives > 0)
		.map(({ truePositives, falsePositives }) => ({
			recall: truePositives / truth,
			precision: truePositives / (truePositives + falsePositives),
		}));
	const area = points.reduce((sum, point, i) => sum + (point.recall - (points[i - 1]?.recall ?? 0)) * point.precision, 0);
	const bestFrom = (least: number): number | null => {
		const reached = points.filter((point) => point.recall >= least - 1e-12);
		return reached.length === 0 ? null : Math.max(...reached.map(({ precision }) => precision));
	};
	return { recall, precision: recall.map(bestFrom), averagePrecision: area };
}

/** The share of true foreground among the pixels of each of ten bins of probability; null where a bin is empty. */
export interface Calibration {
	/** Middle of each bin: 0.05, 0.15 … 0.95. */
	readonly confidence: readonly number[];
	readonly share: readonly (number | null)[];
	/** Expected calibration error: mean gap between probability and share, weighted by pixels; null without a pixel. */
	readonly error: number | null;
	/** Mean squared difference between probability and truth (Brier 1950); null without a pixel. */
	readonly brier: number | null;
}

/**
 * How far probabilities can be taken at their word, in ten bins of equal width. A level stands for its middle, (level + ½) / 256.
 * Source: Naeini, Cooper, Hauskrecht 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI.
 */
export function calibration({ background, foreground }: LevelCounts): Calibration {
	const bins = Array.from({ length: 10 }, () => ({ pixels: 0, confidence: 0, hits: 0 }));
	let squares = 0;
	foreground.forEach((hits, level) => {
		const probability = (level + 0.5) / levels;
		const alarms = background[level] ?? 0;
		const bin = bins[Math.floor(probability * 10)]!;
		bin.pixels += hits + alarms;
		bin.confidence += (hits + alarms) * probability;
		bin.hits += hits;
		squares += hits * (1 - probability) ** 2 + alarms * probability ** 2;
	});
	const pixels = total(bins.map((bin) => bin.pixels));
	return {
		confidence: bins.map((_, i) => (2 * i + 1) / 20),
		share: bins.map((bin) => (bin.pixels === 0 ? null : bin.hits / bin.pixels)),
		error: pixels === 0 ? null : total(bins.map(({ confidence, hits }) => Math.abs(confidence - hits))) / pixels,
		brier: pixels === 0 ? null : squares / pixels,
	};
}

/** A score at every threshold level 1…255, as the x axis of a sweep has them. */
export interface Sweep {
	readonly level: readonly number[];
	readonly score: readonly (number | null)[];
	/** Where it is highest, the lowest such level; null where it is nowhere defined. */
	readonly best: { readonly level: number; readonly score: number } | null;
}

/**
 * A score of binary images at every threshold level.
 * @param perImage mean over the images on which it is defined, instead of all pixels together
 */
export function thresholdSweep(
	evidence: readonly ImageEvidence[],
	metric: Pick<Metric, 'compute'>,
	{ perImage }: { readonly perImage: boolean },
): Sweep {
	const level = Array.from({ length: levels - 1 }, (_, i) => i + 1);
	const values = level.map((at) => {
		const counts = evidence.map((image) => countsAt(image, at, 1));
		return perImage ? meanOfDefined(counts.map((image) => metric.compute(image))) : metric.compute(pool(counts));
	});
	const best = values.reduce<Sweep['best']>(
		(found, value, i) => (value !== null && (found === null || value > found.score) ? { level: level[i] ?? 0, score: value } : found),
		null,
	);
	return { level, score: values, best };
}
