/** How fast training goes and how long it will take, from the wall clock. */

/** An expectation counts as much as so many measured steps: the first ones still compile and prepare. */
const expectedSteps = 10;

export interface Stretch {
	/** Steps of the seeds and folds that come after. */
	readonly laterSteps?: number;
	/** What a step, with its share of validation, was expected to take; null where nothing was measured before. */
	readonly expectedStepMs?: number | null;
}

export class Pace {
	/** Steps done by the slowest run. */
	done = $state(0);
	#total = $state(0);
	#laterSteps = $state(0);
	#expectedStepMs = $state<number | null>(null);
	#startedAt = 0;
	#startStep = 0;
	#images = 0;
	/** Milliseconds since the beginning of this stretch. */
	#elapsedMs = $state(0);
	#imagesPerSecond = $state<number | null>(null);

	/** A stretch begins: after Start, Resume, or with the next seed. */
	begin(step: number, totalSteps: number, { laterSteps = 0, expectedStepMs = null }: Stretch = {}): void {
		this.done = step;
		this.#total = totalSteps;
		this.#laterSteps = laterSteps;
		this.#expectedStepMs = expectedStepMs;
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

	/** Wall clock of one lock-step batch, all runs together; before the first what was expected, or else 250 ms. */
	get stepMs(): number {
		const steps = this.done - this.#startStep;
		return steps > 0 ? this.#elapsedMs / steps : (this.#expectedStepMs ?? 250);
	}

	/** Milliseconds left with all seeds and folds; null before two steps are measured where nothing was expected. */
	get etaMs(): number | null {
		const steps = this.done - this.#startStep;
		const left = this.#total - this.done + this.#laterSteps;
		if (this.#expectedStepMs === null) return steps < 2 ? null : left * this.stepMs;
		return (left * (this.#elapsedMs + expectedSteps * this.#expectedStepMs)) / (steps + expectedSteps);
	}
}
