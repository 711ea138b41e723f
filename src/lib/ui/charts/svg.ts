/** A line chart as an SVG file: for papers and slides, on white, with its key. Pure text. */
import { markerPaths } from '../run-colours.ts';
import { formatValue } from '../format.ts';
import { bandOpacity, bandPieces, tableOf, smooth, type ChartSeries, type ChartTable } from './series.ts';

export interface SvgOptions {
	readonly title: string;
	readonly xName: string;
	readonly yName: string;
	readonly width: number;
	readonly height: number;
	readonly logarithmic: boolean;
	/** Weight of the moving average, [0, 1). */
	readonly smoothing: number;
	/** Fixed limits of y; otherwise those of the values. */
	readonly yRange: readonly [number, number] | null;
}

interface Axis {
	readonly from: number;
	readonly to: number;
	readonly ticks: readonly number[];
	/** Value → share of the axis, 0…1. */
	readonly place: (value: number) => number;
}

const margin = { left: 56, right: 16, top: 32, bottom: 44 };
const keyLine = 18;

/** Text made safe inside markup. */
export function escapeXml(text: string): string {
	const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
	return text.replace(/[&<>"']/gu, (character) => names[character] ?? character);
}

/** About `count` round numbers within from…to: steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(from: number, to: number, count = 5): number[] {
	const span = to - from;
	if (!(span > 0)) return [from];
	const power = 10 ** Math.floor(Math.log10(span / count));
	const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => span / candidate <= count) ?? span;
	const first = Math.ceil(from / step - 1e-9);
	const last = Math.floor(to / step + 1e-9);
	return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function linearAxis(from: number, to: number): Axis {
	const [low, high] = from === to ? [from - 0.5, to + 0.5] : [from, to];
	return { from: low, to: high, ticks: niceTicks(low, high), place: (value) => (value - low) / (high - low) };
}

function logAxis(from: number, to: number): Axis {
	const low = Math.floor(Math.log10(from));
	const high = Math.max(low + 1, Math.ceil(Math.log10(to)));
	const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
	return { from: 10 ** low, to: 10 ** high, ticks, place: (value) => (Math.log10(value) - low) / (high - low) };
}

function yAxis(table: ChartTable, options: SvgOptions): Axis {
	const values = table.columns.flat().filter((value): value is number => value !== null && (!options.logarithmic || value > 0));
	if (values.length === 0) return linearAxis(0, 1);
	const low = values.reduce((a, b) => Math.min(a, b));
	const high = values.reduce((a, b) => Math.max(a, b));
	if (options.logarithmic) return logAxis(low, high);
	return options.yRange ? linearAxis(...options.yRange) : linearAxis(low, high);
}

type Point = readonly [x: number, y: number];

/** Points in pixels, cut into pieces at gaps. */
function pieces(table: ChartTable, column: readonly (number | null)[], toPoint: (x: number, y: number) => Point | null): Point[][] {
	const result: Point[][] = [[]];
	table.x.forEach((x, index) => {
		const y = column[index];
		const point = y === null || y === undefined ? null : toPoint(x, y);
		if (point) result.at(-1)?.push(point);
		else if (result.at(-1)?.length) result.push([]);
	});
	return result.filter((piece) => piece.length > 0);
}

const round = (value: number): string => String(Math.round(value * 100) / 100);

function seriesMarkup(series: ChartSeries, lines: readonly Point[][], faint: readonly Point[][]): string {
	const { light, marker, dash: ownDash } = series.style;
	const dash = series.dash ?? ownDash;
	const path = (points: readonly Point[]): string => 'M' + points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L');
	const stroke = `fill="none" stroke="${light}" stroke-linejoin="round"`;
	const dashed = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
	const points = lines.flat();
	const every = Math.max(1, Math.ceil(points.length / 12));
	const marks = points.filter((_, index) => index % every === 0 || index === points.length - 1);
	return [
		...faint.map((piece) => `<path d="${path(piece)}" ${stroke} stroke-opacity="0.3"/>`),
		...lines.map((piece) => `<path d="${path(piece)}" ${stroke} stroke-width="1.75"${dashed}/>`),
		...marks.map(
			([x, y]) => `<path d="${markerPaths[marker]}" transform="translate(${round(x)} ${round(y)}) scale(3.5)" fill="${light}"/>`,
		),
	].join('\n');
}

function keyMarkup(series: readonly ChartSeries[], top: number, left: number): string {
	return series
		.map((entry, index) => {
			const y = top + index * keyLine;
			const dash = entry.dash ?? entry.style.dash;
			const dashed = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
			return (
				`<path d="M${left} ${y}h24" stroke="${entry.style.light}" stroke-width="1.75"${dashed}/>` +
				`<path d="${markerPaths[entry.style.marker]}" transform="translate(${left + 12} ${y}) scale(3.5)" fill="${entry.style.light}"/>` +
				`<text x="${left + 32}" y="${y + 4}">${escapeXml(entry.name)}</text>`
			);
		})
		.join('\n');
}

function axesMarkup(x: Axis, y: Axis, options: SvgOptions, toX: (value: number) => number, toY: (value: number) => number): string {
	const left = margin.left;
	const right = options.width - margin.right;
	const bottom = options.height - margin.bottom;
	const rows = y.ticks.map(
		(tick) =>
			`<path d="M${left} ${round(toY(tick))}H${right}" stroke="#dedede"/><text x="${left - 8}" y="${round(toY(tick) + 4)}" text-anchor="end">${formatValue(tick)}</text>`,
	);
	const columns = x.ticks.map(
		(tick) => `<text x="${round(toX(tick))}" y="${bottom + 18}" text-anchor="middle">${formatValue(tick)}</text>`,
	);
	return [
		...rows,
		...columns,
		`<path d="M${left} ${bottom}H${right}" stroke="#808080"/>`,
		`<text x="${(left + right) / 2}" y="${bottom + 36}" text-anchor="middle">${escapeXml(options.xName)}</text>`,
		`<text x="14" y="${margin.top - 12}">${escapeXml(options.yName)}</text>`,
	].join('\n');
}

/** The chart as a complete SVG document. Values ≤ 0 have no place on a logarithmic axis and leave gaps. */
export function chartSvg(series: readonly ChartSeries[], options: SvgOptions): string {
	const table = tableOf(series);
	const x = linearAxis(table.x[0] ?? 0, table.x.at(-1) ?? 1);
	const y = yAxis(table, options);
	const toX = (value: number): number => margin.left + x.place(value) * (options.width - margin.left - margin.right);
	const toY = (value: number): number => options.height - margin.bottom - y.place(value) * (options.height - margin.top - margin.bottom);
	const toPoint = (px: number, py: number): Point | null => (options.logarithmic && py <= 0 ? null : [toX(px), toY(py)]);
	const bands = series.flatMap((entry, index) => {
		if (options.logarithmic || options.smoothing > 0) return [];
		return bandPieces(table, index).map((piece) => {
			const points = [...piece.map(([px, , high]) => [toX(px), toY(high)]), ...piece.toReversed().map(([px, low]) => [toX(px), toY(low)])];
			return `<polygon points="${points.map(([px = 0, py = 0]) => `${round(px)},${round(py)}`).join(' ')}" fill="${entry.style.light}" fill-opacity="${bandOpacity}"/>`;
		});
	});
	const lines = series.map((entry, index) => {
		const column = table.columns[index] ?? [];
		const smoothed = options.smoothing > 0;
		return seriesMarkup(
			entry,
			pieces(table, smoothed ? smooth(column, options.smoothing) : column, toPoint),
			smoothed ? pieces(table, column, toPoint) : [],
		);
	});
	const height = options.height + series.length * keyLine + 8;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${options.width}" height="${height}" viewBox="0 0 ${options.width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#191919">
<title>${escapeXml(options.title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${options.width / 2}" y="${margin.top - 12}" text-anchor="middle" font-weight="600">${escapeXml(options.title)}</text>
${axesMarkup(x, y, options, toX, toY)}
${bands.join('\n')}
${lines.join('\n')}
${keyMarkup(series, options.height + 4, margin.left)}
</svg>
`;
}
