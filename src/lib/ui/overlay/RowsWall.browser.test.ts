import { flushSync } from 'svelte';
import { expect, it, vi } from 'vitest';
import { runStyle } from '../run-colours.ts';
import { find, render } from '../testing.ts';
import type { WallRun } from './CompareWall.svelte';
import RowsWall from './RowsWall.svelte';

const truth = { width: 2, height: 2, data: Uint8Array.of(0, 1, 0, 1) };
const raster = { width: 2, height: 2, channels: 1, maxValue: 255, data: new Uint8Array(4) };
const rows = Array.from({ length: 1000 }, (_, index) => ({ id: String(index), name: `image ${index}` }));
const style = { mode: 'classes', opacity: 1, thresholdLevel: 128, focusClass: null, colours: [[0, 0, 0], [255, 0, 0]] } as const; // prettier-ignore
const run = (levels: number[] | null): WallRun => ({
	id: 'dice',
	name: 'Dice',
	style: runStyle(0),
	prediction: levels && { kind: 'binary', width: 2, height: 2, data: Uint8Array.from(levels) },
	score: levels ? 0.5 : null,
	flag: '',
	placeholder: '– stopped after epoch 2',
});

function wallOf(runsOf: (id: string) => readonly WallRun[]) {
	const onopen = vi.fn();
	const sample = { image: raster, truth };
	const root = render(RowsWall, { rows, columns: [run(null)], runsOf, sampleOf: () => sample, style, onopen });
	return { root, onopen, drawn: () => root.querySelectorAll('tbody tr:not([aria-hidden])') };
}

it('paints each prediction at the threshold', async () => {
	const { root } = wallOf(() => [run([0, 127, 128, 255])]);
	await vi.waitFor(() => {
		flushSync();
		const canvas = find<HTMLCanvasElement>(root, 'button[aria-label="Dice on image 0"] canvas');
		expect([...(canvas.getContext('2d')?.getImageData(0, 0, 2, 2).data ?? [])].filter((_, at) => at % 4 === 0)).toEqual([0, 0, 255, 255]);
	});
});

it('asks for the rows in view only, and for others when they come into view', async () => {
	const asked = vi.fn((_id: string) => [run([0, 0, 0, 0])]);
	const { root, drawn } = wallOf(asked);
	expect(drawn().length).toBeLessThan(30);
	const scroller = find(root, '[role=region]');
	scroller.scrollTop = scroller.scrollHeight;
	await vi.waitFor(() => {
		flushSync();
		expect(drawn().item(drawn().length - 1).textContent).toContain('image 999');
	});
	expect(new Set(asked.mock.calls.map(([id]) => id)).size).toBeLessThan(60);
});

it('says in words what has no prediction, and shows no picture there', () => {
	const { root } = wallOf(() => [run(null)]);
	const cell = find(root, 'button[aria-label="Dice on image 0: – stopped after epoch 2"]');
	expect(cell.textContent).toContain('– stopped after epoch 2');
	expect(find<HTMLCanvasElement>(cell, 'canvas').hidden).toBe(true);
	expect(cell.closest('td')?.querySelector('.score')?.textContent).toBe('–');
});

it('opens an image, alone or with the run that was pressed', () => {
	const { root, onopen } = wallOf(() => [run([0, 0, 0, 0])]);
	find(root, 'button[aria-label="Dice on image 1"]').click();
	find(root, 'tbody th button').click();
	expect(onopen.mock.calls).toEqual([
		['1', 'dice'],
		['0', ''],
	]);
});
