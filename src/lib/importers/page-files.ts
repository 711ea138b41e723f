/** The pictures of a file that holds several, as files of their own: what they are called, and how their file is read once. */
import type { Bytes } from './format.ts';
import type { OpenedFile } from './opened-file.ts';

/** Files whose bytes are kept: an image's and its mask's. */
const keptFiles = 2;

/** `scans/cells.tif` → `scans/cells (page 01).tif` and so on, with as many digits as the last needs, so that they sort as they lie. */
export function pagePaths(path: string, count: number): string[] {
	const dot = path.lastIndexOf('.');
	const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
	const digits = String(count).length;
	return Array.from(
		{ length: count },
		(_, index) => `${path.slice(0, end)} (page ${String(index + 1).padStart(digits, '0')})${path.slice(end)}`,
	);
}

/** Keeps the bytes of the files that were read last, so that a stack is not read anew for each of its pages. Nobody may write to them. */
export class KeptBytes {
	readonly #kept = new Map<string, Promise<Bytes>>();

	/** Rejects as `file` does; a failure is not kept. */
	read(file: OpenedFile): Promise<Bytes> {
		const bytes = this.#kept.get(file.path) ?? file.bytes();
		this.#kept.delete(file.path);
		this.#kept.set(file.path, bytes);
		bytes.catch(() => this.#kept.delete(file.path));
		for (const old of [...this.#kept.keys()].slice(0, -keptFiles)) this.#kept.delete(old);
		return bytes;
	}
}
