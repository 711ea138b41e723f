/** What one run shows on the held-out images, from the saved results of the app. */
import { dice } from '#lib/metrics/dice.ts';
import { calibration, thresholdSweep, type LevelCounts } from '#lib/metrics/probability.ts';
import type { ResultsDocument } from '#lib/state/results.ts';

type Run = ResultsDocument['runs'][number];

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

function probabilityMeasures({ background, foreground }: LevelCounts): ProbabilityMeasures {
	const histogram = Uint32Array.from([...background, ...foreground]);
	const { best } = thresholdSweep([{ kind: 'binary', sampleId: '', histogram }], dice, { perImage: false });
	return {
		best: { dice: best?.score ?? 0, threshold: (best?.level ?? 0) / 256 },
		calibrationError: calibration({ background, foreground }).error ?? Number.NaN,
		saturated: (sum(foreground.slice(0, 3)) + sum(foreground.slice(254))) / sum(foreground),
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
