/** Reads a case's parameters and notices those that nobody asked for, so that no key is passed over in silence. */
import { isNested } from './types.ts';
import type { Nested, Params } from './types.ts';

/** Why our losses cannot express a golden key or case. */
export class Unsupported extends Error {
	override readonly name = 'Unsupported';
}

export class ParamReader {
	readonly #params: Params;
	readonly #unread: Set<string>;

	constructor(params: Params) {
		this.#params = params;
		this.#unread = new Set(Object.keys(params));
	}

	/** The raw value; undefined when the key is absent. */
	value(key: string): unknown {
		this.#unread.delete(key);
		return this.#params[key];
	}

	has(key: string): boolean {
		return this.#params[key] !== undefined && this.#params[key] !== null;
	}

	number(key: string, otherwise: number): number {
		const value = this.value(key);
		if (value === undefined) return otherwise;
		if (typeof value !== 'number') throw new Unsupported(`${key} is no number`);
		return value;
	}

	/** A number, or null for `null` and for an absent key. */
	optionalNumber(key: string): number | null {
		const value = this.value(key);
		if (value === undefined || value === null) return null;
		if (typeof value !== 'number') throw new Unsupported(`${key} is no number`);
		return value;
	}

	flag(key: string, otherwise = false): boolean {
		const value = this.value(key);
		if (value === undefined) return otherwise;
		if (typeof value !== 'boolean') throw new Unsupported(`${key} is neither true nor false`);
		return value;
	}

	choice<T extends string>(key: string, options: readonly T[], otherwise: T): T {
		const value = this.value(key);
		if (value === undefined) return otherwise;
		const option = options.find((known) => known === value);
		if (option === undefined) throw new Unsupported(`${key} ${JSON.stringify(value)} is none of ${options.join(', ')}`);
		return option;
	}

	/** Nested lists of numbers, or undefined. */
	nested(key: string): Nested | undefined {
		const value = this.value(key);
		if (value === undefined || value === null) return undefined;
		if (!isNested(value)) throw new Unsupported(`${key} holds no numbers`);
		return value;
	}

	/** A constant that our losses have built in. */
	fixed(key: string, built: number): void {
		const given = this.number(key, built);
		if (Math.abs(given - built) > 1e-12 * built) throw new Unsupported(`${key} is ${built} in our losses, not ${given}`);
	}

	/** @throws Unsupported when a key was never read */
	finish(): void {
		const [key] = this.#unread;
		if (key !== undefined) throw new Unsupported(`the key ${key} (${JSON.stringify(this.#params[key]).slice(0, 40)}) is not known here`);
	}
}
