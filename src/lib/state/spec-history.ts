/** Undo for the choices of an experiment. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';

/** Steps that can be taken back. */
const longest = 100;

export class SpecHistory {
	#states: ExperimentSpec[] = [];

	/** Remembers a state; one equal to the last is no step. */
	record(spec: ExperimentSpec): void {
		if (JSON.stringify(this.#states.at(-1)) === JSON.stringify(spec)) return;
		this.#states = [...this.#states.slice(1 - longest), spec];
	}

	/** The state before the last change, which becomes the last; null when there is none. */
	undo(): ExperimentSpec | null {
		const before = this.#states.at(-2);
		if (!before) return null;
		this.#states = this.#states.slice(0, -1);
		return before;
	}
}
