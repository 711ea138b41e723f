import { falsePositiveRate } from './false-positive-rate.ts';
import { ratio } from './metric.ts';
import type { CountFigure } from './metric.ts';
import { recall } from './recall.ts';

/**
 * The prevalence below which a mark is more likely wrong than the rates of both classes promise.
 *
 * Formula: (√(r·f) − f) / (r − f), r recall and f the false positive rate; it equals √f / (√r + √f).
 * Source: Balayla 2020, "Prevalence threshold and the geometry of screening curves", PLOS ONE.
 */
export const prevalenceThreshold: CountFigure = {
	id: 'prevalenceThreshold',
	name: 'Prevalence threshold',
	definition: '(√(r·f) − f) / (r − f)',
	emptyRule: 'Not defined where the truth is empty or full, nor where r = f.',
	compute: (counts) => {
		const found = recall.compute(counts);
		const marked = falsePositiveRate.compute(counts);
		return found === null || marked === null ? null : ratio(Math.sqrt(found * marked) - marked, found - marked);
	},
};
