/** The shelf of metrics. Each is one file; a new one is one line here. */
import { dice } from './dice.ts';
import { iou } from './iou.ts';
import type { Metric } from './metric.ts';
import { precision } from './precision.ts';
import { recall } from './recall.ts';
import { specificity } from './specificity.ts';

export const metricShelf: readonly Metric[] = [dice, iou, precision, recall, specificity];

/** The metric with this id, if the shelf has it. */
export function findMetric(id: string): Metric | undefined {
	return metricShelf.find((metric) => metric.id === id);
}
