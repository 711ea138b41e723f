/** Paints canvases at the next frame, each once, however often it was asked to. */
export class FramePainter {
	readonly #due = new Map<HTMLCanvasElement, () => void>();
	#frame = 0;

	/** The last request of a frame counts. */
	request(canvas: HTMLCanvasElement, paint: () => void): void {
		this.#due.set(canvas, paint);
		this.#frame ||= requestAnimationFrame(() => this.#paint());
	}

	#paint(): void {
		this.#frame = 0;
		const due = [...this.#due.values()];
		this.#due.clear();
		for (const paint of due) paint();
	}

	/** What was asked for and is not painted yet is dropped. */
	stop(): void {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.#due.clear();
	}
}
