import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import PairingTable, { type PairRow } from './PairingTable.svelte';
import { find, render } from './testing.ts';

const row = (index: number): PairRow => ({
	id: `p${index}`,
	imageName: `image-${index}.png`,
	maskName: `image-${index}_mask.png`,
	rule: 'same name + _mask',
	confidence: 'sure',
	foreground: 0.25,
	canSwap: true,
	warnings: index === 7 ? ['mask is empty'] : [],
	problem: '',
	excluded: false,
});
const rows = Array.from({ length: 10_000 }, (_, index) => row(index));
const handlers = () => ({ onswap: vi.fn(), onunpair: vi.fn(), onexclude: vi.fn(), onpair: vi.fn(), onvisible: vi.fn() });
const drawn = (root: HTMLElement): string[] => [...root.querySelectorAll('tbody .row .file:first-child')].map((cell) => cell.textContent);

describe('a table of ten thousand pairs', () => {
	it('draws only the rows in view and says how many there are', () => {
		const root = render(PairingTable, { rows, ...handlers() });
		expect(drawn(root).length).toBeLessThan(30);
		expect(drawn(root)[0]).toBe('image-0.png');
		expect(find(root, 'table').getAttribute('aria-rowcount')).toBe('10001');
		expect(find(root, '.scroll').scrollHeight).toBeGreaterThan(10_000 * 64);
	});

	it('draws others when scrolled, and asks for their pictures', async () => {
		const given = handlers();
		const root = render(PairingTable, { rows, ...given });
		expect(given.onvisible.mock.lastCall?.[0]).toContain('p0');
		find(root, '.scroll').scrollTop = 5000 * 64;
		await vi.waitFor(() => {
			flushSync();
			expect(drawn(root)).toContain('image-5000.png');
		});
		expect(drawn(root).length).toBeLessThan(30);
		expect(given.onvisible.mock.lastCall?.[0]).toContain('p5000');
	});

	it('lists those that need a look', async () => {
		const root = render(PairingTable, { rows, ...handlers() });
		await userEvent.click(find(root, '.filters button:nth-child(2)'));
		expect(drawn(root)).toEqual(['image-7.png']);
		expect(find(root, '.warning').textContent).toContain('mask is empty');
	});
});

describe('pairs', () => {
	it('are exchanged, taken apart and left out from the keyboard', async () => {
		const given = handlers();
		const root = render(PairingTable, { rows: rows.slice(0, 2), ...given });
		find(root, '[aria-label="Exchange image-0.png and its mask"]').focus();
		await userEvent.keyboard('{Enter}{Tab}{Enter}{Tab} ');
		expect(given.onswap).toHaveBeenCalledExactlyOnceWith('p0');
		expect(given.onunpair).toHaveBeenCalledExactlyOnceWith('p0');
		expect(given.onexclude).toHaveBeenCalledExactlyOnceWith('p0', true);
	});

	it('are made from the nearest guess or from a chosen mask', async () => {
		const given = handlers();
		const root = render(PairingTable, {
			rows: [],
			unmatchedImages: [
				{ id: 'a', name: 'a.png', guess: { id: 'm', name: 'A-seg.png' } },
				{ id: 'b', name: 'b.png', guess: null },
			],
			unmatchedMasks: [
				{ id: 'm', name: 'A-seg.png' },
				{ id: 'n', name: 'odd.png' },
			],
			...given,
		});
		await userEvent.click(find(root, '.unmatched li button'));
		expect(given.onpair).toHaveBeenLastCalledWith('a', 'm');
		await userEvent.fill(find(root, '[aria-label="Mask for b.png"]'), 'odd.png');
		await userEvent.tab();
		expect(given.onpair).toHaveBeenLastCalledWith('b', 'n');
	});

	it('get a further mask: a mask that is left over takes an image that has one already', async () => {
		const given = handlers();
		const root = render(PairingTable, { rows: rows.slice(0, 1), unmatchedMasks: [{ id: 'n', name: 'odd.png' }], ...given });
		await userEvent.fill(find(root, '[aria-label="Image for odd.png"]'), 'image-0.png');
		await userEvent.tab();
		expect(given.onpair).toHaveBeenLastCalledWith('p0', 'n');
	});
});
