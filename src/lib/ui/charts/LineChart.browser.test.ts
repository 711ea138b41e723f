import { flushSync } from 'svelte';
import uPlot from 'uplot';
import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { formatScore } from '../format.ts';
import { find, render } from '../testing.ts';
import { runStyle } from '../run-colours.ts';
import LineChart from './LineChart.svelte';
import { updatePlot } from './plot.ts';
import type { ChartSeries } from './series.ts';

const epochs = Array.from({ length: 11 }, (_, index) => index);
const series: ChartSeries[] = [
	{ id: 'dice', name: 'Dice', style: runStyle(0), x: epochs, y: epochs.map((epoch) => epoch / 10) },
	{ id: 'ce', name: 'CE', style: runStyle(1), x: epochs.slice(0, 6), y: epochs.slice(0, 6).map((epoch) => epoch / 20) },
];
const props = { title: 'Validation Dice', series, xName: 'epoch', format: formatScore };

/** The plot's area once it was laid out. */
async function plotArea(root: HTMLElement): Promise<HTMLElement> {
	return vi.waitFor(() => {
		const area = find(root, '.u-over');
		expect(area.clientWidth).toBeGreaterThan(100);
		return area;
	});
}

const legend = (root: HTMLElement): string => find(root, '.legend').textContent.replace(/\s+/gu, ' ').trim();

describe('a line chart', () => {
	it('shows the latest values, and a dash for a run that has none there', () => {
		expect(legend(render(LineChart, props))).toBe('epoch 10 Dice 1.000 CE –');
	});

	it('reads every run at the pointer', async () => {
		const root = render(LineChart, props);
		const area = await plotArea(root);
		await userEvent.hover(area, { position: { x: area.clientWidth * 0.4, y: 20 } });
		await vi.waitFor(() => {
			flushSync();
			expect(legend(root)).toBe('epoch 4 Dice 0.400 CE 0.200');
		});
	});

	it('picks the nearest x at a click', async () => {
		const onpick = vi.fn();
		const area = await plotArea(render(LineChart, { ...props, onpick }));
		await userEvent.click(area, { position: { x: area.clientWidth * 0.31, y: 20 } });
		expect(onpick).toHaveBeenCalledExactlyOnceWith(3);
	});

	it('reads the marked x while no pointer is over it', () => {
		expect(legend(render(LineChart, { ...props, markedX: 2 }))).toBe('epoch 2 Dice 0.200 CE 0.100');
	});

	it('says in words what it shows', () => {
		const label = find(render(LineChart, props), '[role=img]').getAttribute('aria-label');
		expect(label).toBe('Validation Dice, line chart over 11 values of epoch. At epoch 10: Dice 1.000, CE –.');
	});

	it('shows all its values as a table', async () => {
		const root = render(LineChart, props);
		await userEvent.click(find(root, '[aria-label="Values of Validation Dice as a table"]'));
		expect(root.querySelectorAll('tbody tr')).toHaveLength(11);
		const fifth = find<HTMLTableRowElement>(root, 'tbody tr:nth-child(5)');
		expect([...fifth.cells].map((cell) => cell.textContent)).toEqual(['4', '0.400', '0.200']);
	});

	it('shows a dash while there are no values', () => {
		const root = render(LineChart, { ...props, series: [{ ...series[0]!, x: [], y: [] }] });
		expect(find(root, '.empty').textContent).toBe('–');
		expect(legend(root)).toBe('epoch – Dice –');
	});

	it('redraws when switched to a logarithmic axis and smoothed', async () => {
		const root = render(LineChart, { ...props, canLog: true, canSmooth: true });
		await plotArea(root);
		await userEvent.click(find(root, 'input[value=log]'), { force: true });
		find<HTMLInputElement>(root, 'input[type=range]').value = '0.5';
		find(root, 'input[type=range]').dispatchEvent(new Event('input', { bubbles: true }));
		flushSync();
		await plotArea(root);
		// The numbers stay the measured ones.
		expect(legend(root)).toBe('epoch 10 Dice 1.000 CE –');
	});

	it('takes up new colours when the page turns dark', async () => {
		const root = render(LineChart, props);
		await plotArea(root);
		const before = find(root, '.uplot');
		document.documentElement.dataset.theme = 'dark';
		await vi.waitFor(() => {
			flushSync();
			expect(find(root, '.uplot')).not.toBe(before);
		});
		delete document.documentElement.dataset.theme;
	});
});

describe('new values', () => {
	const values = (count: number): uPlot.AlignedData => [epochs.slice(0, count), epochs.slice(0, count)];

	function plotOf(count: number): uPlot {
		const host = render(LineChart, { ...props, series: [] });
		return new uPlot({ width: 300, height: 100, scales: { x: { time: false } }, series: [{}, {}] }, values(count), host);
	}

	it('widen the axis when all was in view', async () => {
		const plot = plotOf(5);
		await vi.waitFor(() => expect(plot.scales['x']?.max).toBe(4));
		updatePlot(plot, values(9));
		await vi.waitFor(() => expect(plot.scales['x']?.max).toBe(8));
	});

	it('leave a person where they zoomed in', async () => {
		const plot = plotOf(9);
		plot.setScale('x', { min: 2, max: 3 });
		await vi.waitFor(() => expect(plot.scales['x']?.max).toBe(3));
		updatePlot(plot, values(11));
		await vi.waitFor(() => expect(plot.data[0]).toHaveLength(11));
		expect([plot.scales['x']?.min, plot.scales['x']?.max]).toEqual([2, 3]);
	});
});
