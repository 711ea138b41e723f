/** The shelf of checks. To add one: copy a neighbour, add a line here. The gravest findings come first, then in this order. */
import { brightnessOutliers, foregroundOutliers } from './outliers.ts';
import type { Check, Finding } from './check.ts';
import { copies } from './copies.ts';
import { emptyMasks } from './empty-masks.ts';
import type { DatasetFacts } from './facts.ts';
import { interpolatedLabels } from './interpolated-labels.ts';
import { leaks } from './leaks.ts';
import { lookAlikes } from './look-alikes.ts';
import { mixedSamples } from './mixed-samples.ts';
import { mixedSizes } from './mixed-sizes.ts';
import { polarity } from './polarity.ts';
import { rareClasses } from './rare-classes.ts';
import { smallObjects } from './small-objects.ts';
import { uncounted } from './uncounted.ts';

export const checks: readonly Check[] = [
	polarity,
	emptyMasks,
	uncounted,
	leaks,
	copies,
	interpolatedLabels,
	smallObjects,
	mixedSamples,
	mixedSizes,
	rareClasses,
	brightnessOutliers,
	foregroundOutliers,
	lookAlikes,
];

/** A finding with the check that made it; `key` is unique among the findings of one diagnosis. */
export interface Diagnosis extends Finding {
	readonly key: string;
}

const severities: readonly Finding['severity'][] = ['error', 'warning', 'info'];

/** Everything that the checks find, the gravest first. */
export function diagnose(facts: DatasetFacts): Diagnosis[] {
	const found = checks.flatMap((check) => check.find(facts).map((finding, index) => ({ ...finding, key: `${check.id}-${index}` })));
	return found.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}
