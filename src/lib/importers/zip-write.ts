/** Writes ZIP archives of files that are compressed already, such as PNGs: stored as they are, ZIP64 where it is needed. */
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';
import type { Bytes } from './format.ts';

export class ZipFile {
	readonly #writer = new ZipWriter(new BlobWriter('application/zip'), { level: 0, useWebWorkers: false, dataDescriptor: false });

	/** Adds a file. `path` must be new to the archive and already safe: `/` between plain parts. */
	async add(path: string, bytes: Bytes): Promise<void> {
		await this.#writer.add(path, new Uint8ArrayReader(bytes));
	}

	/** The archive; nothing can be added afterwards. */
	close(): Promise<Blob> {
		return this.#writer.close();
	}
}
