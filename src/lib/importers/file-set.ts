/** The opened files, each looked at once: what it is, whether it is whole, and how large its picture is. */
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import type { LabelMap, Raster } from '#lib/core/sample.ts';
import { type Decoder, LocalDecoder, type Picture } from './decoder.ts';
import type { PictureSize } from './descriptors/picture-names.ts';
import { type Bytes, type ImageFormat, type ImageHeader, type StoredMask, unreadable, unsupported } from './format.ts';
import { identify } from './identify.ts';
import { Kept } from './kept.ts';
import { describeMask, type LabelEncoding, labelMapOf, type MaskFacts } from './mask-values.ts';
import { cleanPath, type IgnoredFile, type ImportProblem, type OpenedFile, pictureExtension, systemFileReason } from './opened-file.ts';
import { type FilePart, partsOf, type PictureTile } from './part-files.ts';
import { cutTile } from './tiles.ts';
import { openZip } from './zip.ts';

/** Files larger than this are refused unread: no browser hands them over in one piece. */
const maxFileBytes = 2 ** 31 - 1;

/** A picture that is whole as far as its header and checksums say. */
interface FilePicture extends Picture {
	readonly file: OpenedFile;
	/** The part of it that is a picture of its own; null for all of it. */
	readonly tile: PictureTile | null;
}

export interface ScanProgress {
	readonly stage: 'files' | 'annotations' | 'masks' | 'labels';
	readonly done: number;
	readonly total: number;
}

export interface ScanOptions {
	/** Reads the pictures; without one they are read in this thread, and photos are refused. */
	readonly decoder?: Decoder | undefined;
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
	readonly pictures = new Map<string, FilePicture>();
	/** The paths of the pictures of each file that holds several, in order. */
	readonly #stacks = new Map<string, readonly string[]>();
	/** What is wrong with a file that takes part in pairing all the same, so that its partner is not left alone without a word. */
	readonly failures = new Map<string, AppError>();
	/** Failures of files that are neither image nor mask. */
	readonly problems: ImportProblem[] = [];
	readonly ignored: IgnoredFile[] = [];
	/** Text files by path: they may describe the pictures. */
	readonly texts = new Map<string, OpenedFile>();
	/** Remarks on archives, and on files of several pages or tiles, as sentences. */
	readonly notes: string[] = [];
	readonly #decoder: Decoder;
	/** Every path that was seen, files and their pages. */
	readonly #seen = new Set<string>();
	// An image's and its mask's. Blobs, because each page's reader gets the bytes for itself.
	readonly #keptFiles = new Kept<Blob>(2);
	// With these two at most one image and one mask that are cut into tiles are in memory whole.
	readonly #keptImages = new Kept<Raster>(1);
	readonly #keptLabels = new Kept<StoredMask>(1);
	/** The files on which there is one remark. */
	readonly #remarks = new Map<string, string[]>();

	private constructor(decoder: Decoder) {
		this.#decoder = decoder;
	}

	/** Opens archives and looks at every file. Rejects only with `cancelled`. */
	static async read(files: readonly OpenedFile[], options: ScanOptions): Promise<FileSet> {
		const set = new FileSet(options.decoder ?? new LocalDecoder());
		const waiting = files.map((file) => ({ file, nested: false }));
		for (let done = 0; done < waiting.length; done++) {
			throwIfCancelled(options.signal);
			const { file, nested } = waiting[done]!;
			const path = cleanPath(file.path) || 'unnamed';
			const isSecond = set.#seen.has(path);
			set.#seen.add(path);
			if (isSecond) set.ignored.push({ path, reason: 'Another file of the same path was opened.' });
			else
				waiting.push(
					...(await set.#look({ ...file, path, bytes: () => file.bytes() }, nested, options)).map((entry) => ({
						file: entry,
						nested: true,
					})),
				);
			options.onProgress?.({ stage: 'files', done: done + 1, total: waiting.length });
		}
		set.#sayRemarks();
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
				await this.#addPictures(file, identity.format, bytes);
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

	async #addPictures(file: OpenedFile, format: ImageFormat, bytes: Bytes): Promise<void> {
		try {
			const { pictures, notes } = await this.#decoder.describe(format, bytes);
			const { parts, notes: cuts } = partsOf(file.path, pictures);
			for (const note of [...notes, ...cuts]) this.#remark(note, file.path);
			this.#addParts(pictures.length > 1 ? this.#kept(file) : file, format, parts);
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			this.#fail(file.path, error, true);
		}
	}

	#addParts(file: OpenedFile, format: ImageFormat, parts: readonly FilePart[]): void {
		const [first] = parts;
		if (first && parts.length === 1) return this.#addPart(file, format, first);
		if (parts.some(({ path }) => this.#seen.has(path))) throw unreadable(format.name, 'has pages that are called like other opened files');
		this.#stacks.set(
			file.path,
			parts.map(({ path }) => path),
		);
		for (const part of parts) {
			this.#seen.add(part.path);
			this.#addPart(file, format, part);
		}
	}

	/** The same file, not read anew from its archive for each of its pages. */
	#kept(file: OpenedFile): OpenedFile {
		const blob = (): Promise<Blob> => this.#keptFiles.read(file.path, async () => file.blob ?? new Blob([await file.bytes()]));
		return { ...file, bytes: async () => new Uint8Array(await (await blob()).arrayBuffer()) };
	}

	#addPart(file: OpenedFile, format: ImageFormat, { path, picture: { header, page, failure }, tile }: FilePart): void {
		if (header) this.pictures.set(path, { file, format, header, page, tile });
		else if (failure) this.#fail(path, new AppError(failure.code, failure.facts), true);
	}

	#remark(note: string, path: string): void {
		const paths = this.#remarks.get(note);
		if (paths) paths.push(path);
		else this.#remarks.set(note, [path]);
	}

	#sayRemarks(): void {
		for (const [note, [first = '', ...others]] of this.#remarks)
			this.notes.push(`“${first}”${others.length === 0 ? '' : ` and ${others.length} more`}: ${note}`);
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

	/** Paths of files that take part in pairing; one of several pages is one file. */
	pairable(): string[] {
		const pages = new Set([...this.#stacks.values()].flat());
		return [...[...this.pictures.keys(), ...this.failures.keys()].filter((path) => !pages.has(path)), ...this.#stacks.keys()];
	}

	/** The paths of a file's pictures, in order: its own where there is one; null when it could not be read. */
	pagesOf(path: string): readonly string[] | null {
		return this.#stacks.get(path) ?? (this.failures.has(path) ? null : [path]);
	}

	/** The size of a picture, or of the first page of a file that holds several; null when it could not be read. */
	sizeOf(path: string): PictureSize {
		return this.pictures.get(this.#stacks.get(path)?.[0] ?? path)?.header ?? null;
	}

	#picture(path: string): FilePicture {
		const failure = this.failures.get(path);
		if (failure) throw new AppError(failure.code, { ...failure.facts, path });
		const picture = this.pictures.get(path);
		if (!picture) throw unreadable('file', 'was not opened');
		return picture;
	}

	/** Throws the file's failure, with its path among the facts. */
	header(path: string): ImageHeader {
		const { header, tile } = this.#picture(path);
		return tile ? { ...header, width: tile.area.width, height: tile.area.height } : header;
	}

	/** The path of the picture that this one is a tile of; undefined for a whole one. */
	tileOf(path: string): string | undefined {
		return this.pictures.get(path)?.tile?.of;
	}

	/** The image's pixels. Rejects with the file's failure. */
	readImage(path: string): Promise<Raster> {
		return this.#part(path, this.#keptImages, (picture, bytes) => this.#decoder.readImage(picture, bytes));
	}

	/** The mask file's stored values. Rejects with the file's failure. */
	readLabels(path: string): Promise<StoredMask> {
		return this.#part(path, this.#keptLabels, (picture, bytes) => this.#decoder.readLabels(picture, bytes));
	}

	/** What the mask file holds. Rejects with the file's failure. */
	async describeMask(path: string): Promise<MaskFacts> {
		if (this.#picture(path).tile) return describeMask(await this.readLabels(path));
		return this.#decode(path, (picture, bytes) => this.#decoder.describeMask(picture, bytes));
	}

	/** The mask file's label map. Rejects with the file's failure. */
	async readLabelMap(path: string, encoding: LabelEncoding): Promise<LabelMap> {
		if (this.#picture(path).tile) return labelMapOf(await this.readLabels(path), encoding);
		return this.#decode(path, (picture, bytes) => this.#decoder.readLabelMap(picture, bytes, encoding));
	}

	/** A tile is cut from its picture, which is decoded once for all of them. */
	async #part<T extends Raster | StoredMask>(
		path: string,
		kept: Kept<T>,
		read: (picture: Picture, bytes: Bytes) => Promise<T>,
	): Promise<T> {
		const { tile } = this.#picture(path);
		if (!tile) return this.#decode(path, read);
		return cutTile(await kept.read(tile.of, () => this.#decode(path, read)), tile.area);
	}

	async #decode<T>(path: string, read: (picture: Picture, bytes: Bytes) => Promise<T>): Promise<T> {
		const picture = this.#picture(path);
		try {
			const bytes = await bytesOf(picture.file);
			if (!picture.format.match(bytes)) throw new AppError('dataset-changed', {});
			return await read(picture, bytes);
		} catch (error) {
			if (error instanceof AppError) throw new AppError(error.code, { ...error.facts, path }, { cause: error });
			throw error;
		}
	}
}
