/** The trends of the literature, asked of saved results, as one page of Markdown and its charts. */
import { meanInterval } from '#lib/stats/interval.ts';
import type { ResultsDocument } from '#lib/state/results.ts';
import { lineChart } from './charts.ts';
import { agreeing, betaLabels as betas, compounds, continuations } from './experiments.mjs';
import { measure, type Measures } from './measures.ts';
import {
	bestDice,
	calibration,
	dice,
	difference,
	notFarBelow,
	precision,
	recall,
	saturated,
	slope,
	spreadShrinks,
	type Answer,
	type Table,
} from './questions.ts';

/** Measures of all finished runs, by the label of the loss. */
export function tableOf(results: ResultsDocument): Table {
	const table: Record<string, Measures[]> = {};
	for (const run of results.runs) (table[run.label] ??= []).push(measure(run));
	// The same loss: α = β = ½.
	const half = table['Tversky β 0.5'];
	return half && !table['Dice'] ? { ...table, Dice: half } : table;
}

const digits = (value: number): string => value.toFixed(3);

function cell(values: readonly number[]): string {
	const { mean, margin } = meanInterval(values);
	if (Number.isNaN(mean)) return '–';
	return margin === null ? digits(mean) : `${digits(mean)} ± ${digits(margin)}`;
}

function measuresTable(table: Table): string[] {
	const rows = Object.entries(table).map(([label, runs]) => {
		const empty = runs.filter((run) => run.precision === null).length;
		const marked = runs.flatMap((run) => (run.precision === null ? [] : [run.precision]));
		const cells = [
			label,
			cell(runs.map(recall)),
			marked.length === 0 ? '–' : cell(marked) + (empty > 0 ? ` (${marked.length} of ${runs.length} runs)` : ''),
			cell(runs.map(dice)),
			cell(runs.map(bestDice)),
			cell(runs.map(calibration)),
			cell(runs.map(saturated)),
		];
		return `| ${cells.join(' | ')} |`;
	});
	return [
		'| loss | recall | precision | Dice | best-threshold Dice | calibration error | saturated |',
		'|---|---|---|---|---|---|---|',
		...rows,
	];
}

/** The questions that one set of runs can answer by itself. */
function questionsOf(table: Table): Answer[] {
	const has = (...labels: string[]): boolean => labels.every((label) => table[label]);
	const answers: Answer[] = [];
	if (has(...betas.map(([, label]) => label))) {
		answers.push(
			slope(table, '1. More weight on false negatives raises recall', betas, 'recall', recall),
			slope(table, '1. … and lowers precision', betas, 'precision', precision, -1),
		);
	}
	if (has('Dice', 'CE'))
		answers.push(difference(table, '2. Under imbalance Dice finds what cross-entropy misses', 'Dice', 'CE', 'recall', recall));
	if (has('CE, weight (1 − π)/π')) {
		answers.push(
			difference(table, '3. Full class weighting raises recall', 'CE, weight (1 − π)/π', 'CE', 'recall', recall),
			difference(table, '3. … at the cost of precision', 'CE', 'CE, weight (1 − π)/π', 'precision', precision),
		);
	}
	if (has('Focal γ 5', 'Focal γ 2')) {
		answers.push(difference(table, '4. A larger γ spoils calibration', 'Focal γ 5', 'Focal γ 2', 'calibration error', calibration));
	}
	if (has('Focal γ 2, α .25', 'Focal γ 2, α .75')) {
		answers.push(difference(table, '4. α moves recall', 'Focal γ 2, α .75', 'Focal γ 2, α .25', 'recall', recall));
	}
	return [...answers, ...compoundQuestions(table)];
}

/** Losses of several terms beside single ones, and the single ones that fail where classes are absent. */
function compoundQuestions(table: Table): Answer[] {
	const has = (...labels: string[]): boolean => labels.every((label) => table[label]);
	const leader = has(...agreeing) ? agreeing.reduce((best, label) => (mean(table, label) > mean(table, best) ? label : best)) : null;
	return [
		...compounds.flatMap((compound) =>
			leader !== null && has(compound)
				? [notFarBelow(table, `8. ${compound} is within ${near} of the best single loss`, compound, leader, 'Dice', dice, near)]
				: [],
		),
		...['Generalized Dice', 'Penalty generalized Dice', 'Top-k 10 %'].flatMap((weak) =>
			has(weak, 'Dice') ? [difference(table, `8. ${weak} falls behind Dice`, 'Dice', weak, 'Dice', dice)] : [],
		),
	];
}

/** How far below the best single loss still counts as near, in Dice. */
const near = 0.05;

/** Two tables of the same data as one, with the seeds that both have. */
function joined(one: Table, other: Table): Table {
	const seedsOf = (table: Table): Set<number> => new Set(Object.values(table).flatMap((runs) => runs.map(({ seed }) => seed)));
	const [first, second] = [seedsOf(one), seedsOf(other)];
	const shared = (runs: readonly Measures[]): readonly Measures[] => runs.filter(({ seed }) => first.has(seed) && second.has(seed));
	return Object.fromEntries(Object.entries({ ...one, ...other }).map(([label, runs]) => [label, shared(runs)]));
}

function mean(table: Table, label: string): number {
	return meanInterval((table[label] ?? []).map(dice)).mean;
}

function answersTable(answers: readonly Answer[]): string[] {
	const rows = answers.map(({ question, quantity, interval, verdict }) => {
		const margin = typeof interval?.margin === 'number' ? ` ± ${digits(interval.margin)}` : '';
		return `| ${question} | ${quantity} | ${interval ? digits(interval.mean) : '–'}${margin} | ${verdict} |`;
	});
	if (rows.length === 0) return [];
	return ['| published trend | quantity | mean ± 95 % interval | here |', '|---|---|---|---|', ...rows];
}

function betaChart(title: string, table: Table): string | null {
	if (!betas.every(([, label]) => table[label])) return null;
	const series = (
		[
			['recall', recall],
			['precision', precision],
			['Dice', dice],
		] as const
	).map(([name, pick]) => ({
		name,
		points: betas.map(([x, label]) => ({ x, values: (table[label] ?? []).map(pick) })),
	}));
	return lineChart(title, 'weight of false negatives β (α = 1 − β)', series);
}

export interface TrendsReport {
	readonly markdown: string;
	/** SVG by file name. */
	readonly charts: Readonly<Record<string, string>>;
}

export interface Finished {
	readonly title: string;
	readonly results: ResultsDocument;
}

/** @param finished results by the name of the experiment; one may lack */
export function trendsReport(finished: Readonly<Record<string, Finished>>, machine: string): TrendsReport {
	const charts: Record<string, string> = {};
	const lines = ['# Trends of the literature, measured here', '', `Printed by \`npm run trends\` on ${machine}.`, ''];
	const tables: Record<string, Table> = {};
	const further = new Map(Object.entries(continuations));
	for (const [name, { title, results }] of Object.entries(finished)) {
		if ([...further.values()].includes(name)) continue;
		const continued = finished[further.get(name) ?? ''];
		const own = tableOf(results);
		const table = (tables[name] = continued ? joined(own, tableOf(continued.results)) : own);
		const { spec, split } = results.experiment;
		const steps = results.runs[0]?.steps ?? 0;
		lines.push(`## ${title}`, '');
		lines.push(
			`${split.train.length} images train, ${split.test.length} test; ${spec.prepare.size}², ${steps} steps of ${spec.training.batchSize}, seeds ${spec.seeds.join(' ')}; last weights at threshold ½; mean ± half of the 95 % interval over seeds.`,
			'',
			...measuresTable(table),
			'',
			...answersTable(questionsOf(table)),
			'',
		);
		const chart = betaChart(title, table);
		if (chart) {
			charts[`trends-${name}.svg`] = chart;
			lines.push(`![Recall, precision and Dice over β](trends-${name}.svg)`, '');
		}
		lines.push(`![Predictions of the last epoch](trends-${name}.png)`, '');
	}
	const { lesions, compound, rare, common } = tables;
	if (lesions && compound) {
		lines.push('## Lesions: several terms beside single losses', '', ...answersTable(compoundQuestions(joined(lesions, compound))), '');
	}
	if (rare && common) {
		lines.push(
			'## Rare against common foreground',
			'',
			...answersTable([spreadShrinks(rare, common, '2. Losses differ under imbalance and agree without', agreeing)]),
			'',
		);
	}
	return { markdown: lines.join('\n'), charts };
}
