import { expect, it } from 'vitest';
import { layerTable, stepLine, verdicts } from './report.mjs';
import { names } from './takers.mjs';

const losses = [0.5, 0.4];
const protocol = { warm: 2, steps: 2, rounds: 1, mostMs: 0 };
const ours = { msPerStep: 8, hostMs: 2, gpuMs: 7, eachReadMs: 9, losses };

it('holds B against its targets', () => {
	const times = {
		[names.ours]: ours,
		[names.stock]: { msPerStep: 100, losses },
		[names.fit]: { msPerStep: 120, losses },
		[names.tunedFit]: { msPerStep: 96, losses },
		[names.jax]: { failed: 'no device' },
		[names.eager]: { msPerStep: 6.4, losses },
	};
	expect(verdicts({ machine: '', software: false, protocol, nets: { B: times }, layers: null })).toEqual([
		'B: recording is 25 % of the time of a step; the GPU sets the pace',
		'B: ours beside jax-js: not measured',
		'B: ours is 12.5 × as fast as stock in a loop that reads nothing back',
		'B: ours is 12 × as fast as stock fit with tuned flags',
		'B: ours is 15 × as fast as stock fit (wanted: 10)',
		'B: ours takes 1.25 × the time of PyTorch eager fp32 (wanted: at most 1.5)',
	]);
	expect(verdicts({ machine: '', software: false, protocol, nets: { S: times }, layers: null })).toEqual(['B: not measured']);
});

it.each([
	['within rounding', [0.50001, 0.4], 'x: 20.00 ms a step, losses within 0.0020 % of ours'],
	['of another net', [0.51, 0.4], 'x: 20.00 ms a step, losses within 2.0 % of ours, NOT THE SAME NET: its first losses differ'],
	['that are no numbers', [0.5, NaN], 'x: 20.00 ms a step, losses within NaN % of ours, NOT THE SAME NET: its first losses differ'],
	['of too few steps', [0.5], 'x: 20.00 ms a step, losses within NaN % of ours, NOT THE SAME NET: its first losses differ'],
])('judges losses %s', (_case, theirs, line) => {
	expect(stepLine('S', 'x', { [names.ours]: ours, x: { msPerStep: 20, losses: theirs } })).toBe(`S, ${line}`);
});

it('says why somebody was not measured', () => {
	expect(stepLine('S', 'x', { x: { failed: 'no device' } })).toBe('S, x: not measured: no device');
});

it('puts ours beside stock, layer by layer', () => {
	const speed = (ms: number, gigaflops: number) => ({ ms, gigaflops, runs: 3 });
	const row = { layer: 'a', kernel: 'forward', ours: speed(0.5, 400), stock: speed(4, 50), tuned: null } as const;
	expect(layerTable({ clock: 'timestamps', rows: [row] }).at(-1)).toBe('| a | forward | 400 | 50.0 | – | 8.00 | 0.50 | 4.00 | 3, 3 |');
});
