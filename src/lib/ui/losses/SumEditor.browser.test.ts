import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { constantWeight, mostTerms, type LossTerm } from '#lib/core/loss-choice.ts';
import { find, render } from '../testing.ts';
import SumEditor from './SumEditor.svelte';

const more = createRawSnippet(() => ({ render: () => '<a href="#more">More</a>' }));
const term = (loss: string, weight = constantWeight(1)): LossTerm => ({ loss, values: {}, weight });
const rise = { curve: 'linear', from: 0.01, to: 1, begin: 0.2, end: 0.7 } as const;

function edit(terms: readonly LossTerm[], learned = false) {
	const onchange = vi.fn();
	const root = render(SumEditor, { terms, learned, classNames: [], more, onchange }, 300);
	return { root, onchange };
}

async function press(root: HTMLElement, name: string): Promise<void> {
	await userEvent.click([...root.querySelectorAll<HTMLElement>('button')].find((button) => (button.ariaLabel ?? button.textContent.trim()) === name)!); // prettier-ignore
}

/** Types into the field with this label, inside the first term. */
async function type(root: HTMLElement, label: string, text: string): Promise<HTMLInputElement> {
	const id = [...root.querySelectorAll('label')].find(({ textContent }) => textContent.trim() === label)?.htmlFor ?? '';
	const input = find<HTMLInputElement>(root, `[id="${id}"]`);
	await userEvent.fill(input, text);
	await userEvent.keyboard('{Enter}');
	return input;
}

describe('a weighted sum', () => {
	it('says how each term weighs over the run', () => {
		const { root } = edit([term('dice'), term('boundary', rise)]);
		const words = [...root.querySelectorAll('summary .words')].map(({ textContent }) => textContent);
		expect(words).toEqual(['1', '0.01 → 1 between 20 % and 70 % of the run']);
	});

	it('gets a term of weight 1 from the picker', async () => {
		const { root, onchange } = edit([term('dice')]);
		await press(root, 'Add a term…');
		await userEvent.keyboard('focal{Enter}');
		expect(onchange).toHaveBeenCalledExactlyOnceWith([term('dice'), term('focal')]);
		expect(root.querySelector('dialog[open]')).toBeNull();
	});

	it('puts another loss in the place of one and keeps its weight', async () => {
		const { root, onchange } = edit([term('dice', rise), term('focal')]);
		await userEvent.click(find(root, 'summary'));
		await press(root, 'Another loss…');
		await userEvent.keyboard('jaccard{Enter}');
		expect(onchange).toHaveBeenCalledExactlyOnceWith([term('jaccard', rise), term('focal')]);
	});

	it('loses a term, but not the last', async () => {
		const { root, onchange } = edit([term('dice'), term('focal')]);
		await press(root, 'Remove the term Dice');
		expect(onchange).toHaveBeenCalledExactlyOnceWith([term('focal')]);
		expect(document.activeElement?.textContent.trim()).toBe('Add a term…');
		expect(edit([term('dice')]).root.querySelector('[aria-label^="Remove"]')).toBeNull();
	});

	it('takes no more terms than a spec does', () => {
		const { root } = edit(Array.from({ length: mostTerms }, () => term('dice')));
		expect([...root.querySelectorAll<HTMLButtonElement>('button:disabled')].map(({ textContent }) => textContent.trim())).toEqual([
			'At most 6 terms',
		]);
	});

	it('asks for no weights where they are learned', () => {
		const { root } = edit([term('dice')], true);
		expect(find(root, 'summary').textContent).toContain('weight learned');
		expect(root.querySelectorAll('svg polyline')).toHaveLength(0);
	});
});

describe('the weight of a term', () => {
	it('follows the curve that is chosen', async () => {
		const { root, onchange } = edit([term('dice')]);
		await userEvent.click(find(root, 'summary'));
		find(root, '[value=constant]').focus();
		await userEvent.keyboard('{ArrowRight}');
		expect(onchange).toHaveBeenCalledExactlyOnceWith([term('dice', { curve: 'linear', from: 0, to: 1, begin: 0, end: 1 })]);
	});

	it('begins and ends where it is told, in percent of the run', async () => {
		const { root, onchange } = edit([term('dice', rise)]);
		await userEvent.click(find(root, 'summary'));
		await type(root, 'Ends at', '90');
		expect(onchange).toHaveBeenLastCalledWith([term('dice', { ...rise, end: 0.9 })]);
		await type(root, 'From', '0,5');
		expect(onchange).toHaveBeenLastCalledWith([term('dice', { ...rise, from: 0.5 })]);
	});

	it('does not end before it begins: the field says what it can take and keeps what was typed', async () => {
		const { root, onchange } = edit([term('dice', rise)]);
		await userEvent.click(find(root, 'summary'));
		const input = await type(root, 'Ends at', '10');
		expect(onchange).not.toHaveBeenCalled();
		expect(input.value).toBe('10');
		expect(input.closest('.field')?.querySelector('.range')?.textContent).toContain('20 to 100');
	});
});
