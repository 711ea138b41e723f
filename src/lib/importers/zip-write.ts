/** Writes ZIP archives of files that are compressed already, such as PNGs: stored as they are, ZIP64 where it is needed. */
import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';
import type { Bytes } from './format.ts';

export class ZipFile {
	readonly #parts: Uint8Array<ArrayBuffer>[] = [];
	/** Sizes stand in front of each file, as some programs refuse stored files that state them behind. */
	readonly #writer = new ZipWriter(new WritableStream<Uint8Array<ArrayBuffer>>({ write: (part) => void this.#parts.push(part.slice()) }), {
		level: 0,
		useWebWorkers: false,
		dataDescriptor: false,
	});

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
