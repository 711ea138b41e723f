import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { AnyLoss } from '#lib/losses/contract.ts';
import { lossShelf } from '#lib/losses/index.ts';
import { find, render } from '../testing.ts';
import LossPicker from './LossPicker.svelte';

const more = createRawSnippet((loss: () => AnyLoss) => ({ render: () => `<a href="#${loss().id}">More</a>` }));

function open(props: { chosen?: ReadonlyMap<string, number>; full?: string } = {}) {
	const [onpick, onclose] = [vi.fn(), vi.fn()];
	const root = render(LossPicker, { open: true, title: 'Add losses', chosen: new Map(), more, onpick, onclose, ...props });
	return { root, onpick, onclose, field: find<HTMLInputElement>(root, '[type=search]') };
}

const names = (root: HTMLElement): string[] => [...root.querySelectorAll('.option')].map(({ textContent }) => textContent.trim());

describe('the picker of losses', () => {
	it('lists every loss once, the four classics first, grouped by family', () => {
		const { root, field } = open();
		expect(document.activeElement).toBe(field);
		expect(names(root)).toHaveLength(lossShelf.length);
		expect(names(root).slice(0, 4)).toEqual(['Cross-entropy', 'Dice', 'Focal', 'Tversky']);
		expect([...root.querySelectorAll('h3')].map(({ textContent }) => textContent)).toContain('By overlap');
	});

	it('takes the best match of what is typed at Enter, and stays for the next', async () => {
		const { root, onpick, onclose } = open();
		await userEvent.keyboard('lovász');
		expect(names(root)).toEqual(expect.arrayContaining(['Lovász hinge', 'Lovász softmax']));
		await userEvent.keyboard('{Enter}');
		expect(onpick).toHaveBeenCalledExactlyOnceWith('lovaszHinge');
		expect(find(root, '[role=status]').textContent).toContain('Lovász hinge added');
		await userEvent.keyboard('huber{Enter}');
		expect(onpick).toHaveBeenLastCalledWith('huber');
		expect(onclose).not.toHaveBeenCalled();
	});

	it('is walked with arrows, and letters go on searching', async () => {
		const { root, onpick, field } = open();
		await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
		expect(onpick).toHaveBeenCalledExactlyOnceWith('dice');
		await userEvent.keyboard('{End}');
		expect(document.activeElement?.textContent.trim()).toBe(names(root).at(-1));
		await userEvent.keyboard('{Home}{ArrowUp}');
		expect(document.activeElement).toBe(field);
		await userEvent.keyboard('{ArrowDown}mcc');
		expect(field.value).toBe('mcc');
	});

	it('stops Tab at one entry and its link only', () => {
		const { root } = open();
		expect([...root.querySelectorAll('.option')].filter((option) => option.getAttribute('tabindex') === '0')).toHaveLength(1);
	});

	it('goes to a family', async () => {
		const { root } = open();
		await userEvent.click([...root.querySelectorAll<HTMLElement>('.families button')].find((button) => button.textContent === 'By boundary')!); // prettier-ignore
		const boundary = lossShelf.find(({ family }) => family === 'boundary');
		expect(document.activeElement?.textContent.trim()).toBe(boundary?.name);
	});

	it('takes a press anywhere on an entry but on the link', () => {
		const { root } = open();
		const under = (selector: string): Element | null => {
			const { left, top, width, height } = find(root, selector).getBoundingClientRect();
			return document.elementFromPoint(left + width / 2, top + height / 2);
		};
		expect(under('article p')).toBe(find(root, '.option'));
		expect(under('article dl')).toBe(find(root, '.option'));
		expect(under('article a')).toBe(find(root, 'article a'));
	});

	it('marks what is chosen already', () => {
		const { root } = open({ chosen: new Map([['dice', 2]]) }); // prettier-ignore
		const marked = [...root.querySelectorAll('article')].filter((entry) => entry.querySelector('.chosen'));
		expect(marked.map((entry) => entry.querySelector('.chosen')?.textContent.trim())).toEqual(['added 2 times']);
	});

	it('says why nothing more can be taken', async () => {
		const { root, onpick } = open({ full: 'There are 12 losses.' });
		await userEvent.keyboard('dice{Enter}');
		expect(onpick).not.toHaveBeenCalled();
		expect(find(root, '[role=status]').textContent).toBe('There are 12 losses.');
	});

	it('says that nothing was found, and shows all again', async () => {
		const { root } = open();
		await userEvent.keyboard('zebra');
		expect(names(root)).toEqual([]);
		await userEvent.click(find(root, '.none button'));
		expect(names(root)).toHaveLength(lossShelf.length);
	});
});
