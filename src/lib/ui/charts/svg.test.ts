import { describe, expect, it } from 'vitest';
import { runStyle } from '../run-colours.ts';
import type { ChartSeries } from './series.ts';
import { chartSvg, escapeXml, niceTicks, type SvgOptions } from './svg.ts';

const options: SvgOptions = {
	title: 'Dice & <IoU>',
	xName: 'epoch',
	yName: '',
	width: 472,
	height: 276,
	logarithmic: false,
	smoothing: 0,
	yRange: [0, 1],
};
const series = (y: readonly (number | null)[]): ChartSeries[] => [
	{ id: 'a', name: 'A', style: runStyle(0), x: y.map((_, index) => index), y },
];
/** The thick lines of a document, as their path data. */
const lines = (svg: string): string[] =>
	[...svg.matchAll(/<path d="(M[^"]+)" fill="none"[^>]*stroke-width="1.75"/gu)].map(([, d]) => d ?? '');

describe('ticks', () => {
	it('are round numbers inside the range', () => {
		expect(niceTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
		expect(niceTicks(3, 27)).toEqual([5, 10, 15, 20, 25]);
		expect(niceTicks(2, 2)).toEqual([2]);
	});
});

describe('the SVG of a chart', () => {
	it('puts values at their places', () => {
		// The plot spans x 56…456 and y 232…32: value 0.5 lies in the middle, at 132.
		expect(lines(chartSvg(series([0, 0.5, 1]), options))).toEqual(['M56 232L256 132L456 32']);
	});

	it('fills the band around a mean', () => {
		// 0.5 ± 0.25 at both ends: from y 82 to y 182.
		const [mean] = series([0.5, 0.5]);
		const svg = chartSvg([{ ...mean!, spread: [0.25, 0.25] }], options);
		expect(svg).toContain('points="56,82 456,82 456,182 56,182"');
		expect(chartSvg([{ ...mean!, spread: [0.25, 0.25] }], { ...options, smoothing: 0.5 })).not.toContain('<polygon');
	});

	it('breaks the line at gaps', () => {
		expect(lines(chartSvg(series([0, null, 1, 1]), options))).toHaveLength(2);
	});

	it('leaves values ≤ 0 out of a logarithmic axis', () => {
		// 1 and 100 span two decades: bottom and top.
		expect(lines(chartSvg(series([1, 0, 100]), { ...options, logarithmic: true, yRange: null }))).toEqual(['M56 232', 'M456 32']);
	});

	it('keeps the raw line faint below a smoothed one', () => {
		expect(chartSvg(series([0, 1]), { ...options, smoothing: 0.5 })).toContain('stroke-opacity="0.3"');
	});

	it('cannot be broken out of by a name', () => {
		expect(escapeXml(`<a b="c">&'`)).toBe('&lt;a b=&quot;c&quot;&gt;&amp;&apos;');
		expect(chartSvg(series([1]), options)).toContain('<title>Dice &amp; &lt;IoU&gt;</title>');
	});

	it('is a whole document even without values', () => {
		expect(chartSvg(series([null]), options)).toMatch(/^<svg [^]*<\/svg>\n$/u);
	});
});
