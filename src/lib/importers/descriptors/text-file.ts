/** Text files: decoded once, parsed once, kept only while they are looked at. */
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import type { OpenedFile } from '../opened-file.ts';

/** Larger annotation files are refused: JavaScript texts end at about 512 million characters, and parsing takes several times the size. */
const maxTextBytes = 256 * 2 ** 20;

/** A text file whose content is in memory. */
export interface TextFile {
	readonly path: string;
	/** The first 4,096 characters. */
	readonly start: string;
	readonly text: string;
	/** Parsed as JSON, the same value each time. Throws `description-unreadable`. */
	json(): unknown;
}

const startLength = 4096;

const refusal = (path: string, format: string, reason: string, options?: ErrorOptions): AppError =>
	new AppError('description-unreadable', { format, path, entry: 'The file', reason }, options);

/** UTF-8, or UTF-16 with a byte order mark. Throws `description-unreadable` for anything else. */
export function decodeText(path: string, bytes: Uint8Array): string {
	const [first, second] = bytes;
	const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch (cause) {
		throw refusal(path, 'text', `holds bytes that are no ${encoding.toUpperCase()} text`, { cause });
	}
}

function parseJson(path: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		const message = cause instanceof Error ? ` (${cause.message.replace(/\s+/gu, ' ').slice(0, 160)})` : '';
		throw refusal(path, 'JSON', `is no valid JSON${message}`, { cause });
	}
}

/** A text that is in memory already. */
export function textFile(path: string, text: string): TextFile {
	let parsed: { readonly value: unknown } | null = null;
	return {
		path,
		start: text.slice(0, startLength),
		text,
		json() {
			parsed ??= { value: parseJson(path, text) };
			return parsed.value;
		},
	};
}

/** Reads a text file. Rejects with `description-unreadable`. */
async function readTextFile({ path, bytes }: Pick<OpenedFile, 'path' | 'bytes'>): Promise<TextFile> {
	const content = await bytes();
	if (content.length > maxTextBytes) {
		throw refusal(
			path,
			'text',
			`has ${Math.ceil(content.length / 2 ** 20)} MB; at most ${maxTextBytes / 2 ** 20} MB are read. Split it by images`,
		);
	}
	return textFile(path, decodeText(path, content));
}

/** Files up to this size stay in memory for the next reader: lists of class names are looked at for every image. */
const keptBytes = 262_144;
const keptFiles = 64;

/** All opened text files. */
export class TextFiles {
	readonly #files: ReadonlyMap<string, OpenedFile>;
	readonly #folders = new Map<string, string[]>();
	/** Paths that a reader looks for in every folder, by pattern and folder. */
	readonly #searched = new Map<string, readonly string[]>();
	/** The latest small files, the oldest first. */
	readonly #kept = new Map<string, Promise<TextFile>>();

	constructor(files: ReadonlyMap<string, OpenedFile>) {
		this.#files = files;
		for (const path of files.keys()) {
			const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
			const list = this.#folders.get(folder);
			if (list) list.push(path);
			else this.#folders.set(folder, [path]);
		}
	}

	/** Text files of a kind in the file's own folder and those above it, the nearest first. */
	above(path: string, pattern: RegExp): string[] {
		const parts = path.split('/').slice(0, -1);
		const folders = Array.from({ length: parts.length + 1 }, (_, up) => parts.slice(0, parts.length - up).join('/'));
		return folders.flatMap((folder) => this.#inFolder(folder, pattern));
	}

	#inFolder(folder: string, pattern: RegExp): readonly string[] {
		const key = `${pattern.source} ${folder}`;
		const known = this.#searched.get(key) ?? (this.#folders.get(folder) ?? []).filter((path) => pattern.test(path));
		this.#searched.set(key, known);
		return known;
	}

	/** Rejects with `description-unreadable`, or as the file itself does. */
	async read(path: string): Promise<TextFile> {
		const file = this.#files.get(path);
		if (!file) throw new RangeError(`no text file is at ${path}`);
		const kept = this.#kept.get(path);
		if (kept) return kept;
		const reading = readTextFile({ path, bytes: () => file.bytes() });
		const content = await reading;
		if (content.text.length <= keptBytes) {
			this.#kept.set(path, reading);
			const [oldest] = this.#kept.keys();
			if (this.#kept.size > keptFiles && oldest !== undefined) this.#kept.delete(oldest);
		}
		return content;
	}
}

/** The value in the shape of `schema`, or null. */
export function asShape<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> | null {
	const result = v.safeParse(schema, value);
	return result.success ? result.output : null;
}

/** Why a value is not in the shape of `schema`, with the place inside it; null when it is. */
export function whyNot(schema: v.GenericSchema, value: unknown): string | null {
	const result = v.safeParse(schema, value);
	if (result.success) return null;
	const [issue] = result.issues;
	const where = v.getDotPath(issue);
	return `${where === null ? '' : `has a “${where}” that `}is not as expected (${issue.message.replace(/\.$/u, '')})`;
}

/** An array of finite numbers, checked by hand: annotation files hold millions of them. */
export const numberList = v.custom<number[]>(
	(value) => Array.isArray(value) && value.every((entry) => typeof entry === 'number' && Number.isFinite(entry)),
	'Expected a list of numbers',
);
