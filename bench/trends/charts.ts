/** Charts as standalone SVG, drawn for light and dark alike. */
import { meanInterval } from '#lib/stats/interval.ts';

export interface Series {
	readonly name: string;
	/** At each x, one value per seed. */
	readonly points: readonly { readonly x: number; readonly values: readonly number[] }[];
}

const escape = (text: string): string => text.replaceAll(/[&<>"]/gu, (sign) => `&#${sign.charCodeAt(0)};`);
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7'];
const frame = { width: 420, height: 260, left: 44, right: 96, top: 30, bottom: 40 };

/** Lines of means with 95 % intervals over seeds. The y axis runs from 0 to 1. */
export function lineChart(title: string, xLabel: string, series: readonly Series[]): string {
	const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
	const [low, high] = [Math.min(...xs), Math.max(...xs)];
	const { width, height, left, right, top, bottom } = frame;
	const across = (x: number): number => left + ((x - low) / (high - low)) * (width - left - right);
	const down = (y: number): number => height - bottom - Math.min(1, Math.max(0, y)) * (height - top - bottom);
	const n = (value: number): string => value.toFixed(1);
	const grid = [0, 0.25, 0.5, 0.75, 1].map(
		(y) =>
			`<line x1="${left}" x2="${width - right}" y1="${n(down(y))}" y2="${n(down(y))}" class="grid"/>` +
			`<text x="${left - 6}" y="${n(down(y) + 4)}" text-anchor="end">${y}</text>`,
	);
	const ticks = [...new Set(xs)].map((x) => `<text x="${n(across(x))}" y="${height - bottom + 16}" text-anchor="middle">${x}</text>`);
	const lines = series.map(({ name, points }, index) => {
		const colour = colours[index % colours.length] ?? '';
		const means = points.map(({ x, values }) => ({ x, ...meanInterval(values) }));
		const bars = means.map(
			({ x, mean, margin }) =>
				`<line x1="${n(across(x))}" x2="${n(across(x))}" y1="${n(down(mean - (margin ?? 0)))}" y2="${n(down(mean + (margin ?? 0)))}"/>` +
				`<circle cx="${n(across(x))}" cy="${n(down(mean))}" r="3" fill="${colour}"/>`,
		);
		const path = means.map(({ x, mean }) => `${n(across(x))},${n(down(mean))}`).join(' ');
		const last = means.at(-1);
		const label = last
			? `<text x="${n(across(last.x) + 8)}" y="${n(down(last.mean) + 4)}" style="fill:${colour}">${escape(name)}</text>`
			: '';
		return `<g stroke="${colour}" stroke-width="2"><polyline fill="none" points="${path}"/>${bars.join('')}</g>${label}`;
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">`,
		'<style>svg{background:#fff}text{font:12px system-ui,sans-serif;fill:#333;stroke:none}.grid{stroke:#ddd}</style>',
		`<text x="${left}" y="18" style="font-weight:600">${escape(title)}</text>`,
		...grid,
		...ticks,
		`<text x="${n((left + width - right) / 2)}" y="${height - 6}" text-anchor="middle">${escape(xLabel)}</text>`,
		...lines,
		'</svg>',
	].join('\n');
}
