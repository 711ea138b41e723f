/** Changes to the weight schedules of a sum. */
import { constantWeight, weightAt, type LossTerm, type WeightSchedule } from '#lib/core/loss-choice.ts';

/**
 * The schedule with another curve. One that was constant begins to move from 0 to what it was, over the whole run; one that
 * moved stays at what it ended with.
 */
export function withCurve(weight: WeightSchedule, curve: WeightSchedule['curve']): WeightSchedule {
	if (curve === weight.curve) return weight;
	if (curve === 'constant') return constantWeight(weight.to);
	if (weight.curve !== 'constant') return { ...weight, curve };
	const begin = 0;
	const end = curve === 'step' ? 0.5 : 1;
	return { curve, from: 0, to: weight.from, begin, end };
}

/** The largest weight of any term, 0 at least: the scale that they are drawn on. */
export function largestWeight(terms: readonly LossTerm[]): number {
	return Math.max(0, ...terms.flatMap(({ weight }) => [weightAt(weight, 0), weightAt(weight, 1)]));
}
