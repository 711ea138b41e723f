/** A run's probabilities: curves over thresholds, and the threshold that validation images choose. Pure. */
import type { ImageEvidence } from '#lib/core/run.ts';
import { countsAt, pool } from '#lib/metrics/confusion.ts';
import { dice } from '#lib/metrics/dice.ts';
import {
	calibration,
	pooledLevels,
	precisionRecall,
	thresholdSweep,
	type Calibration,
	type PrecisionRecall,
	type Sweep,
} from '#lib/metrics/probability.ts';
import { meanOfDefined } from '#lib/metrics/summary.ts';

export interface Probabilities {
	/** Dice over the threshold, on the shown images. */
	readonly sweep: Sweep;
	readonly precisionRecall: PrecisionRecall;
	readonly calibration: Calibration;
	/** The threshold with the highest Dice on validation images, and what it gives there and on test images; null without validation. */
	readonly chosen: { readonly level: number; readonly validation: number; readonly test: number | null } | null;
}

function diceAt(evidence: readonly ImageEvidence[], level: number, perImage: boolean): number | null {
	const counts = evidence.map((image) => countsAt(image, level, 1));
	return perImage ? meanOfDefined(counts.map((image) => dice.compute(image))) : dice.compute(pool(counts));
}

interface Given {
	/** What the curves are drawn of. */
	readonly shown: readonly ImageEvidence[];
	readonly validation: readonly ImageEvidence[];
	readonly test: readonly ImageEvidence[];
	/** Mean over images instead of all pixels together. */
	readonly perImage: boolean;
}

/** Null with more than two classes, which have no threshold, and before anything was scored. */
export function probabilitiesOf({ shown, validation, test, perImage }: Given): Probabilities | null {
	const levels = pooledLevels(shown);
	if (!levels) return null;
	const { best } = thresholdSweep(validation, dice, { perImage });
	return {
		sweep: thresholdSweep(shown, dice, { perImage }),
		precisionRecall: precisionRecall(levels),
		calibration: calibration(levels),
		chosen: best && { level: best.level, validation: best.score, test: test.length > 0 ? diceAt(test, best.level, perImage) : null },
	};
}
