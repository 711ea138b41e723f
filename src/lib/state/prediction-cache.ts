/** Predictions kept in memory, the least recently used dropped first once they take too many bytes. */
import type { Prediction } from '#lib/core/trainer.ts';

export class PredictionCache {
	readonly #limitBytes: number;
	/** In the order of their last use. */
	readonly #kept = new Map<string, Prediction>();
	#bytes = 0;

	constructor(limitBytes: number) {
		this.#limitBytes = limitBytes;
	}

	has(key: string): boolean {
		return this.#kept.has(key);
	}

	/** Reading counts as a use. */
	get(key: string): Prediction | undefined {
		const found = this.#kept.get(key);
		if (!found) return undefined;
		this.#kept.delete(key);
		this.#kept.set(key, found);
		return found;
	}

	/** False once the limit is reached. */
	get hasRoom(): boolean {
		return this.#bytes < this.#limitBytes;
	}

	/** Keeps a prediction and drops others as needed, but none that `isShown` names, even if that breaks the limit. */
	put(key: string, prediction: Prediction, isShown: (key: string) => boolean): void {
		this.delete(key);
		this.#kept.set(key, prediction);
		this.#bytes += prediction.data.length;
		for (const old of [...this.#kept.keys()]) {
			if (this.#bytes <= this.#limitBytes) return;
			if (old !== key && !isShown(old)) this.delete(old);
		}
	}

	delete(key: string): void {
		this.#bytes -= this.#kept.get(key)?.data.length ?? 0;
		this.#kept.delete(key);
	}

	clear(): void {
		this.#kept.clear();
		this.#bytes = 0;
	}
}
