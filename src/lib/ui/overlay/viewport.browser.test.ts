import { expect, it } from 'vitest';
import { maxScale, Viewport } from './viewport.svelte.ts';

it('keeps the point under the pointer where it is', () => {
	const viewport = new Viewport();
	// The image point 0.25 stands at 0.25 of the pane; at scale 2 the view is centred on x where (0.25 − x)·2 + 0.5 = 0.25.
	viewport.zoomAt(2, 0.25, 0.5);
	expect(viewport.scale).toBe(2);
	expect(viewport.x).toBeCloseTo(0.375, 12);
	expect(viewport.y).toBeCloseTo(0.5, 12);
	viewport.zoomAt(0.5, 0.25, 0.5);
	expect(viewport.x).toBeCloseTo(0.5, 12);
});

it('never leaves the image, and never shrinks below it', () => {
	const viewport = new Viewport();
	viewport.zoomAt(0.1, 0, 0);
	expect(viewport.isFitted).toBe(true);
	viewport.zoomAt(4, 0, 0);
	viewport.panBy(-10, 10);
	// At scale 4 an eighth of the image lies on each side of the middle.
	expect([viewport.x, viewport.y]).toEqual([0.125, 0.875]);
	viewport.zoomAt(1e9, 0.5, 0.5);
	expect(viewport.scale).toBe(maxScale);
	viewport.fit();
	expect([viewport.scale, viewport.x, viewport.y]).toEqual([1, 0.5, 0.5]);
});

it('steps from pixel to pixel, stops at the border, and keeps the pixel in view', () => {
	const viewport = new Viewport();
	viewport.stepPixel(1, 0, 'a');
	expect(viewport.pixel).toBeNull();
	viewport.grid = { width: 8, height: 4 };
	// Without a pixel yet, from the middle of the view.
	viewport.stepPixel(0, 0, 'a');
	expect(viewport.pixel).toEqual({ x: 4, y: 2 });
	viewport.stepPixel(1, -1, 'a');
	expect(viewport.pixel).toEqual({ x: 5, y: 1 });
	viewport.stepPixel(99, -99, 'a');
	expect(viewport.pixel).toEqual({ x: 7, y: 0 });
	// At scale 4 an eighth of the image lies on each side of the middle; pixel 7 of 8 has its own middle at 15/16.
	viewport.zoomAt(4, 0, 0);
	viewport.stepPixel(0, 0, 'a');
	expect(viewport.x).toBeCloseTo(0.9375 - 0.125, 12);
});
