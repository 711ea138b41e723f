/** What is kept of a sample beside its pixels. */
import { pixelsHash } from '#lib/core/hash.ts';
import type { LabelMap, SampleMeta, SamplePixels } from '#lib/core/sample.ts';
import { countLabels } from './mask-values.ts';

/** Pixels, and what a pass over all of them tells. */
export interface MeasuredSample extends SamplePixels {
	readonly hash: string;
	readonly valueCounts: SampleMeta['valueCounts'];
}

/** Entries that `SampleMeta.valueCounts` may have. */
const maxValueCounts = 256;

/** The most frequent values, ascending. */
export function keptCounts(mask: LabelMap): SampleMeta['valueCounts'] {
	const counts = countLabels(mask);
	if (counts.length <= maxValueCounts) return counts;
	const kept = [...counts].sort(([, a], [, b]) => b - a).slice(0, maxValueCounts);
	return kept.sort(([a], [b]) => a - b);
}

/** Measures in this thread. */
export async function measureSample({ image, mask }: SamplePixels): Promise<MeasuredSample> {
	return { image, mask, hash: await pixelsHash({ image, mask }), valueCounts: keptCounts(mask) };
}
