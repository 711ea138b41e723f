/** Series of a line chart, and what is made of them: one table, a smoothed line, CSV. Pure. */
import type { RunStyle } from '../run-colours.ts';

export interface ChartSeries {
	readonly id: string;
	/** Unique within the chart, for instance `Dice` or `Dice, validation`. */
	readonly name: string;
	readonly style: RunStyle;
	/** Ascending. */
	readonly x: ArrayLike<number>;
	/** As long as `x`; null or NaN where nothing was measured. */
	readonly y: ArrayLike<number | null>;
	/** Half the height of a band around y; null where there is none. */
	readonly spread?: ArrayLike<number | null>;
	/** Overrides the run's own dash: training solid, validation dashed. */
	readonly dash?: readonly number[];
}

/** One value per x of a table; null where there is none. */
export type Column = readonly (number | null)[];

/** All series over one axis. `columns[s][i]` belongs to `x[i]`; null where series s has no value there. */
export interface ChartTable {
	readonly x: readonly number[];
	readonly columns: readonly Column[];
	/** Like `columns`, the half heights of bands; null for a series without a band. */
	readonly spreads: readonly (Column | null)[];
}

const finite = (value: number | null | undefined): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** Joins series by their x. */
export function tableOf(series: readonly ChartSeries[]): ChartTable {
	const x = [...new Set(series.flatMap((entry) => Array.from(entry.x)))].sort((a, b) => a - b);
	const place = new Map(x.map((value, index) => [value, index]));
	const columnOf = (entry: ChartSeries, values: ArrayLike<number | null>): Column => {
		const column: (number | null)[] = x.map(() => null);
		Array.from(entry.x).forEach((value, index) => {
			const at = place.get(value);
			if (at !== undefined) column[at] = finite(values[index]);
		});
		return column;
	};
	return {
		x,
		columns: series.map((entry) => columnOf(entry, entry.y)),
		spreads: series.map((entry) => (entry.spread ? columnOf(entry, entry.spread) : null)),
	};
}

/**
 * Exponential moving average with the early bias divided out: s_i = w·s_{i−1} + (1 − w)·y_i, shown as s_i / (1 − w^n) after n values.
 * Gaps stay gaps and do not age the average. `weight` in [0, 1); 0 changes nothing.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
	let sum = 0;
	let share = 0;
	return values.map((value) => {
		if (value === null) return null;
		sum = weight * sum + (1 - weight) * value;
		share = weight * share + (1 - weight);
		return sum / share;
	});
}

/** The last x at which any series has a value; null for an empty chart. */
export function lastX(table: ChartTable): number | null {
	return table.x.findLast((_, index) => table.columns.some((column) => column[index] !== null)) ?? null;
}

/** Index of the x nearest to `value`; −1 for an empty chart. */
export function nearestIndex(x: readonly number[], value: number): number {
	let best = -1;
	x.forEach((candidate, index) => {
		if (best < 0 || Math.abs(candidate - value) < Math.abs((x[best] ?? 0) - value)) best = index;
	});
	return best;
}

/** A field of a CSV file. Quoted where needed; a leading formula sign is disarmed, so that a spreadsheet shows it as text. */
export function csvField(value: string | number | null): string {
	if (value === null) return '';
	if (typeof value === 'number') return String(value);
	const safe = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
	return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows → CSV text with CRLF line ends (RFC 4180). */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
	return rows.map((row) => row.map(csvField).join(',') + '\r\n').join('');
}

/** The chart's values, unsmoothed and in full precision: one row per x, one column per series and one per band. */
export function chartCsv(series: readonly ChartSeries[], xName: string): string {
	const table = tableOf(series);
	const columns = series.flatMap(({ name }, place) => [
		{ name, values: table.columns[place] },
		...(table.spreads[place] ? [{ name: `${name} ±`, values: table.spreads[place] }] : []),
	]);
	return csvText([
		[xName, ...columns.map(({ name }) => name)],
		...table.x.map((x, index) => [x, ...columns.map(({ values }) => values?.[index] ?? null)]),
	]);
}

/** Of the bands, so that lines and other bands show through. */
export const bandOpacity = 0.16;

/** The band of a series as pieces without gaps, each a list of [x, low, high]. */
export function bandPieces(table: ChartTable, place: number): (readonly [x: number, low: number, high: number])[][] {
	const [column, spread] = [table.columns[place], table.spreads[place]];
	const pieces: (readonly [number, number, number])[][] = [[]];
	table.x.forEach((x, index) => {
		const [y, half] = [column?.[index] ?? null, spread?.[index] ?? null];
		if (y !== null && half !== null) pieces.at(-1)?.push([x, y - half, y + half]);
		else if (pieces.at(-1)?.length) pieces.push([]);
	});
	return pieces.filter((piece) => piece.length > 0);
}

/** One sentence for who cannot see the chart. */
export function chartSummary(
	title: string,
	series: readonly ChartSeries[],
	xName: string,
	format: (value: number | null) => string,
): string {
	const table = tableOf(series);
	const last = lastX(table);
	if (last === null) return `${title}: no values yet.`;
	const at = table.x.indexOf(last);
	const values = series.map((entry, index) => `${entry.name} ${format(table.columns[index]?.[at] ?? null)}`);
	return `${title}, line chart over ${table.x.length} values of ${xName}. At ${xName} ${last}: ${values.join(', ')}.`;
}
