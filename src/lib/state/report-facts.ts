/** Everything that the report of an experiment tells, gathered from what was stored. */
import type { ExperimentRecord, Preview } from '#lib/core/run.ts';
import { classNames, type DatasetMeta, type Raster } from '#lib/core/sample.ts';
import { metricShelf } from '#lib/metrics/index.ts';
import { resolveLoss } from '#lib/losses/resolve.ts';
import type { PairComparison } from '#lib/stats/compare-pairs.ts';
import type { Comparison, RunScores, ScoreChoice } from './comparison.svelte.ts';
import type { Curve } from './run-curves.ts';
import { conclusionsOf } from './conclusions.ts';
import type { LoadedSample } from './loaded-samples.svelte.ts';
import { pickImages } from './report-images.ts';
import { imageScoreOf, splitInWords } from './repeats.ts';
import { valuesInWords } from './settings-table.ts';
import { specInWords } from './spec-changes.ts';
import { specToHash } from './spec-link.ts';
import { originInWords } from './train-on.ts';

type Named = readonly (readonly [name: string, value: string])[];

export interface ReportImage {
	readonly name: string;
	readonly why: string;
	readonly image: Raster;
	readonly truth: LoadedSample['truth'];
	readonly runs: readonly {
		readonly name: string;
		readonly place: number;
		readonly score: number | null;
		readonly prediction: Preview | null;
	}[];
}

export interface ReportFacts {
	readonly title: string;
	readonly question: string;
	/** Data, split, device, hash. */
	readonly facts: Named;
	readonly choices: Named;
	readonly losses: readonly { readonly name: string; readonly formula: string; readonly values: string; readonly code: string }[];
	readonly conclusions: readonly string[];
	/** What the watch says of the runs. */
	readonly signs: readonly string[];
	readonly curves: readonly Curve[];
	readonly scores: readonly { readonly title: string; readonly rows: readonly RunScores[] }[];
	readonly columns: readonly { readonly id: string; readonly label: string; readonly definition: string }[];
	readonly pairs: { readonly title: string; readonly rows: readonly PairComparison[] };
	readonly images: readonly ReportImage[];
	/** The choices as a link's hash; opens the same experiment without its data. */
	readonly hash: string;
}

interface Source {
	readonly experiment: ExperimentRecord;
	readonly dataset: DatasetMeta;
	readonly comparison: Comparison;
	readonly loadSample: (sampleId: string) => Promise<LoadedSample | null>;
	readonly loadPreviews: (runId: string, epoch: number) => Promise<readonly Preview[]>;
}

const parts = (experiment: ExperimentRecord, hasTest: boolean): readonly ScoreChoice['part'][] => [
	...(hasTest ? ['test' as const] : []),
	...(experiment.split.validation.length > 0 ? ['validation' as const] : []),
];

function scoreTables({ experiment, comparison }: Source): ReportFacts['scores'] {
	const views = [
		['best', 'pooled', 'best weights, all pixels pooled'],
		['best', 'per-image', 'best weights, mean over images'],
		['last', 'pooled', 'last weights, all pixels pooled'],
	] as const;
	return parts(experiment, comparison.hasTest).flatMap((part) =>
		views.map(([which, pooling, words]) => ({
			title: `${part === 'test' ? 'Test' : 'Validation'}: ${words}`,
			rows: comparison.scoresOf({ part, which, pooling, classIndex: null }),
		})),
	);
}

function factsOf({ experiment, dataset }: Source): Named {
	const { split, backend, runs } = experiment;
	const unfinished = runs.filter(({ state }) => state !== 'finished').length;
	return [
		['Data', `${dataset.name}, ${dataset.samples.length} pairs of image and mask`],
		['Classes', classNames(experiment.scheme).join(', ')],
		['Fingerprint of the data', experiment.datasetFingerprint],
		['Split', splitInWords(split)],
		['Runs', `${runs.length}${unfinished > 0 ? `, ${unfinished} of them not finished` : ', all finished'}`],
		['Computed by', backend ? `${backend.name}, ${backend.device}` : 'nothing yet'],
		['Everything but the loss', experiment.hash],
		...(experiment.startsFrom ? [['Began with', `the ${originInWords(experiment.startsFrom)}`] as const] : []),
	];
}

function lossesOf({ spec }: ExperimentRecord): ReportFacts['losses'] {
	return spec.losses.map((choice) => {
		const loss = resolveLoss(choice);
		const said = loss ? valuesInWords(loss, choice.values).map(([name, value]) => `${name}: ${value}`) : [];
		return { name: choice.label, formula: loss?.formula ?? '', values: said.join('; '), code: choice.own?.code ?? '' };
	});
}

async function imagesOf({ dataset, comparison, loadSample, loadPreviews }: Source): Promise<ReportImage[]> {
	const scored = comparison.imageIds.map((id) => ({ id, scores: comparison.onImage(id).map(({ score }) => score) }));
	const images = await Promise.all(
		pickImages(scored).map(async ({ id, why }): Promise<ReportImage | null> => {
			const sample = await loadSample(id);
			if (!sample) return null;
			const runs = await Promise.all(
				comparison.onImage(id).map(async ({ runId, epoch, name, place, score }) => {
					const previews = await loadPreviews(runId, epoch);
					return { name, place, score, prediction: previews.find(({ sampleId }) => sampleId === id) ?? null };
				}),
			);
			return { name: dataset.samples.find((entry) => entry.id === id)?.name ?? id, why, ...sample, runs };
		}),
	);
	const repeat = comparison.shownInWords && `, ${comparison.shownInWords}`;
	return images.flatMap((image) => (image ? [{ ...image, why: `${image.why} (validation, epoch ${comparison.epoch}${repeat})` }] : []));
}

/** Reads what the report shows. Pixels come from storage; everything else is known. */
export async function reportFacts(source: Source): Promise<ReportFacts> {
	const { experiment, comparison } = source;
	const { spec, split, name } = experiment;
	const part = comparison.hasTest ? 'test' : 'validation';
	const choice: ScoreChoice = { part, which: 'best', pooling: 'pooled', classIndex: null };
	const pairs = comparison.pairs(choice);
	return {
		title: name,
		question: `Which of ${spec.losses.length} losses fits these masks, when everything else is the same?`,
		facts: factsOf(source),
		choices: specInWords(spec),
		losses: lossesOf(experiment),
		conclusions: conclusionsOf({ part, images: split[part].length, spec, rows: comparison.scoresOf(choice), pairs }),
		signs: comparison.watch.flatMap((run) => run.signs.map(({ what, since, why }) => `${run.name} ${what}, since epoch ${since}. ${why}`)),
		curves: comparison.diceCurves,
		scores: scoreTables(source),
		columns: metricShelf.map(({ id, name: label, definition }) => ({ id, label, definition })),
		pairs: {
			title: `Losses in pairs: Dice of each ${part} image, best weights${imageScoreOf(spec, part)}`,
			rows: pairs,
		},
		images: await imagesOf(source),
		hash: specToHash(spec),
	};
}
