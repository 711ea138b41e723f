import { describe, expect, it } from 'vitest';
import { find, render } from '../testing.ts';
import AdaptiveCharts from './AdaptiveCharts.svelte';

const readings = (...names: string[]) => names.map((name, place) => ({ name, x: [1, 2], y: [0.5, 0.25 * (place + 1)] }));
const runs = [
	{ id: 'sum-s1', name: 'Dice + CE', place: 2, readings: readings('weight of Dice', 'weight of Cross-entropy') },
	{ id: 'robust-s1', name: 'Barron', place: 5, readings: readings('α', 'c') },
];

describe('the charts of what losses adapt', () => {
	it('are one a run, with a line and its value for every number', () => {
		const root = render(AdaptiveCharts, { runs, markedX: null, onpick: () => undefined });
		expect([...root.querySelectorAll('section')].map((chart) => chart.getAttribute('aria-label'))).toEqual([
			'Dice + CE, adaptive weights',
			'Barron, adaptive weights',
		]);
		const legend = find(root, '.legend').textContent.replace(/\s+/gu, ' ').trim();
		expect(legend).toBe('epoch 2 weight of Dice 0.25 weight of Cross-entropy 0.5');
	});

	it('draw the numbers of a run in its colour, told apart by marker and dash', () => {
		const root = render(AdaptiveCharts, { runs, markedX: null, onpick: () => undefined });
		const [dice, crossEntropy, alpha] = [...root.querySelectorAll('.legend svg')];
		const drawing = (key: Element | undefined) => [
			key?.querySelector('.marker')?.getAttribute('d'),
			key?.querySelector('.line')?.getAttribute('stroke-dasharray'),
		];
		const colour = (key: Element | undefined) => (key ? getComputedStyle(key).color : '');
		expect(colour(dice)).toBe(colour(crossEntropy));
		expect(colour(dice)).not.toBe(colour(alpha));
		drawing(dice).forEach((part, index) => expect(part).not.toBe(drawing(crossEntropy)[index]));
	});
});
