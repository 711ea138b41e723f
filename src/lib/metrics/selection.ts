/** The score by which a run's best epoch is chosen. */
import type { ImageEvidence } from '#lib/core/run.ts';
import { countsAt, pool } from './confusion.ts';
import { dice } from './dice.ts';
import { meanOfDefined } from './summary.ts';

/**
 * Pooled Dice over all images, mean over the foreground classes. Null without an image, or where no class is in any
 * truth or prediction.
 */
export function selectionDice(evidence: readonly ImageEvidence[], thresholdLevel: number): number | null {
	const [first] = evidence;
	if (!first) return null;
	const classes = first.kind === 'classes' ? first.classes : 2;
	const foreground = Array.from({ length: classes - 1 }, (_, index) => index + 1);
	return meanOfDefined(
		foreground.map((classIndex) => dice.compute(pool(evidence.map((image) => countsAt(image, thresholdLevel, classIndex))))),
	);
}
