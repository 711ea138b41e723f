/** Metrics over a set of images: pooled and per image, by class and over the foreground. */
import type { ImageEvidence } from '#lib/core/run.ts';
import { countsAt, pool } from './confusion.ts';
import type { ConfusionCounts } from './confusion.ts';
import { metricShelf } from './index.ts';
import type { Metric } from './metric.ts';

/** One metric over a set of images. */
export interface Aggregate {
	/** From the counts of all images added up (micro); null where not defined. */
	readonly pooled: number | null;
	/** Mean over the images on which it is defined (macro); null where there is none. */
	readonly perImageMean: number | null;
	/** Images in that mean. */
	readonly counted: number;
	/** Images in the set. */
	readonly total: number;
}

export interface MetricSummary {
	readonly metric: Metric;
	/** One per class, background first. */
	readonly classes: readonly Aggregate[];
	/** Mean of the foreground classes' aggregates; `counted` and `total` are pairs of image and class. */
	readonly foreground: Aggregate;
}

/** The mean of what is defined; null when nothing is. */
export function meanOfDefined(values: readonly (number | null)[]): number | null {
	const defined = values.filter((value) => value !== null);
	return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

function aggregate(metric: Metric, images: readonly ConfusionCounts[]): Aggregate {
	const perImage = images.map((counts) => metric.compute(counts));
	return {
		pooled: metric.compute(pool(images)),
		perImageMean: meanOfDefined(perImage),
		counted: perImage.filter((value) => value !== null).length,
		total: images.length,
	};
}

function overClasses(aggregates: readonly Aggregate[]): Aggregate {
	return {
		pooled: meanOfDefined(aggregates.map((entry) => entry.pooled)),
		perImageMean: meanOfDefined(aggregates.map((entry) => entry.perImageMean)),
		counted: aggregates.reduce((sum, entry) => sum + entry.counted, 0),
		total: aggregates.reduce((sum, entry) => sum + entry.total, 0),
	};
}

/**
 * Every metric of the shelf over a set of images.
 * @param classCount classes of the data set, background included; 2 for a binary one.
 */
export function summarise(evidence: readonly ImageEvidence[], thresholdLevel: number, classCount: number): readonly MetricSummary[] {
	const countsByClass = Array.from({ length: classCount }, (_, classIndex) =>
		evidence.map((image) => countsAt(image, thresholdLevel, classIndex)),
	);
	return metricShelf.map((metric) => {
		const classes = countsByClass.map((images) => aggregate(metric, images));
		return { metric, classes, foreground: overClasses(classes.slice(1)) };
	});
}

export type Collapse = 'predicts no foreground' | 'predicts everything foreground';

/** Says when a net has given up: it marks nothing, or everything, though the truth does neither. Null when it has not. */
export function collapseOf(evidence: readonly ImageEvidence[], thresholdLevel: number): Collapse | null {
	const background = pool(evidence.map((image) => countsAt(image, thresholdLevel, 0)));
	const trueForeground = background.falsePositives + background.trueNegatives;
	const trueBackground = background.truePositives + background.falseNegatives;
	const marked = background.falseNegatives + background.trueNegatives;
	if (trueForeground > 0 && marked === 0) return 'predicts no foreground';
	if (trueBackground > 0 && marked === trueForeground + trueBackground) return 'predicts everything foreground';
	return null;
}
