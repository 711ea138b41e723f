import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { find, render } from '../testing.ts';
import type { Picture } from './display.ts';
import ImagePane from './ImagePane.svelte';
import { Viewport } from './viewport.svelte.ts';

/** Four pixels: red, green, blue, white. */
const quarters: Picture = {
	width: 2,
	height: 2,
	data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255),
};

/** The colour on the canvas at shares of its size, once the pane was measured and painted. */
async function colourAt(pane: HTMLElement, x: number, y: number, wanted: readonly number[]): Promise<void> {
	await vi.waitFor(() => {
		flushSync();
		const canvas = find<HTMLCanvasElement>(pane, 'canvas');
		const pixel = canvas.getContext('2d')?.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data;
		expect([...(pixel ?? [])].slice(0, 3)).toEqual(wanted);
	});
}

function twoPanes() {
	const viewport = new Viewport();
	const props = { picture: quarters, viewport };
	const first = find(render(ImagePane, { ...props, label: 'first' }, 200), '[role=img]');
	const second = find(render(ImagePane, { ...props, label: 'second' }, 200), '[role=img]');
	return { viewport, first, second };
}

const wheel = (pane: HTMLElement, deltaY: number, x: number, y: number): boolean => {
	const box = pane.getBoundingClientRect();
	return pane.dispatchEvent(
		new WheelEvent('wheel', {
			deltaY,
			clientX: box.left + x * box.width,
			clientY: box.top + y * box.height,
			bubbles: true,
			cancelable: true,
		}),
	);
};

describe('a pane', () => {
	it('shows the picture with sharp pixels', async () => {
		const { first } = twoPanes();
		await colourAt(first, 0.45, 0.45, [255, 0, 0]);
		await colourAt(first, 0.55, 0.45, [0, 255, 0]);
		await colourAt(first, 0.45, 0.55, [0, 0, 255]);
	});

	it('outlines a marked box where it lies in the view', () => {
		const { viewport, first } = twoPanes();
		viewport.marked = { left: 0.5, top: 0, right: 1, bottom: 0.5 };
		flushSync();
		const box = find(first, '.box');
		const [pane, fitted] = [first.getBoundingClientRect(), box.getBoundingClientRect()];
		expect([fitted.left - pane.left, fitted.top - pane.top, fitted.width, fitted.height]).toEqual([100, 0, 100, 100]);
		// Twice as large about the upper right corner, it fills the pane.
		viewport.zoomAt(2, 1, 0);
		flushSync();
		const zoomed = box.getBoundingClientRect();
		expect([zoomed.left - pane.left, zoomed.top - pane.top, zoomed.width, zoomed.height]).toEqual([0, 0, 200, 200]);
	});

	it('has the shape of its picture and the name it was given', () => {
		const viewport = new Viewport();
		const wide: Picture = { width: 4, height: 1, data: new Uint8ClampedArray(16) };
		const pane = find(render(ImagePane, { picture: wide, viewport, label: 'a wide one' }, 200), '[role=img]');
		expect(pane.getBoundingClientRect().height).toBeCloseTo(50, 0);
		expect(pane.getAttribute('aria-label')).toBe('a wide one');
	});

	it('zooms at the wheel, and every pane of the viewport with it', async () => {
		const { viewport, first, second } = twoPanes();
		await colourAt(second, 0.9, 0.9, [255, 255, 255]);
		expect(wheel(first, -2000, 0, 0)).toBe(false);
		expect(viewport.scale).toBeGreaterThan(4);
		// Zoomed at the upper left corner, both panes show red everywhere.
		await colourAt(first, 0.9, 0.9, [255, 0, 0]);
		await colourAt(second, 0.9, 0.9, [255, 0, 0]);
	});

	it('lets the page scroll when there is nothing to zoom out of', () => {
		const { viewport, first } = twoPanes();
		expect(wheel(first, 500, 0.5, 0.5)).toBe(true);
		expect(viewport.isFitted).toBe(true);
	});

	it('pans when dragged and fits when double clicked', async () => {
		const { viewport, first, second } = twoPanes();
		viewport.zoomAt(2, 0.5, 0.5);
		flushSync();
		const box = first.getBoundingClientRect();
		const at = (type: string, x: number): boolean =>
			first.dispatchEvent(
				new PointerEvent(type, { pointerId: 1, button: 0, clientX: box.left + x, clientY: box.top + 100, bubbles: true }),
			);
		first.setPointerCapture = () => undefined;
		at('pointerdown', 150);
		at('pointermove', 50);
		at('pointerup', 50);
		// 100 of 200 px at scale 2: a quarter of the image.
		expect(viewport.x).toBeCloseTo(0.75, 5);
		await colourAt(second, 0.1, 0.1, [0, 255, 0]);
		await userEvent.dblClick(first);
		expect(viewport.isFitted).toBe(true);
	});

	it('is moved by keys while it has the focus, and leaves the arrows alone while fitted', async () => {
		const { viewport, first } = twoPanes();
		const passed = vi.fn();
		document.addEventListener('keydown', passed);
		first.focus();
		await userEvent.keyboard('{ArrowRight}');
		expect(passed).toHaveBeenCalledTimes(1);
		await userEvent.keyboard('+++');
		expect(viewport.scale).toBeCloseTo(1.25 ** 3, 10);
		await userEvent.keyboard('{ArrowRight}{ArrowDown}');
		expect(viewport.x).toBeGreaterThan(0.5);
		expect(viewport.y).toBeGreaterThan(0.5);
		await userEvent.keyboard('0');
		expect(viewport.isFitted).toBe(true);
		expect(passed).toHaveBeenCalledTimes(1);
		document.removeEventListener('keydown', passed);
	});

	it('marks in the other panes where the pointer is', () => {
		const { first, second } = twoPanes();
		const box = first.getBoundingClientRect();
		first.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + 50, clientY: box.top + 100, bubbles: true }));
		flushSync();
		expect(first.querySelector('.echo')).toBeNull();
		expect(find(second, '.echo').style.insetInlineStart).toBe('25%');
	});

	it('moves the pixel that the loupe reads by arrow keys, and every pane marks it', async () => {
		const { viewport, first, second } = twoPanes();
		viewport.grid = { width: 2, height: 2 };
		first.focus();
		flushSync();
		expect(viewport.pixel).toEqual({ x: 1, y: 1 });
		await userEvent.keyboard('{ArrowLeft}');
		expect(viewport.pixel).toEqual({ x: 0, y: 1 });
		for (const pane of [first, second]) {
			const mark = find(pane, '.box');
			expect([mark.style.insetInlineStart, mark.style.insetBlockStart]).toEqual(['25%', '75%']);
		}
	});

	it('keeps its place and says why while there is no picture', () => {
		const pane = find(
			render(ImagePane, { picture: null, viewport: new Viewport(), label: 'empty', placeholder: 'queued' }, 200),
			'[role=img]',
		);
		expect(pane.textContent).toContain('queued');
		expect(pane.getBoundingClientRect().height).toBeCloseTo(200, 0);
	});
});
