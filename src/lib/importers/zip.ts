/** Opens ZIP archives as a list of files that are inflated when they are read. Entry names are data and nothing else. */
import {
	type Entry,
	type FileEntry,
	WARNING_MALFORMED_EXTRA_FIELD,
	WARNING_MISMATCHED_CENTRAL_DIRECTORY_OFFSET,
	WARNING_MISSING_ZIP64_EXTRA_FIELD,
	WARNING_TRAILING_CENTRAL_DIRECTORY_DATA,
	ZipReader,
} from '@zip.js/zip.js/lib/zip-core-reader.js';
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import type { Bytes } from './format.ts';
import { cleanPath, type IgnoredFile, type ImportProblem, type OpenedFile, systemFileReason } from './opened-file.ts';

/** Bounds on what one archive may announce and deliver. */
export interface ZipLimits {
	readonly maxEntries: number;
	/** All entries together, inflated. */
	readonly maxTotalBytes: number;
}

const zipLimits: ZipLimits = { maxEntries: 20_000, maxTotalBytes: 4 * 2 ** 30 };

export interface ZipContents {
	readonly files: readonly OpenedFile[];
	readonly ignored: readonly IgnoredFile[];
	readonly problems: readonly ImportProblem[];
	/** Oddities that did no harm, as sentences. */
	readonly notes: readonly string[];
}

export interface ZipOptions {
	readonly limits?: ZipLimits;
	/** Makes a name that is no plain path a problem, instead of reading what is plain in it. */
	readonly plainNames?: boolean;
	readonly signal?: AbortSignal | undefined;
}

/** Compressed bytes handed over at a time. */
const streamChunkBytes = 262_144;

/** No worker is started (the page's policy would not allow it), names are ours to clean, local headers must agree. */
const readerOptions = { useWebWorkers: false, filenameValidation: 'tolerant', checkLocalFilename: true } as const;

/** Contradictions inside the list of entries: what another program finds in the archive may differ. */
const fatalWarnings: readonly string[] = [
	WARNING_MISMATCHED_CENTRAL_DIRECTORY_OFFSET,
	WARNING_TRAILING_CENTRAL_DIRECTORY_DATA,
	WARNING_MISSING_ZIP64_EXTRA_FIELD,
];

function reasonOf(cause: unknown): string {
	return cause instanceof Error ? cause.message : String(cause);
}

/** Gives the ZIP reader pieces of bytes that are in memory, or of a blob that need not be. */
class PiecesReader {
	readonly #source: Bytes | Blob;
	readonly size: number;

	constructor(source: Bytes | Blob) {
		this.#source = source;
		this.size = source instanceof Blob ? source.size : source.length;
	}

	get readable(): ReadableStream<Uint8Array> {
		return this.createReadable();
	}

	createReadable({ offset = 0, size = this.size - offset }: { offset?: number; size?: number } = {}): ReadableStream<Uint8Array> {
		const end = Math.min(offset + size, this.size);
		let next = offset;
		return new ReadableStream({
			pull: async (controller) => {
				const stop = Math.min(next + streamChunkBytes, end);
				if (next < stop) controller.enqueue(await this.#piece(next, stop));
				next = stop;
				if (next >= end) controller.close();
			},
		});
	}

	readUint8Array(index: number, length: number): Promise<Uint8Array> {
		return this.#piece(index, index + length);
	}

	/** A copy: the other end of a stream may take a chunk's memory for itself. */
	async #piece(start: number, end: number): Promise<Bytes> {
		const source = this.#source;
		return source instanceof Blob ? new Uint8Array(await source.slice(start, end).arrayBuffer()) : source.slice(start, end);
	}
}

/** Collects what is written to it, and fails as soon as that is more than `limit` bytes. */
class BoundedSink {
	readonly #chunks: Uint8Array[] = [];
	readonly #limit: number;
	#length = 0;

	constructor(limit: number) {
		this.#limit = limit;
	}

	readonly writable = new WritableStream<Uint8Array>({
		write: (chunk) => {
			this.#length += chunk.length;
			if (this.#length > this.#limit) throw new Error('it holds more data than it announces');
			this.#chunks.push(chunk);
		},
	});

	bytes(): Bytes {
		const whole = new Uint8Array(this.#length);
		let offset = 0;
		for (const chunk of this.#chunks) {
			whole.set(chunk, offset);
			offset += chunk.length;
		}
		return whole;
	}
}

function damaged(path: string, reason: string): ImportProblem {
	return { paths: [path], code: 'zip-entry-damaged', facts: { path, reason } };
}

/** Inflates one entry and checks its length and CRC-32. Throws `zip-entry-damaged`. */
async function readEntry(entry: FileEntry, path: string): Promise<Bytes> {
	const sink = new BoundedSink(entry.uncompressedSize);
	try {
		await entry.getData(sink.writable, { checkCrc32: true, useWebWorkers: false });
	} catch (cause) {
		throw new AppError('zip-entry-damaged', { path, reason: reasonOf(cause) }, { cause });
	}
	const bytes = sink.bytes();
	if (bytes.length !== entry.uncompressedSize) throw new AppError('zip-entry-damaged', { path, reason: 'it is shorter than it announces' });
	return bytes;
}

interface EntryList {
	readonly entries: readonly Entry[];
	/** The reader's own words for what is odd about the archive. */
	readonly warnings: readonly string[];
}

/** All entries, folders among them. Throws `zip-unreadable` or `zip-too-large`. */
async function listEntries(path: string, source: Bytes | Blob, limits: ZipLimits, signal: AbortSignal | undefined): Promise<EntryList> {
	const entries: Entry[] = [];
	let totalBytes = 0;
	const reader = new ZipReader(new PiecesReader(source), readerOptions);
	try {
		for await (const entry of reader.getEntriesGenerator()) {
			throwIfCancelled(signal);
			entries.push(entry);
			totalBytes += entry.uncompressedSize;
			if (entries.length > limits.maxEntries || totalBytes > limits.maxTotalBytes) {
				throw new AppError('zip-too-large', { path, maxEntries: limits.maxEntries, maxTotalBytes: limits.maxTotalBytes });
			}
		}
	} catch (cause) {
		if (cause instanceof AppError) throw cause;
		throw new AppError('zip-unreadable', { path, reason: reasonOf(cause) }, { cause });
	}
	const warnings = (reader.warnings ?? []).map((warning) => warning.reason);
	const fatal = warnings.find((warning) => fatalWarnings.includes(warning));
	if (fatal) throw new AppError('zip-unreadable', { path, reason: fatal });
	return { entries, warnings };
}

/**
 * Lists an archive's files. Paths start with the archive's own path. Encrypted entries become problems, system files and
 * second files of one name become ignored files; a damaged entry is found when it is read, and the others still read.
 * Of a blob only what is asked for is read. Throws `zip-unreadable` or `zip-too-large` for the archive as a whole.
 */
export async function openZip(path: string, source: Bytes | Blob, options: ZipOptions = {}): Promise<ZipContents> {
	const files: OpenedFile[] = [];
	const ignored: IgnoredFile[] = [];
	const problems: ImportProblem[] = [];
	const seen = new Set<string>();
	const { entries, warnings } = await listEntries(path, source, options.limits ?? zipLimits, options.signal);
	for (const entry of entries) {
		const name = cleanPath(entry.filename) || 'unnamed';
		const entryPath = `${path}/${name}`;
		const systemReason = systemFileReason(name);
		if (entry.directory) {
			if (entry.uncompressedSize > 0) problems.push(damaged(entryPath, 'it is marked as a folder but holds data'));
		} else if (options.plainNames && entry.filename !== name) problems.push(damaged(entryPath, 'its name is no plain path'));
		else if (systemReason !== null) ignored.push({ path: entryPath, reason: systemReason });
		else if (seen.has(entryPath)) ignored.push({ path: entryPath, reason: 'The archive holds another file of this name.' });
		else if (entry.encrypted) problems.push(damaged(entryPath, 'it is encrypted'));
		else files.push({ path: entryPath, sizeBytes: entry.uncompressedSize, bytes: () => readEntry(entry, entryPath) });
		if (!entry.directory) seen.add(entryPath);
	}
	const isMalformed = warnings.includes(WARNING_MALFORMED_EXTRA_FIELD);
	return { files, ignored, problems, notes: isMalformed ? [`${path}: the archive is not well formed, but its files are whole.`] : [] };
}
