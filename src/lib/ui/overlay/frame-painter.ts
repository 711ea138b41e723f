/**
 * Most milliseconds of painting in one frame. With what Svelte and the browser add, a frame stays within 33 on a slow machine;
 * pictures that are left over come in the next frame.
 */
const budgetMs = 12;

/** Paints canvases at the next frame, each once, however often it was asked to. */
export class FramePainter {
	/** Oldest request first, so that none waits for ever while others keep changing. */
	readonly #due = new Map<HTMLCanvasElement, () => void>();
	#frame = 0;

	/** The last request of a frame counts. */
	request(canvas: HTMLCanvasElement, paint: () => void): void {
		this.#due.set(canvas, paint);
		this.#frame ||= requestAnimationFrame(() => this.#paint());
	}

	/** The canvas is gone. */
	drop(canvas: HTMLCanvasElement): void {
		this.#due.delete(canvas);
	}

	#paint(): void {
		const end = performance.now() + budgetMs;
		for (const [canvas, paint] of this.#due) {
			this.#due.delete(canvas);
			paint();
			if (performance.now() >= end) break;
		}
		this.#frame = this.#due.size > 0 ? requestAnimationFrame(() => this.#paint()) : 0;
	}

	/** What was asked for and is not painted yet is dropped. */
	stop(): void {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.#due.clear();
	}
}
