/** Writes ZIP archives, ZIP64 where it is needed. */
import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';
import { deflateSync } from 'fflate';
import { crc32 } from './checksums.ts';
import type { Bytes } from './format.ts';

/** Larger files are stored as they are, bytes: packing them would hold up the page. */
const mostPacked = 16 * 2 ** 20;
/** What is tried before a file is packed, bytes. */
const triedBytes = 65_536;
/** The first day that a ZIP can name, at midnight: 1 January 1980 as MS-DOS writes dates. */
const firstDate = 0x0021_0000;

/** Packed by a library and not by the browser, so that equal bytes are packed alike everywhere; null where it saves too little. */
function packed(bytes: Bytes): Bytes | null {
	if (bytes.length > mostPacked) return null;
	const tried = bytes.subarray(0, triedBytes);
	return deflateSync(tried).length > 0.9 * tried.length ? null : new Uint8Array(deflateSync(bytes));
}

interface ZipFileOptions {
	/** Equal files give an equal archive: without dates, and packed where that saves something. Otherwise all are stored as they are. */
	readonly repeatable?: boolean;
}

export class ZipFile {
	/** Blobs, which the browser may move to the disk. */
	readonly #parts: Blob[] = [];
	readonly #repeatable: boolean;
	readonly #writer: ZipWriter<unknown>;

	constructor({ repeatable = false }: ZipFileOptions = {}) {
		this.#repeatable = repeatable;
		const writable = new WritableStream<Uint8Array<ArrayBuffer>>({ write: (part) => void this.#parts.push(new Blob([part])) });
		this.#writer = new ZipWriter(writable, {
			level: 0,
			useWebWorkers: false,
			// Sizes stand in front of each file, as some programs refuse stored files that state them behind.
			dataDescriptor: false,
			...(repeatable ? { rawLastModDate: firstDate, extendedTimestamp: false } : {}),
		});
	}

	/** Adds a file. `path` must be new to the archive and already safe: `/` between plain parts. */
	async add(path: string, bytes: Bytes): Promise<void> {
		const smaller = this.#repeatable ? packed(bytes) : null;
		const content = smaller ?? bytes;
		const deflated = { passThrough: true, uncompressedSize: bytes.length, crc32: crc32(bytes), compressionMethod: 8 };
		await this.#writer.add(path, { readable: new Blob([content]).stream(), size: content.length }, smaller ? deflated : {});
	}

	/** The archive; nothing can be added afterwards. */
	async close(): Promise<Blob> {
		await this.#writer.close();
		return new Blob(this.#parts, { type: 'application/zip' });
	}
}
