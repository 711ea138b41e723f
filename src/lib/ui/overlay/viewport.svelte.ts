/** What part of an image is seen. Panes that share one viewport zoom and pan as one. */

import type { Size } from './maps.ts';

/** Zoom relative to the fitted image. */
export const maxScale = 64;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

interface Box {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export class Viewport {
	/** 1 fits the image into its pane. */
	scale = $state(1);
	/** The point of the image in the middle of the pane, as shares of its width and height. */
	x = $state(0.5);
	y = $state(0.5);
	/** Where a pointer rests over one of the panes, as shares of the image; null when over none. The others mark it. */
	pointer = $state.raw<{ readonly x: number; readonly y: number; readonly pane: string } | null>(null);

	/** A box that every pane outlines, as shares of the image. */
	marked = $state.raw<Box | null>(null);

	/** Size of the image while single pixels are looked at: arrows then step from pixel to pixel, and the pointer's place stays. */
	grid = $state.raw<Size | null>(null);

	/** The pixel under the pointer, from 0 at the upper left; null while none is looked at. */
	get pixel(): { readonly x: number; readonly y: number } | null {
		const { grid, pointer } = this;
		if (!grid || !pointer) return null;
		return {
			x: clamp(Math.floor(pointer.x * grid.width), 0, grid.width - 1),
			y: clamp(Math.floor(pointer.y * grid.height), 0, grid.height - 1),
		};
	}

	/** Puts the pointer on the pixel so many further, from the middle of the view where there was none, and keeps it in view. */
	stepPixel(dx: number, dy: number, pane: string): void {
		const { grid } = this;
		if (!grid) return;
		const from = this.pixel ?? { x: Math.floor(this.x * grid.width), y: Math.floor(this.y * grid.height) };
		const x = (clamp(from.x + dx, 0, grid.width - 1) + 0.5) / grid.width;
		const y = (clamp(from.y + dy, 0, grid.height - 1) + 0.5) / grid.height;
		this.pointer = { x, y, pane };
		const half = 0.5 / this.scale;
		this.moveTo(clamp(this.x, x - half, x + half), clamp(this.y, y - half, y + half));
	}

	/** Shows the whole image. */
	fit(): void {
		this.scale = 1;
		this.x = 0.5;
		this.y = 0.5;
	}

	/** Zooms by `factor` and keeps the image point (`x`, `y`), in shares, where it is on the screen. */
	zoomAt(factor: number, x: number, y: number): void {
		const scale = clamp(this.scale * factor, 1, maxScale);
		const kept = this.scale / scale;
		this.scale = scale;
		this.moveTo(x + (this.x - x) * kept, y + (this.y - y) * kept);
	}

	/** Moves the view by shares of the image. */
	panBy(dx: number, dy: number): void {
		this.moveTo(this.x + dx, this.y + dy);
	}

	/** Never leaves the image. */
	moveTo(x: number, y: number): void {
		const half = 0.5 / this.scale;
		this.x = clamp(x, half, 1 - half);
		this.y = clamp(y, half, 1 - half);
	}

	get isFitted(): boolean {
		return this.scale === 1;
	}
}
