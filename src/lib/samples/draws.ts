/** Random draws for one part of one image, one after another. */
import { RandomStream } from '#lib/core/random.ts';

/** Addresses the randomness of one image. Each part (layout, texture, noise…) has its own, so changing one never moves another. */
export interface ImageKey {
	readonly seed: number;
	/** Number of the recipe; no two recipes share one. */
	readonly recipe: number;
	/** Index of the image from 0. */
	readonly index: number;
}

/** The stream of part `part` of an image. */
export function streamOf(key: ImageKey, part: number): RandomStream {
	return new RandomStream(key.seed, 'sample', key.recipe, key.index, part);
}

/** Walks along a stream, so that drawing code need not count. */
export class Draws {
	readonly #stream: RandomStream;
	#next = 0;

	constructor(stream: RandomStream) {
		this.#stream = stream;
	}

	/** Number in [low, high). */
	between(low: number, high: number): number {
		return low + (high - low) * this.#stream.uniform(this.#next++);
	}

	/** Integer in [0, bound). */
	integer(bound: number): number {
		return this.#stream.integer(this.#next++, bound);
	}

	/** Normal with the given mean and standard deviation. */
	normal(mean: number, deviation: number): number {
		// The stream's normal uses the uniforms 2i and 2i + 1; stepping to the next pair keeps every draw independent.
		const pair = Math.ceil(this.#next / 2);
		this.#next = 2 * pair + 2;
		return mean + deviation * this.#stream.normal(pair);
	}

	/** True with the given probability. */
	chance(probability: number): boolean {
		return this.between(0, 1) < probability;
	}
}

/**
 * The share that image `index` aims for: images vary, yet every eight in a row average to `mean` exactly, so that the
 * share asked for is the share delivered. `weights` are eight factors with mean 1.
 */
export function shareOfImage(key: ImageKey, mean: number, weights: readonly number[]): number {
	const block = Math.floor(key.index / weights.length);
	const order = new RandomStream(key.seed, 'sample', key.recipe, block, shareBlock).permutation(weights.length);
	return mean * (weights[order[key.index % weights.length] ?? 0] ?? 1);
}

/** A part number that no image part uses, since blocks and images count from 0 alike. */
const shareBlock = 1000;
