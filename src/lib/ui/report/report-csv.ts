/** The numbers of a report as tables for other programs: full precision, empty where nothing was measured. */
import { csvText } from '../charts/series.ts';
import { pairVerdict } from '../pair-words.ts';
import type { Report } from './report.ts';

/** A row for each loss of each score table; each metric with its standard deviation over the runs. */
export function scoresCsv({ scores, columns }: Pick<Report, 'scores' | 'columns'>): string {
	const head = ['scores', 'loss', 'runs', 'epoch', 'remark', ...columns.flatMap(({ label }) => [label, `${label}, sd`])];
	const body = scores.flatMap(({ title, rows }) =>
		rows.map(({ name, runs, epoch, flag, values, spreads }) => [
			title,
			name,
			runs,
			epoch,
			flag,
			...columns.flatMap(({ id }) => [values[id] ?? null, spreads?.[id] ?? null]),
		]),
	);
	return csvText([head, ...body]);
}

/** A row for each pair of losses: first − second. */
export function pairsCsv({ pairs }: Pick<Report, 'pairs'>): string {
	const head = ['first', 'second', 'in words', 'mean gap', 'low', 'high', 'images', 'first better', 'second better', 'p (Holm)'];
	const body = pairs.rows.map((pair) => [
		pair.first,
		pair.second,
		pairVerdict(pair),
		...(pair.difference ? [pair.difference.mean, pair.difference.low, pair.difference.high] : [null, null, null]),
		pair.images,
		pair.firstBetter,
		pair.secondBetter,
		pair.images > 0 ? pair.pValue : null,
	]);
	return csvText([head, ...body]);
}
