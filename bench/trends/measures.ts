/** What one run shows on the held-out images, from the saved results of the app. */
import type { ResultsDocument } from '#lib/state/results.ts';

type Run = ResultsDocument['runs'][number];
type Levels = { readonly background: readonly number[]; readonly foreground: readonly number[] };

export interface Measures {
	readonly seed: number;
	readonly dice: number;
	/** 0 when there is foreground and none was marked. */
	readonly recall: number;
	/** Null when nothing was marked. */
	readonly precision: number | null;
	/** Null with several classes, which have no threshold. */
	readonly probabilities: ProbabilityMeasures | null;
}

export interface ProbabilityMeasures {
	/** Highest Dice at any threshold, and that threshold. */
	readonly best: { readonly dice: number; readonly threshold: number };
	/** Expected calibration error of the foreground probability, ten bins of equal width (Naeini, Cooper, Hauskrecht, AAAI 2015). */
	readonly calibrationError: number;
	/** Share of the true foreground whose probability is below 0.01 or above 0.99. */
	readonly saturated: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Dice of the pixels at or above a level; 0 when neither truth nor prediction marks a pixel. */
export function diceAt(levels: Levels, level: number): number {
	const [falsePositives, truePositives] = [sum(levels.background.slice(level)), sum(levels.foreground.slice(level))];
	const areas = sum(levels.foreground) + truePositives + falsePositives;
	return areas === 0 ? 0 : (2 * truePositives) / areas;
}

/** Mean gap between the probability and the share of foreground in ten bins, weighted by their pixels. */
export function calibrationError({ background, foreground }: Levels): number {
	const bins = Array.from({ length: 10 }, () => ({ pixels: 0, confidence: 0, hits: 0 }));
	foreground.forEach((hits, level) => {
		const probability = (level + 0.5) / 256;
		const bin = bins[Math.floor(probability * 10)]!;
		const pixels = hits + background[level]!;
		bin.pixels += pixels;
		bin.confidence += pixels * probability;
		bin.hits += hits;
	});
	return sum(bins.map(({ confidence, hits }) => Math.abs(confidence - hits))) / sum(bins.map(({ pixels }) => pixels));
}

function probabilityMeasures(levels: Levels): ProbabilityMeasures {
	const trueForeground = sum(levels.foreground);
	const thresholds = Array.from({ length: 255 }, (_, i) => ({ dice: diceAt(levels, i + 1), threshold: (i + 1) / 256 }));
	return {
		best: thresholds.reduce((best, entry) => (entry.dice > best.dice ? entry : best)),
		calibrationError: calibrationError(levels),
		saturated: (sum(levels.foreground.slice(0, 3)) + sum(levels.foreground.slice(254))) / trueForeground,
	};
}

/** The measures of a run's last weights on the test part, pooled over its images. Throws when the run has none. */
export function measure(run: Run): Measures {
	const scores = run.test.last;
	if (!scores) throw new RangeError(`${run.label}, seed ${run.seed}: ${run.state}, no scores on a test part`);
	const { dice, recall, precision } = scores.pooled;
	return {
		seed: run.seed,
		dice: dice ?? 0,
		recall: recall ?? 0,
		precision: precision ?? null,
		probabilities: scores.levels ? probabilityMeasures(scores.levels) : null,
	};
}
