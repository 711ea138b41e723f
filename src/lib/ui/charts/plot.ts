/** uPlot, set up once: the house's axes, lines with markers, and colours read from the page. */
import uPlot from 'uplot';
import { formatValue } from '../format.ts';
import { markerPaths } from '../run-colours.ts';
import { bandOpacity, bandPieces, smooth, type ChartSeries, type ChartTable } from './series.ts';

export interface PlotOptions {
	readonly xName: string;
	readonly logarithmic: boolean;
	readonly smoothing: number;
	readonly yRange: readonly [number, number] | null;
	/** Fixed limits of x for shares and probabilities; otherwise x counts whole things. */
	readonly xRange: readonly [number, number] | null;
	readonly format: (value: number | null) => string;
	/** The values as they are now: bands are drawn from them. */
	readonly table: () => ChartTable;
	/** The x that is looked at elsewhere, for instance the epoch on the wall; null for none. */
	readonly markedX: () => number | null;
	/** The index under the pointer; null when it left. */
	readonly onhover: (index: number | null) => void;
	readonly onpick: (index: number) => void;
}

/** Colours as the browser resolves them now: canvases do not know CSS variables. */
export interface PlotColours {
	readonly text: string;
	readonly line: string;
	readonly strong: string;
	readonly series: readonly string[];
}

/** Resolves any CSS colour, `light-dark()` and variables included, against an element's scheme. */
export function resolveColours(host: HTMLElement, series: readonly ChartSeries[]): PlotColours {
	const probe = document.createElement('span');
	host.append(probe);
	const resolve = (colour: string): string => {
		probe.style.color = colour;
		return getComputedStyle(probe).color;
	};
	const colours = {
		text: resolve('var(--text-quiet)'),
		line: resolve('var(--line)'),
		strong: resolve('var(--text)'),
		series: series.map((entry) => resolve(entry.style.colour)),
	};
	probe.remove();
	return colours;
}

/** Columns of the plot: x, then per series the raw line (faint, only when smoothing) and the line itself. */
export function plotData(table: ChartTable, options: Pick<PlotOptions, 'logarithmic' | 'smoothing'>): uPlot.AlignedData {
	const shown = (value: number | null): number | null => (value !== null && options.logarithmic && value <= 0 ? null : value);
	const columns = table.columns.flatMap((column) => {
		const raw = column.map(shown);
		return options.smoothing > 0 ? [raw, smooth(column, options.smoothing).map(shown)] : [raw];
	});
	return [[...table.x], ...columns];
}

/** Draws a run's marker about every 48 pixels and at the last point. */
function drawMarkers(plot: uPlot, column: number, entry: ChartSeries, colour: string): void {
	const { ctx } = plot;
	const x = plot.data[0];
	const y = plot.data[column];
	if (!y) return;
	const radius = 3.5 * uPlot.pxRatio;
	const path = new Path2D(markerPaths[entry.style.marker]);
	let previous = Number.NEGATIVE_INFINITY;
	const last = Array.from(y).findLastIndex((value) => value !== null && value !== undefined);
	ctx.fillStyle = colour;
	for (let index = 0; index <= last; index++) {
		const value = y[index];
		if (value === null || value === undefined) continue;
		const left = plot.valToPos(x[index] ?? 0, 'x', true);
		if (left - previous < 48 * uPlot.pxRatio && index !== last) continue;
		previous = left;
		ctx.save();
		ctx.translate(left, plot.valToPos(value, 'y', true));
		ctx.scale(radius, radius);
		ctx.fill(path);
		ctx.restore();
	}
}

/** Fills the bands of all series, below every line. Only on a linear axis, around lines that are not smoothed. */
function drawBands(plot: uPlot, table: ChartTable, colours: readonly string[]): void {
	const { ctx, bbox } = plot;
	ctx.save();
	ctx.beginPath();
	ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
	ctx.clip();
	ctx.globalAlpha = bandOpacity;
	colours.forEach((colour, place) => {
		ctx.fillStyle = colour;
		for (const piece of bandPieces(table, place)) {
			ctx.beginPath();
			for (const [x, , high] of piece) ctx.lineTo(plot.valToPos(x, 'x', true), plot.valToPos(high, 'y', true));
			for (const [x, low] of piece.toReversed()) ctx.lineTo(plot.valToPos(x, 'x', true), plot.valToPos(low, 'y', true));
			ctx.fill();
		}
	});
	ctx.restore();
}

function drawMarkedX(plot: uPlot, x: number | null, colour: string): void {
	if (x === null) return;
	const { ctx, bbox } = plot;
	const left = Math.round(plot.valToPos(x, 'x', true));
	if (left < bbox.left || left > bbox.left + bbox.width) return;
	ctx.save();
	ctx.strokeStyle = colour;
	ctx.lineWidth = uPlot.pxRatio;
	ctx.beginPath();
	ctx.moveTo(left, bbox.top);
	ctx.lineTo(left, bbox.top + bbox.height);
	ctx.stroke();
	ctx.restore();
}

/** A click, but not the end of a drag that zoomed. */
function pickOnClick(plot: uPlot, onpick: (index: number) => void): void {
	let start = { x: 0, y: 0 };
	plot.over.addEventListener('pointerdown', (event) => (start = { x: event.clientX, y: event.clientY }));
	plot.over.addEventListener('click', (event) => {
		const index = plot.cursor.idx;
		if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < 4 && index !== null && index !== undefined) onpick(index);
	});
}

function seriesOptions(series: readonly ChartSeries[], colours: PlotColours, smoothing: number): uPlot.Series[] {
	return series.flatMap((entry, index) => {
		const stroke = colours.series[index] ?? colours.text;
		const dash = [...(entry.dash ?? entry.style.dash)];
		const line = { label: entry.name, stroke, width: 1.75, dash, points: { show: false }, spanGaps: false };
		return smoothing > 0 ? [{ ...line, width: 1, alpha: 0.3, dash: [] }, line] : [line];
	});
}

/** Options for `new uPlot`. `colours` belong to the scheme of the moment: build the plot anew when it changes. */
export function plotOptions(
	series: readonly ChartSeries[],
	colours: PlotColours,
	options: PlotOptions,
	size: { readonly width: number; readonly height: number },
): uPlot.Options {
	const perSeries = options.smoothing > 0 ? 2 : 1;
	const font = '12px system-ui, sans-serif';
	const axis = { stroke: colours.text, font, ticks: { show: false }, grid: { stroke: colours.line, width: 1 } };
	const { yRange, xRange, logarithmic } = options;
	const whole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000];
	return {
		...size,
		padding: [12, 12, 0, 0],
		legend: { show: false },
		cursor: { y: false, points: { size: 8 }, drag: { x: true, y: false } },
		scales: {
			x: { time: false, ...(xRange ? { range: [xRange[0], xRange[1]] } : {}) },
			// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- uPlot's enums exist as types only
			y: { distr: logarithmic ? 3 : 1, ...(yRange && !logarithmic ? { range: [yRange[0], yRange[1]] } : {}) },
		},
		axes: [
			{ ...axis, size: 30, gap: 6, grid: { show: false }, incrs: xRange ? [0.1, 0.2, 0.25, 0.5, ...whole] : whole },
			{ ...axis, size: 52, gap: 6, values: (_plot, ticks) => ticks.map((tick) => (Number.isFinite(tick) ? formatValue(tick) : '')) },
		],
		series: [{ label: options.xName }, ...seriesOptions(series, colours, options.smoothing)],
		hooks: {
			init: [(plot) => pickOnClick(plot, options.onpick)],
			drawAxes: [
				(plot) => {
					if (!options.logarithmic && options.smoothing === 0) drawBands(plot, options.table(), colours.series);
					drawMarkedX(plot, options.markedX(), colours.strong);
				},
			],
			draw: [
				(plot) =>
					series.forEach((entry, index) => drawMarkers(plot, (index + 1) * perSeries, entry, colours.series[index] ?? colours.text)),
			],
			setCursor: [(plot) => options.onhover(plot.cursor.idx ?? null)],
		},
	};
}

/** Puts new values in. A person who zoomed in along x stays there. */
export function updatePlot(plot: uPlot, data: uPlot.AlignedData): void {
	const { min, max } = plot.scales['x'] ?? {};
	const [before] = plot.data;
	// Before the first drawing both are null, whatever the types say.
	const drawn = typeof min === 'number' && typeof max === 'number';
	const zoomed = drawn && (min > (before[0] ?? min) || max < (before.at(-1) ?? max));
	plot.setData(data, !zoomed);
	if (zoomed) plot.redraw(true, true);
}

/** Calls back when the page turns light or dark, by the system or by `data-theme`. Returns the way to stop. */
export function watchScheme(changed: () => void): () => void {
	const media = matchMedia('(prefers-color-scheme: dark)');
	const observer = new MutationObserver(changed);
	media.addEventListener('change', changed);
	observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
	return () => {
		media.removeEventListener('change', changed);
		observer.disconnect();
	};
}
