/** Writes ZIP archives of files that are compressed already, such as PNGs: stored as they are, ZIP64 where it is needed. */
import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';
import type { Bytes } from './format.ts';

/** The same in every time zone, as ZIP stores what the clock on the wall shows. */
const noDate = new Date(2000, 0, 1);

export class ZipFile {
	readonly #parts: Uint8Array<ArrayBuffer>[] = [];
	readonly #writer: ZipWriter<unknown>;

	/** @param options `dated: false` gives every file one date, so that equal files make an equal archive */
	constructor({ dated = true } = {}) {
		const sink = new WritableStream<Uint8Array<ArrayBuffer>>({ write: (part) => void this.#parts.push(part.slice()) });
		this.#writer = new ZipWriter(sink, {
			level: 0,
			useWebWorkers: false,
			// Sizes stand in front of each file, as some programs refuse stored files that state them behind.
			dataDescriptor: false,
			...(dated ? {} : { lastModDate: noDate, extendedTimestamp: false }),
		});
	}

	/** Adds a file. `path` must be new to the archive and already safe: `/` between plain parts. */
	async add(path: string, bytes: Bytes): Promise<void> {
		await this.#writer.add(path, { readable: new Blob([bytes]).stream(), size: bytes.length });
	}

	/** The archive; nothing can be added afterwards. */
	async close(): Promise<Blob> {
		await this.#writer.close();
		return new Blob(this.#parts, { type: 'application/zip' });
	}
}
