/** Keeps what was read last, so that a file is not read anew for each of its pages or tiles. Nobody may write to it. */
export class Kept<T> {
	readonly #most: number;
	readonly #kept = new Map<string, Promise<T>>();

	constructor(most: number) {
		this.#most = most;
	}

	/** Rejects as `read` does; a failure is not kept. */
	read(key: string, read: () => Promise<T>): Promise<T> {
		const value = this.#kept.get(key) ?? read();
		this.#kept.delete(key);
		this.#kept.set(key, value);
		value.catch(() => this.#kept.delete(key));
		for (const old of [...this.#kept.keys()].slice(0, -this.#most)) this.#kept.delete(old);
		return value;
	}
}
