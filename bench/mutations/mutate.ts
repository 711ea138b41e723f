/** Damages files as transfer, writers and attackers do; the same seed and number always give the same damage. */
import { RandomStream } from '#lib/core/random.ts';
import type { Bytes } from '#lib/importers/format.ts';

/** Draws numbers one after the other. */
class Dice {
	readonly #stream: RandomStream;
	#drawn = 0;

	constructor(seed: number, number: number) {
		this.#stream = new RandomStream(seed, 'sample', number);
	}

	/** A whole number below `bound`. */
	below(bound: number): number {
		return this.#stream.integer(this.#drawn++, bound);
	}
}

type Mutation = (bytes: Bytes, dice: Dice, other: Bytes) => Bytes;

function joined(...parts: readonly Uint8Array[]): Bytes {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
	return whole;
}

/** Numbers at which sizes, counts and offsets go wrong. */
const edges = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

function withNumber(bytes: Bytes, dice: Dice): Bytes {
	const copy = bytes.slice();
	const size = ([1, 2, 4] as const)[dice.below(3)] ?? 1;
	const at = dice.below(Math.max(1, copy.length - size + 1));
	const [value, littleEndian] = [edges[dice.below(edges.length)] ?? 0, dice.below(2) === 0];
	for (let i = 0; i < size && at + i < copy.length; i++) copy[at + i] = value >>> (8 * (littleEndian ? i : size - 1 - i));
	return copy;
}

/** Start and end of a random stretch, mostly a short one. */
function stretch(bytes: Bytes, dice: Dice): readonly [number, number] {
	const start = dice.below(bytes.length + 1);
	const longest = dice.below(4) === 0 ? bytes.length - start : Math.min(16, bytes.length - start);
	return [start, start + dice.below(longest + 1)];
}

const mutations: readonly Mutation[] = [
	(bytes, dice) => {
		const copy = bytes.slice();
		const at = dice.below(Math.max(1, copy.length));
		copy[at] = (copy[at] ?? 0) ^ (1 << dice.below(8));
		return copy;
	},
	(bytes, dice) => {
		const copy = bytes.slice();
		copy[dice.below(Math.max(1, copy.length))] = dice.below(256);
		return copy;
	},
	withNumber,
	withNumber,
	// Headers are where damage leads furthest.
	(bytes, dice) => joined(withNumber(bytes.slice(0, 200), dice), bytes.subarray(200)),
	(bytes, dice) => bytes.slice(0, dice.below(bytes.length + 1)),
	(bytes, dice) => {
		const [start, end] = stretch(bytes, dice);
		return joined(bytes.subarray(0, start), bytes.subarray(end));
	},
	(bytes, dice) => {
		const [start, end] = stretch(bytes, dice);
		return joined(bytes.subarray(0, end), bytes.subarray(start));
	},
	(bytes, dice) => {
		const [start, end] = stretch(bytes, dice);
		return bytes.slice().fill(dice.below(2) * 255, start, end);
	},
	(bytes, dice, other) => joined(bytes.subarray(0, dice.below(bytes.length + 1)), other.subarray(dice.below(other.length + 1))),
];

/** One to four mutations in a row. `other` lends bytes. */
export function mutated(bytes: Bytes, other: Bytes, seed: number, number: number): Bytes {
	const dice = new Dice(seed, number);
	let result = bytes;
	for (let rounds = 1 + dice.below(4); rounds > 0; rounds--) {
		result = mutations[dice.below(mutations.length)]?.(result, dice, other) ?? result;
	}
	return result;
}
