/** What part of an image is seen. Panes that share one viewport zoom and pan as one. */

/** Zoom relative to the fitted image. */
export const maxScale = 64;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

export class Viewport {
	/** 1 fits the image into its pane. */
	scale = $state(1);
	/** The point of the image in the middle of the pane, as shares of its width and height. */
	x = $state(0.5);
	y = $state(0.5);
	/** Where a pointer rests over one of the panes, as shares of the image; null when over none. The others mark it. */
	pointer = $state.raw<{ readonly x: number; readonly y: number; readonly pane: string } | null>(null);

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
