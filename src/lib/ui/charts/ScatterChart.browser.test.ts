import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { formatScore } from '../format.ts';
import { runStyle } from '../run-colours.ts';
import { find, render } from '../testing.ts';
import ScatterChart from './ScatterChart.svelte';

const props = {
	title: 'Dice of each image',
	series: [
		{ id: 'ce', name: 'CE higher', style: runStyle(0), points: [{ id: 'b', name: 'b.png', x: 0.75, y: 0.25 }] },
		{ id: 'dice', name: 'Dice higher', style: runStyle(1), points: [{ id: 'a', name: 'a.png', x: 0.25, y: 0.75 }] },
	],
	xName: 'CE',
	yName: 'Dice',
	xRange: [0, 1] as const,
	yRange: [0, 1] as const,
	diagonal: true,
	marked: '',
	formatX: formatScore,
	formatY: formatScore,
	onpick: () => undefined,
};
const read = (root: HTMLElement): string => find(root, '.read').textContent.replace(/\s+/gu, ' ').trim();

/** Where a pair of shares of the plot lies in the drawing, which is 300 high. */
const position = (svg: Element, x: number, y: number) => ({ x: 52 + x * (svg.clientWidth - 64), y: 260 - y * 236 });

describe('a scatter chart', () => {
	it('reads and picks the image under the pointer', async () => {
		const onpick = vi.fn();
		const root = render(ScatterChart, { ...props, onpick });
		const svg = await vi.waitFor(() => {
			const found = find<SVGSVGElement>(root, '.scene svg');
			expect(found.clientWidth).toBeGreaterThan(400);
			return found;
		});
		await userEvent.hover(svg, { position: position(svg, 0.25, 0.75) });
		flushSync();
		expect(read(root)).toBe('a.png, CE 0.250: Dice 0.750.');
		await userEvent.click(svg, { position: position(svg, 0.75, 0.25) });
		expect(onpick).toHaveBeenCalledExactlyOnceWith('b');
	});

	it('picks nothing where there is no point', async () => {
		const onpick = vi.fn();
		const root = render(ScatterChart, { ...props, onpick });
		const svg = find<SVGSVGElement>(root, '.scene svg');
		await userEvent.click(svg, { position: { x: 150, y: 200 } });
		expect(onpick).not.toHaveBeenCalled();
	});

	it('reads the marked image while no pointer is over it', () => {
		expect(read(render(ScatterChart, { ...props, marked: 'b' }))).toBe('b.png, CE 0.750: Dice 0.250.');
	});

	it('offers every image in its table, for the keyboard', async () => {
		const onpick = vi.fn();
		const root = render(ScatterChart, { ...props, onpick });
		await userEvent.click(find(root, '[aria-pressed]'));
		expect([...root.querySelectorAll('tbody tr')].map((row) => row.textContent.trim().replace(/\s+/gu, ' '))).toHaveLength(2);
		await userEvent.click(find(root, 'tbody button'));
		expect(onpick).toHaveBeenCalledExactlyOnceWith('b');
	});
});
