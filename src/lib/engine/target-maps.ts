/** Maps that losses ask for, prepared once per mask: every later step that meets the same mask takes what is there. */
import { murmur3 } from '#lib/core/random.ts';
import type { PreparedMask } from '#lib/pixels/augment.ts';
import { applySymmetry } from '#lib/pixels/symmetry.ts';
import { prepareTarget } from '#lib/pixels/targets.ts';

interface Kept {
	readonly classes: Uint8Array;
	readonly map: Float32Array;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/** Four bytes to a word; the length is part of the words. */
function hashOf(classes: Uint8Array): number {
	const words = [classes.length];
	for (let i = 0; i < classes.length; i += 4) {
		words.push(classes[i]! | ((classes[i + 1] ?? 0) << 8) | ((classes[i + 2] ?? 0) << 16) | ((classes[i + 3] ?? 0) << 24));
	}
	return murmur3(words);
}

/**
 * Keeps maps by the content of the mask before flips and quarter turns, and lays them as the mask was laid: the map of a
 * flipped mask is the flipped map, to the bit. Crops and zooms at random places are prepared anew and not kept. What was
 * used longest ago goes first.
 */
export class TargetMaps {
	readonly #kept = new Map<string, Kept>();
	readonly #prepare: typeof prepareTarget;
	readonly #limitBytes: number;
	#bytes = 0;

	constructor(prepare = prepareTarget, limitBytes = 128 * 2 ** 20) {
		this.#prepare = prepare;
		this.#limitBytes = limitBytes;
	}

	/** Writes the map [size · size · outputs] of the mask into `target`. Throws as `prepareTarget`. */
	write(name: string, { size, classes, origin }: PreparedMask, outputs: number, target: Float32Array): void {
		if (origin) applySymmetry(this.#get(name, origin.classes, size, outputs), target, size, outputs, origin.symmetry);
		else target.set(this.#prepare(name, classes, size, size, outputs));
	}

	#get(name: string, classes: Uint8Array, size: number, outputs: number): Float32Array {
		const key = `${name} ${size} ${outputs} ${hashOf(classes)}`;
		const kept = this.#kept.get(key);
		if (kept && sameBytes(kept.classes, classes)) {
			this.#kept.delete(key);
			this.#kept.set(key, kept);
			return kept.map;
		}
		const map = this.#prepare(name, classes, size, size, outputs);
		this.#keep(key, { classes: classes.slice(), map });
		return map;
	}

	#keep(key: string, entry: Kept): void {
		const sizeOf = ({ classes, map }: Kept): number => classes.byteLength + map.byteLength;
		const replaced = this.#kept.get(key);
		if (replaced) this.#bytes -= sizeOf(replaced);
		this.#kept.delete(key);
		this.#kept.set(key, entry);
		this.#bytes += sizeOf(entry);
		for (const [oldest, old] of this.#kept) {
			if (this.#bytes <= this.#limitBytes) return;
			this.#kept.delete(oldest);
			this.#bytes -= sizeOf(old);
		}
	}
}
