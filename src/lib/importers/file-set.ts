/** The opened files, each looked at once: what it is, whether it is whole, and how large its picture is. */
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import type { Raster } from '#lib/core/sample.ts';
import { type Bytes, type FormatTools, type ImageFormat, type ImageHeader, type StoredMask, unreadable, unsupported } from './format.ts';
import { identify } from './identify.ts';
import { cleanPath, type IgnoredFile, type ImportProblem, type OpenedFile, systemFileReason } from './opened-file.ts';
import { openZip } from './zip.ts';

/** Files larger than this are refused unread: no browser hands them over in one piece. */
const maxFileBytes = 2 ** 31 - 1;

/** A picture that is whole as far as its header and checksums say. */
interface Picture {
	readonly file: OpenedFile;
	readonly format: ImageFormat;
	readonly header: ImageHeader;
}

const pictureExtension = /\.(png|jpe?g|jfif|gif|bmp|dib|webp|tiff?|npy)$/iu;

export interface ScanProgress {
	readonly stage: 'files' | 'annotations' | 'masks' | 'labels';
	readonly done: number;
	readonly total: number;
}

export interface ScanOptions extends FormatTools {
	readonly signal?: AbortSignal | undefined;
	readonly onProgress?: ((progress: ScanProgress) => void) | undefined;
}

/** Reads the bytes, or throws the failure that a person should see. */
async function bytesOf(file: OpenedFile): Promise<Bytes> {
	if ((file.sizeBytes ?? 0) > maxFileBytes) throw new AppError('image-too-large', { format: 'file', sizeBytes: file.sizeBytes ?? 0 });
	try {
		return await file.bytes();
	} catch (cause) {
		if (cause instanceof AppError) throw cause;
		throw unreadable('file', 'could not be read from the disk', { cause });
	}
}

/** Every opened file, sorted into pictures, failures and files that are left out. */
export class FileSet {
	/** Pictures that can be read, by path. */
	readonly pictures = new Map<string, Picture>();
	/** What is wrong with a file that takes part in pairing all the same, so that its partner is not left alone without a word. */
	readonly failures = new Map<string, AppError>();
	/** Failures of files that are neither image nor mask. */
	readonly problems: ImportProblem[] = [];
	readonly ignored: IgnoredFile[] = [];
	/** Text files by path: they may describe the pictures. */
	readonly texts = new Map<string, OpenedFile>();
	/** Remarks on archives, as sentences. */
	readonly notes: string[] = [];
	readonly #tools: FormatTools;

	private constructor(tools: FormatTools) {
		this.#tools = tools;
	}

	/** Opens archives and looks at every file. Rejects only with `cancelled`. */
	static async read(files: readonly OpenedFile[], options: ScanOptions): Promise<FileSet> {
		const set = new FileSet({ decodePhoto: options.decodePhoto });
		const waiting = files.map((file) => ({ file, nested: false }));
		const seen = new Set<string>();
		for (let done = 0; done < waiting.length; done++) {
			throwIfCancelled(options.signal);
			const { file, nested } = waiting[done]!;
			const path = cleanPath(file.path) || 'unnamed';
			if (seen.has(path)) set.ignored.push({ path, reason: 'Another file of the same path was opened.' });
			else
				waiting.push(
					...(await set.#look({ ...file, path, bytes: () => file.bytes() }, nested, options)).map((entry) => ({
						file: entry,
						nested: true,
					})),
				);
			seen.add(path);
			options.onProgress?.({ stage: 'files', done: done + 1, total: waiting.length });
		}
		return set;
	}

	/** Sorts one file in; returns the files inside it when it is an archive. */
	async #look(file: OpenedFile, nested: boolean, options: ScanOptions): Promise<readonly OpenedFile[]> {
		const systemReason = systemFileReason(file.path);
		if (systemReason !== null) {
			this.ignored.push({ path: file.path, reason: systemReason });
			return [];
		}
		try {
			return await this.#sortIn(file, await bytesOf(file), nested, options);
		} catch (error) {
			if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
			this.#fail(file.path, error, pictureExtension.test(file.path));
			return [];
		}
	}

	async #sortIn(file: OpenedFile, bytes: Bytes, nested: boolean, options: ScanOptions): Promise<readonly OpenedFile[]> {
		const { path } = file;
		const identity = identify(bytes);
		switch (identity.kind) {
			case 'image':
				this.#addPicture(file, identity.format, bytes);
				return [];
			case 'zip':
				if (nested) throw unsupported('ZIP inside a ZIP');
				return this.#addArchive(path, bytes, options);
			case 'refused':
				this.#fail(path, unsupported(identity.format), identity.picture);
				return [];
			case 'empty':
				// An empty list of objects is how YOLO says that an image shows nothing.
				if (/\.txt$/iu.test(path)) this.texts.set(path, file);
				else this.#fail(path, new AppError('file-empty'), pictureExtension.test(path));
				return [];
			case 'text':
			case 'unknown': {
				const what = identity.kind === 'text' ? 'holds text, no picture' : 'is of no known picture format';
				if (pictureExtension.test(path)) this.#fail(path, unreadable('picture', what), true);
				else if (identity.kind === 'text') this.texts.set(path, file);
				else this.ignored.push({ path, reason: 'Not a picture.' });
				return [];
			}
			default:
				return identity satisfies never;
		}
	}

	#addPicture(file: OpenedFile, format: ImageFormat, bytes: Bytes): void {
		try {
			const header = format.readHeader(bytes);
			if (format.needsBrowser && !this.#tools.decodePhoto) throw unsupported(`${format.name} outside a browser`);
			this.pictures.set(file.path, { file, format, header });
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			this.#fail(file.path, error, true);
		}
	}

	async #addArchive(path: string, bytes: Bytes, options: ScanOptions): Promise<readonly OpenedFile[]> {
		const { files, ignored, problems, notes } = await openZip(path, bytes, { signal: options.signal });
		this.ignored.push(...ignored);
		this.problems.push(...problems);
		this.notes.push(...notes);
		if (files.length + ignored.length + problems.length === 0) this.ignored.push({ path, reason: 'An empty archive.' });
		return files;
	}

	#fail(path: string, error: AppError, pairs: boolean): void {
		if (pairs) this.failures.set(path, error);
		else this.problems.push({ paths: [path], code: error.code, facts: { ...error.facts, path } });
	}

	/** Paths that take part in pairing. */
	pairable(): string[] {
		return [...this.pictures.keys(), ...this.failures.keys()];
	}

	#picture(path: string): Picture {
		const failure = this.failures.get(path);
		if (failure) throw new AppError(failure.code, { ...failure.facts, path });
		const picture = this.pictures.get(path);
		if (!picture) throw unreadable('file', 'was not opened');
		return picture;
	}

	/** Throws the file's failure, with its path among the facts. */
	header(path: string): ImageHeader {
		return this.#picture(path).header;
	}

	/** The image's pixels. Rejects with the file's failure. */
	readImage(path: string): Promise<Raster> {
		return this.#decode(path, (format, bytes) => format.readImage(bytes, this.#tools));
	}

	/** The mask file's stored values. Rejects with the file's failure. */
	readLabels(path: string): Promise<StoredMask> {
		return this.#decode(path, (format, bytes) => format.readLabels(bytes, this.#tools));
	}

	async #decode<T>(path: string, read: (format: ImageFormat, bytes: Bytes) => Promise<T>): Promise<T> {
		const { file, format } = this.#picture(path);
		try {
			const bytes = await bytesOf(file);
			if (!format.match(bytes)) throw new AppError('dataset-changed', {});
			return await read(format, bytes);
		} catch (error) {
			if (error instanceof AppError) throw new AppError(error.code, { ...error.facts, path }, { cause: error });
			throw error;
		}
	}
}
