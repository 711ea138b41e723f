/** Curves of a loss out of what was explored. Pure. */
import type { Explored } from '#lib/core/explore.ts';

/** `share`: over the largest |value| of both curves, so that losses of different scales lie on one axis. */
export type CurveMeasure = 'value' | 'share' | 'slope';

export interface ExploredCurve {
	readonly part: 'object' | 'around';
	readonly y: readonly number[];
}

/** @param explored first one point per p with the object at p, then one per p with its surroundings at p */
export function exploredSeries({ points }: Explored, ps: readonly number[], measure: CurveMeasure): readonly ExploredCurve[] {
	const largest = Math.max(...points.map(({ value }) => Math.abs(value))) || 1;
	const y = (part: 'object' | 'around'): number[] =>
		ps.map((_, place) => {
			const point = points[place + (part === 'object' ? 0 : ps.length)];
			if (!point) return Number.NaN;
			if (measure === 'slope') return part === 'object' ? point.foreground : point.background;
			return measure === 'value' ? point.value : point.value / largest;
		});
	return [
		{ part: 'object', y: y('object') },
		{ part: 'around', y: y('around') },
	];
}

/** Smallest and largest of numbers that are finite; null without any. */
export function rangeOf(values: readonly number[]): { readonly low: number; readonly high: number } | null {
	const finite = values.filter(Number.isFinite);
	return finite.length === 0 ? null : { low: Math.min(...finite), high: Math.max(...finite) };
}
