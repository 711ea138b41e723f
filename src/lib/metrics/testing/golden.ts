/** Compares the metrics with golden numbers: mask pairs, library conventions and thresholds of `metrics.json`. */
import { countsAt, pool } from '../confusion.ts';
import type { ConfusionCounts } from '../confusion.ts';
import { withEmptyTruth } from '../empty-masks.ts';
import type { EmptyTruth } from '../empty-masks.ts';
import { boundaryIou } from '../boundary-iou.ts';
import { countFigures, surfaceMetrics } from '../index.ts';
import type { CountFigure } from '../metric.ts';
import { surfaceDice } from '../surface-dice.ts';
import { largest, meanOf, surfaceDistances } from '../surface.ts';
import type { Mask, SurfaceDistances } from '../surface.ts';
import { meanOfDefined } from '../summary.ts';
import { checkConvention } from './empty-conventions.ts';
import type { Expected, MetricOutcome } from './empty-conventions.ts';

type Lists = readonly (number | Lists)[];

interface Pair {
	readonly id: string;
	readonly yTrue: Lists;
	readonly yPred: Lists;
	readonly expected: Expected;
	readonly tol?: number;
	readonly spacing?: readonly [row: number, column: number];
	readonly options?: { readonly ignoreEmpty?: boolean; readonly tauBackground?: number; readonly tauForeground?: number };
	readonly procedural?: string;
}

interface ThresholdCase {
	readonly id: string;
	readonly yTrue: Lists;
	readonly yPredProbability: Lists;
	readonly threshold?: number;
	readonly expected: Readonly<Record<string, Expected | readonly Expected[]>>;
}

export interface MetricsFile {
	readonly computed?: readonly Pair[];
	readonly upstream?: readonly Pair[];
	readonly thresholds?: readonly ThresholdCase[];
	readonly conventions?: { readonly emptyMasks?: readonly Expected[] };
}

/** Golden names of figures, those of the computed cases and those of MONAI's confusion metrics. */
const figureNames: Readonly<Record<string, string>> = {
	sensitivity: 'recall',
	npv: 'negativePredictiveValue',
	fpr: 'falsePositiveRate',
	fnr: 'falseNegativeRate',
	fdr: 'falseDiscoveryRate',
	for: 'falseOmissionRate',
	tpr: 'recall',
	tnr: 'specificity',
	ppv: 'precision',
	acc: 'accuracy',
	ba: 'balancedAccuracy',
	f1: 'dice',
	ts: 'iou',
	pt: 'prevalenceThreshold',
	fm: 'fowlkesMallows',
	bm: 'informedness',
	mk: 'markedness',
};

const figure = (name: string): CountFigure | undefined => countFigures.find(({ id }) => id === (figureNames[name] ?? name));

const flat = (lists: Lists): number[] => lists.flatMap((entry) => (typeof entry === 'number' ? [entry] : flat(entry)));
const rows = (lists: Lists): Lists[] => lists.map((entry) => (typeof entry === 'number' ? [entry] : entry));

function maskOf(lists: Lists): Mask {
	const data = Uint8Array.from(flat(lists), (value) => (value > 0 ? 1 : 0));
	return { data, width: data.length / lists.length, height: lists.length };
}

/** Counts of a prediction by the evidence that the app keeps: 256 levels of probability. */
function countsOf(truth: readonly number[], probability: readonly number[], level = 128): ConfusionCounts {
	const histogram = new Uint32Array(512);
	truth.forEach((isForeground, i) => {
		histogram[(isForeground > 0 ? 256 : 0) + Math.min(255, Math.floor(256 * probability[i]!))]! += 1;
	});
	return countsAt({ kind: 'binary', sampleId: '', histogram }, level, 1);
}

const rawCounts: Readonly<Record<string, keyof ConfusionCounts>> = {
	tp: 'truePositives',
	fp: 'falsePositives',
	fn: 'falseNegatives',
	tn: 'trueNegatives',
};

const surfaceNames: Readonly<Record<string, string>> = {
	hd: 'hausdorffDistance',
	hd95_pooled: 'hausdorff95Pooled',
	hd95_maxDirected: 'hausdorff95',
	assd_meanOfMeans: 'averageSurfaceDistance',
	assd_pooled: 'averageSurfaceDistancePooled',
};

const directed: Readonly<Record<string, (distances: SurfaceDistances) => number>> = {
	hdPredToGt: ({ fromPrediction }) => largest(fromPrediction),
	hdGtToPred: ({ fromTruth }) => largest(fromTruth),
	asdPredToGt: ({ fromPrediction }) => meanOf(fromPrediction),
	asdGtToPred: ({ fromTruth }) => meanOf(fromTruth),
};

/** What a name of the golden file is for a pair of masks; undefined when we have nothing of the name. */
function measure(name: string, { yTrue, yPred, spacing }: Pair): number | null | undefined {
	const [truth, prediction] = [maskOf(yTrue), maskOf(yPred)];
	const counts = countsOf([...truth.data], [...prediction.data]);
	const raw = rawCounts[name];
	if (raw !== undefined) return counts[raw];
	const ofCounts = figure(name);
	if (ofCounts !== undefined) return ofCounts.compute(counts);
	const distances = (): SurfaceDistances =>
		surfaceDistances(prediction, truth, spacing === undefined ? undefined : { x: spacing[1], y: spacing[0] });
	const surface = surfaceMetrics.find(({ id }) => id === surfaceNames[name]);
	if (surface !== undefined) return surface.compute(distances());
	if (directed[name] !== undefined) return directed[name](distances());
	const [, kind, size] = /^(nsd_tau|boundaryIoU_d)([\d.]+)$/.exec(name) ?? [];
	if (kind === 'nsd_tau') return surfaceDice(Number(size)).compute(distances());
	return kind === undefined ? undefined : boundaryIou(prediction, truth, Number(size));
}

const isEqual = (value: number | null, wanted: unknown, tolerance: number): boolean =>
	wanted === 'NaN' ? value === null : value !== null && (value === Number(wanted) || Math.abs(value - Number(wanted)) <= tolerance);

/** The first name whose number differs. */
function compare(
	expected: Expected,
	tolerance: number,
	of: (name: string) => number | null | undefined,
): Omit<MetricOutcome, 'id' | 'group'> {
	const unknown: string[] = [];
	for (const [name, wanted] of Object.entries(expected)) {
		const value = of(name);
		if (value === undefined) unknown.push(name);
		else if (!isEqual(value, wanted, tolerance)) return { verdict: 'failed', detail: `${name} expected ${String(wanted)}, got ${value}` };
	}
	return unknown.length > 0 ? { verdict: 'unsupported', detail: `not on the shelf: ${unknown.join(', ')}` } : { verdict: 'passed' };
}

function checkPair(pair: Pair): MetricOutcome {
	const { rawNaNOn0over0 } = pair.expected;
	const expected = typeof rawNaNOn0over0 === 'object' && rawNaNOn0over0 !== null ? { ...rawNaNOn0over0 } : pair.expected;
	return { id: pair.id, group: 'metrics', ...compare(expected, pair.tol ?? 1e-5, (name) => measure(name, pair)) };
}

/** MONAI's means skip what is not defined; where nothing is, they give 0. */
const monaiMean = (values: readonly (number | null)[]): number => meanOfDefined(values) ?? 0;

/** Per-sample, per-class numbers of a case laid out as (N, C, H, W), and MONAI's means of them. */
function checkBatch(pair: Pair): MetricOutcome {
	const [, kind = '', confusionName = ''] = pair.id.split('/');
	const ofKind = figure(kind === 'confusion' ? confusionName : kind);
	if (ofKind === undefined) return { id: pair.id, group: 'metrics', verdict: 'unsupported', detail: `no metric ${kind}/${confusionName}` };
	const rule: EmptyTruth = kind === 'confusion' ? 'defined' : pair.options?.ignoreEmpty === false ? 'count' : 'skip';
	const values = rows(pair.yTrue).map((sample, n) =>
		rows(sample).map((mask, c) => {
			const predicted = rows(rows(pair.yPred)[n]!)[c]!;
			return withEmptyTruth(ofKind, countsOf(flat(mask), flat(predicted)), rule);
		}),
	);
	const classes = (values[0] ?? []).map((_, c) => values.map((sample) => sample[c]!));
	const results: Readonly<Record<string, readonly unknown[]>> = {
		persampleperclass: values.flat().map((value) => value ?? 'NaN'),
		isnanpersampleperclass: values.flat().map((value) => value === null),
		meanoversamplesperclass: classes.map(monaiMean),
		mean: [monaiMean(values.map((sample) => meanOfDefined(sample)))],
	};
	for (const [name, wanted] of Object.entries(pair.expected)) {
		const got = results[name.toLowerCase().replace(/^(dice|iou)/, '')];
		if (got === undefined) return { id: pair.id, group: 'metrics', verdict: 'unsupported', detail: `no summary ${name}` };
		const list = [wanted].flat(3);
		const differs = list.findIndex((value, i) => !isSame(value, got[i], pair.tol ?? 1e-4));
		if (list.length !== got.length || differs >= 0) {
			return { id: pair.id, group: 'metrics', verdict: 'failed', detail: `${name} expected ${list.join()}, got ${got.join()}` };
		}
	}
	return { id: pair.id, group: 'metrics', verdict: 'passed' };
}

const isSame = (wanted: unknown, got: unknown, tolerance: number): boolean =>
	typeof wanted === 'number' && typeof got === 'number' ? Math.abs(wanted - got) <= tolerance : wanted === got;

/** Two images of MONAI's surface Dice: foreground, and the background as the mask of all else. */
function checkSurfaceDice(pair: Pair): MetricOutcome {
	const wide = /^(\d+)x(\d+); yPred=1 for j>=(\d+), yTrue=1 for j>=(\d+)/.exec(pair.procedural ?? '');
	if (pair.procedural !== undefined && wide === null) {
		return { id: pair.id, group: 'metrics', verdict: 'unsupported', detail: 'a recipe that is not known here' };
	}
	const band = (from: number, width: number, height: number): Mask => ({
		data: Uint8Array.from({ length: width * height }, (_, i) => (i % width >= from ? 1 : 0)),
		width,
		height,
	});
	const [height = 0, width = 0, fromPrediction = 0, fromTruth = 0] = (wide ?? []).slice(1).map(Number);
	const prediction = wide === null ? maskOf(pair.yPred) : band(fromPrediction, width, height);
	const truth = wide === null ? maskOf(pair.yTrue) : band(fromTruth, width, height);
	const complement = (mask: Mask): Mask => ({ ...mask, data: mask.data.map((value) => 1 - value) });
	const at = (tolerance: number, isBackground: boolean): number | null => {
		const [a, b] = isBackground ? [complement(prediction), complement(truth)] : [prediction, truth];
		return surfaceDice(tolerance).compute(surfaceDistances(a, b));
	};
	const { tauForeground = 0, tauBackground = 0 } = pair.options ?? {};
	const of = (name: string): number | null | undefined => {
		const [, side, tolerance] = /^nsd(Foreground|Background)(?:_tau([\d.]+))?$/.exec(name) ?? [];
		if (side === undefined) return undefined;
		const isBackground = side === 'Background';
		return at(tolerance === undefined ? (isBackground ? tauBackground : tauForeground) : Number(tolerance), isBackground);
	};
	return { id: pair.id, group: 'metrics', ...compare(pair.expected, pair.tol ?? 1e-5, of) };
}

function checkUpstream(pair: Pair): MetricOutcome {
	return pair.id.includes('surfaceDice') ? checkSurfaceDice(pair) : checkBatch(pair);
}

/** Figures at a threshold, over all images as one and for each: for p > threshold, or for p ≥ threshold as the app counts. */
function checkThreshold({ id, yTrue, yPredProbability, threshold = 0.5, expected }: ThresholdCase): MetricOutcome {
	const images = (level: number): ConfusionCounts[] =>
		rows(yTrue).map((truth, n) => countsOf(flat(truth), flat(rows(yPredProbability)[n]!), level));
	const reached = images(Math.ceil(256 * threshold));
	const passed = images(Math.floor(256 * threshold) + 1);
	const sets = (name: string, wanted: Expected | readonly Expected[]): readonly (readonly [Expected, ConfusionCounts])[] => {
		if (Array.isArray(wanted)) return name === 'perSample' ? wanted.map((entry: Expected, n) => [entry, passed[n]!] as const) : [];
		return [[{ ...wanted }, pool(name === 'greaterEqual' ? reached : passed)]];
	};
	const verdicts = Object.entries(expected).flatMap(([name, wanted]) =>
		sets(name, wanted).map(([figures, counts]) =>
			compare(figures, 1e-5, (key) => {
				const raw = rawCounts[key];
				return raw === undefined ? figure(key)?.compute(counts) : counts[raw];
			}),
		),
	);
	return { id, group: 'metrics', ...(verdicts.find(({ verdict }) => verdict !== 'passed') ?? { verdict: 'passed' }) };
}

export function checkMetrics(file: MetricsFile): MetricOutcome[] {
	return [
		...(file.computed ?? []).map(checkPair),
		...(file.upstream ?? []).map(checkUpstream),
		...(file.thresholds ?? []).map(checkThreshold),
		...(file.conventions?.emptyMasks ?? []).map(checkConvention),
	];
}
