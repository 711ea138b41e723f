/**
 * Counter-based randomness: every number is a pure function of (seed, purpose, counters…), so there is no hidden
 * generator state to store, and resuming at any step is exact by construction. Changing how many numbers one purpose
 * draws never moves another purpose's numbers.
 *
 * The mixing step is MurmurHash3's 32-bit body and finaliser (Austin Appleby, public domain), tested against its
 * published known answers.
 */

/** What a stream of random numbers is for. */
export type Purpose = 'split' | 'weights' | 'shuffle' | 'augment' | 'dropout' | 'crop' | 'sample' | 'bootstrap';

const purposeCode: Record<Purpose, number> = {
	split: 1,
	weights: 2,
	shuffle: 3,
	augment: 4,
	dropout: 5,
	crop: 6,
	sample: 7,
	bootstrap: 8,
};

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** One block of MurmurHash3: mixes a 32-bit word into the running state. */
function mix(state: number, word: number): number {
	let k = Math.imul(word | 0, 0xcc9e2d51);
	k = Math.imul(rotateLeft(k, 15), 0x1b873593);
	return (Math.imul(rotateLeft(state ^ k, 13), 5) + 0xe6546b64) | 0;
}

/** The end of MurmurHash3: folds in the length and spreads every bit over the result. */
function finish(state: number, lengthBytes: number): number {
	let h = state ^ lengthBytes;
	h ^= h >>> 16;
	h = Math.imul(h, 0x85ebca6b);
	h ^= h >>> 13;
	h = Math.imul(h, 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

/** MurmurHash3_x86_32 of a sequence of 32-bit words (little-endian blocks). */
export function murmur3(words: readonly number[], seed = 0): number {
	return finish(words.reduce(mix, seed | 0), words.length * 4);
}

/** A stream of numbers for one purpose, addressed by counters. */
export class RandomStream {
	/** State of MurmurHash3 before the index of a number is mixed in, and the bytes mixed with it: what a GPU needs to draw the same. */
	readonly prefix: number;
	readonly lengthBytes: number;

	constructor(seed: number, purpose: Purpose, ...counters: readonly number[]) {
		const words = [seed, purposeCode[purpose], ...counters];
		this.prefix = words.reduce(mix, 0);
		this.lengthBytes = (words.length + 1) * 4;
	}

	/** Integer in [0, 2³²). */
	bits(index: number): number {
		return finish(mix(this.prefix, index), this.lengthBytes);
	}

	/** Number in [0, 1). */
	uniform(index: number): number {
		return this.bits(index) / 4294967296;
	}

	/** Integer in [0, bound). */
	integer(index: number, bound: number): number {
		return Math.floor(this.uniform(index) * bound);
	}

	/** Standard normal by Box–Muller, from the uniforms 2·index and 2·index + 1. */
	normal(index: number): number {
		const radius = Math.sqrt(-2 * Math.log(1 - this.uniform(2 * index)));
		return radius * Math.cos(2 * Math.PI * this.uniform(2 * index + 1));
	}

	/** The numbers 0 … count − 1 in a random order (Fisher–Yates). */
	permutation(count: number): number[] {
		const order = Array.from({ length: count }, (_, index) => index);
		for (let last = count - 1; last > 0; last--) {
			const other = this.integer(last, last + 1);
			[order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
		}
		return order;
	}
}
