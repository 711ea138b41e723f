/** What libraries give on empty masks, as the golden table states it, beside what ours give. */
import type { ConfusionCounts } from '../confusion.ts';
import { dice } from '../dice.ts';
import { withEmptyTruth } from '../empty-masks.ts';
import type { EmptyTruth } from '../empty-masks.ts';
import { hausdorffDistance } from '../hausdorff-distance.ts';
import { surfaceDice } from '../surface-dice.ts';
import type { SurfaceMetric } from '../surface.ts';

export interface MetricOutcome {
	readonly id: string;
	readonly group: 'metrics';
	readonly verdict: 'passed' | 'failed' | 'unsupported';
	readonly detail?: string;
}

export type Expected = Readonly<Record<string, unknown>>;

type ByMask = Readonly<Record<'emptyGt' | 'emptyPred' | 'bothEmpty', number | null>>;

const nothing = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 16 };

/** Dice by a rule: of a truth that is empty, a prediction that is, both. */
function diceBy(rule: EmptyTruth): ByMask {
	const at = (counts: ConfusionCounts): number | null => withEmptyTruth(dice, counts, rule);
	return {
		emptyGt: at({ ...nothing, falsePositives: 4 }),
		emptyPred: at({ ...nothing, falseNegatives: 4 }),
		bothEmpty: at(nothing),
	};
}

function surfaceBy({ compute }: SurfaceMetric): ByMask {
	const some = Float64Array.of(Infinity, Infinity);
	const none = new Float64Array();
	return {
		emptyGt: compute({ fromPrediction: some, fromTruth: none }),
		emptyPred: compute({ fromPrediction: none, fromTruth: some }),
		bothEmpty: compute({ fromPrediction: none, fromTruth: none }),
	};
}

/** Libraries whose rule is one of ours, by the start of the row's name. */
const libraries: readonly (readonly [prefix: string, option: string, numbers: ByMask])[] = [
	['MONAI DiceMetric', 'ignore_empty=True (default)', diceBy('skip')],
	['MONAI DiceMetric', 'ignore_empty=False', diceBy('count')],
	['torchmetrics segmentation DiceScore', '', diceBy('defined')],
	['MedPy dc/jc', '', diceBy('count')],
	['nnU-Net v2 evaluation', '', diceBy('defined')],
	['MONAI HausdorffDistance', '', surfaceBy(hausdorffDistance)],
	['MONAI SurfaceDice', '', surfaceBy(surfaceDice(1))],
];

const isStated = (stated: unknown, value: number | null): boolean => {
	if (stated === undefined) return true;
	if (typeof stated === 'number') return value === stated;
	return stated === 'inf' ? value === Infinity : typeof stated === 'string' && stated.startsWith('NaN') && value === null;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether ours gives on empty masks what a library's row says. */
export function checkConvention(row: Expected): MetricOutcome {
	const [library, option] = [textOf(row.library), textOf(row.option)];
	const id = `empty masks: ${library}${option === '' ? '' : `, ${option}`}`;
	const found = libraries.find(([prefix, named]) => library.startsWith(prefix) && option === named);
	if (found === undefined) return { id, group: 'metrics', verdict: 'unsupported', detail: 'a rule that ours does not offer' };
	const [, , numbers] = found;
	const stated = { emptyGt: row.emptyGt, emptyPred: row.emptyPred, bothEmpty: row.bothEmpty ?? row.emptyGtAndPred };
	const differs = (['emptyGt', 'emptyPred', 'bothEmpty'] as const).find((key) => !isStated(stated[key], numbers[key]));
	if (differs === undefined) return { id, group: 'metrics', verdict: 'passed' };
	return {
		id,
		group: 'metrics',
		verdict: 'failed',
		detail: `${differs} expected ${String(stated[differs])}, got ${String(numbers[differs])}`,
	};
}
