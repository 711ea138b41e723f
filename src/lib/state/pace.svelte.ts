/** How fast training goes and how long it will take, from the wall clock. */

export class Pace {
	/** Steps done by the slowest run. */
	done = $state(0);
	#total = $state(0);
	#startedAt = 0;
	#startStep = 0;
	#images = 0;
	/** Milliseconds since the beginning of this stretch. */
	#elapsedMs = $state(0);
	#imagesPerSecond = $state<number | null>(null);

	/** A stretch begins: after Start, Resume, or with the next seed. */
	begin(step: number, totalSteps: number): void {
		this.done = step;
		this.#total = totalSteps;
		this.#startStep = step;
		this.#startedAt = performance.now();
		this.#elapsedMs = 0;
		this.#images = 0;
		this.#imagesPerSecond = null;
	}

	/** A batch of `images` in all went through; `step` counts from 0. Runs in several workers report one by one. */
	step(step: number, runs: number, images: number): void {
		if (runs === 0) return;
		this.done = Math.max(this.done, step + 1);
		this.#images += images;
		this.#elapsedMs = performance.now() - this.#startedAt;
		this.#imagesPerSecond = (1000 * this.#images) / this.#elapsedMs;
	}

	get total(): number {
		return this.#total;
	}

	/** Over all runs; null before the first step. */
	get imagesPerSecond(): number | null {
		return this.#imagesPerSecond;
	}

	/** Wall clock of one lock-step batch, all runs together; a guess of 250 ms before the first. */
	get stepMs(): number {
		const steps = this.done - this.#startStep;
		return steps > 0 ? this.#elapsedMs / steps : 250;
	}

	/** Milliseconds left; null before two steps are measured. */
	get etaMs(): number | null {
		return this.done - this.#startStep < 2 ? null : (this.#total - this.done) * this.stepMs;
	}
}
