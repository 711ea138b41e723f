/** What a score of an image is where the truth has no pixel of the class: libraries differ, and so do their means. */
import type { ConfusionCounts } from './confusion.ts';
import type { CountFigure } from './metric.ts';

/**
 * - `defined`: by the definition, null for 0/0: for Dice 0 when anything is marked, null when nothing is. nnU-Net's
 *   evaluator, torchmetrics' Dice and DeepMind's surface-distance do so, and this app.
 * - `skip`: null, so that a mean leaves the image out, also one with false marks. MONAI's default.
 * - `count`: 1 when nothing is marked, 0 when anything is. MONAI with `ignore_empty=False`, MedPy.
 */
export type EmptyTruth = 'defined' | 'skip' | 'count';

/** The figure of an image by this rule. */
export function withEmptyTruth(figure: CountFigure, counts: ConfusionCounts, rule: EmptyTruth): number | null {
	const isEmpty = counts.truePositives + counts.falseNegatives === 0;
	if (!isEmpty || rule === 'defined') return figure.compute(counts);
	if (rule === 'skip') return null;
	return counts.falsePositives === 0 ? 1 : 0;
}
