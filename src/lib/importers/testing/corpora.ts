/** The shared corpora of files that break decoders: what each file must give, and what it gives here. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#lib/core/errors.ts';
import type { Bytes } from '../format.ts';
import { cleanPath } from '../opened-file.ts';
import { decodePng } from '../png.ts';
import { readTiffLayout } from '../tiff-layout.ts';
import { readTiffSamples } from '../tiff.ts';
import { openZip } from '../zip.ts';

const folder = join(process.env.OVERLAP_SHARED ?? '../shared', 'corpora');

export const hasCorpora = existsSync(folder);

export interface PngFacts {
	readonly width: number;
	readonly height: number;
	readonly bitDepth: number;
	readonly colorType: number;
	readonly interlaced: boolean;
	readonly channels: number;
	readonly sha256OfUint16LeSamples: string;
}

export interface TiffFacts {
	readonly decodes: boolean;
	readonly sha256OfFloat64LeSamplesChannelsLast?: string;
}

export interface ZipFacts {
	readonly opens: boolean;
	readonly bomb?: boolean;
	readonly entries?: Readonly<Record<string, { readonly size: number; readonly sha256: string }>>;
}

interface AllFacts {
	readonly png: PngFacts;
	readonly tiff: TiffFacts;
	readonly zip: ZipFacts;
}

/** What is known of every file of a corpus, by name; nothing where the corpora are missing. */
export function corpusFacts<Kind extends keyof AllFacts>(kind: Kind): Record<string, AllFacts[Kind]> {
	return hasCorpora ? JSON.parse(readFileSync(join(folder, kind, 'expected.json'), 'utf8')) : {};
}

export function corpusFile(kind: keyof AllFacts | 'jpeg', name: string): Bytes {
	return new Uint8Array(readFileSync(join(folder, kind, name)));
}

/** What became of a file. `refused`: with an AppError, whose words are the detail. `crashed`: any other failure. */
export interface Outcome {
	readonly verdict: 'exact' | 'different' | 'refused' | 'crashed';
	readonly detail: string;
}

const hashOf = (data: ArrayBufferView<ArrayBuffer>): string =>
	createHash('sha256')
		.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
		.digest('hex');

/** The refusal in words without the names of files. */
function wordsOf({ code, facts }: AppError): string {
	if (code === 'format-unsupported') return String(facts['format']);
	return code === 'image-unreadable' ? `${facts['format']} ${facts['reason']}` : code;
}

async function outcomeOf(isExact: () => boolean | Promise<boolean>): Promise<Outcome> {
	try {
		return { verdict: (await isExact()) ? 'exact' : 'different', detail: '' };
	} catch (error) {
		return error instanceof AppError ? { verdict: 'refused', detail: wordsOf(error) } : { verdict: 'crashed', detail: String(error) };
	}
}

export const pngOutcome = (bytes: Bytes, facts: PngFacts): Promise<Outcome> =>
	outcomeOf(() => hashOf(Uint16Array.from(decodePng(bytes).samples)) === facts.sha256OfUint16LeSamples);

/** A file that no reader of reference decodes is `different` when it is read here. */
export const tiffOutcome = (bytes: Bytes, facts: TiffFacts): Promise<Outcome> =>
	outcomeOf(
		() => hashOf(Float64Array.from(readTiffSamples(bytes, readTiffLayout(bytes)))) === (facts.sha256OfFloat64LeSamplesChannelsLast ?? ''),
	);

export interface OpenedArchive {
	/** Everything that was found wrong; empty when the archive was accepted without a word. */
	readonly complaints: readonly string[];
	readonly contents: ReadonlyMap<string, Uint8Array>;
	/** Entries left out with a reason, for instance because they bear a system file's name. */
	readonly ignored: readonly string[];
}

/** Opens an archive and reads every file in it. Throws what is no AppError. */
export async function openAll(bytes: Bytes, maxTotalBytes = 2 ** 26): Promise<OpenedArchive> {
	const contents = new Map<string, Uint8Array>();
	const complaints: string[] = [];
	const ignored: string[] = [];
	const complain = (error: unknown): void => {
		if (!(error instanceof AppError)) throw error;
		complaints.push(error.message);
	};
	try {
		const opened = await openZip('a.zip', bytes, { limits: { maxEntries: 20_000, maxTotalBytes } });
		ignored.push(...opened.ignored.map((entry) => entry.path));
		complaints.push(...opened.problems.map((problem) => `${problem.code} ${problem.facts['reason']}`), ...opened.notes);
		for (const file of opened.files) await file.bytes().then((data) => contents.set(file.path, data), complain);
	} catch (error) {
		complain(error);
	}
	return { complaints, contents, ignored };
}

/** Accepted on purpose: the entry is whole, and only a third, empty copy of its Unicode name is wrong. */
export const acceptedThoughPythonFails: readonly string[] = ['unicode-path-extra-field.zip'];

/** Refused on purpose though Python opens them: their two headers contradict each other, or parts are elsewhere. */
export const refusedThoughPythonOpens: readonly string[] = [
	'incons-local-compression-method.zip',
	'incons-central-size-larger.zip',
	'incons-central-compsize-larger-toolarge.zip',
	'incons-file-count-high.zip',
	'incons-local-compsize-smaller.zip',
	'multi-disk zip files are not supported found disk number 1.zip',
	'multidisk.zip',
	'compressed uncompressed size mismatch for stored file 2147483647 5.zip',
];

/** Names made of every byte of a code page; control characters are taken out of ours. */
const namedDifferently: readonly string[] = ['test-cp437-comment-utf-8.zip'];

/** Name and SHA-256 of every file that was read, and of every file that the archive holds; names only where they must agree. */
export function archiveContents(name: string, { contents }: OpenedArchive, facts: ZipFacts): { found: string[]; wanted: string[] } {
	const nameOf = (path: string): string => (namedDifferently.includes(name) ? '' : path);
	const found = [...contents].map(([path, data]) => `${nameOf(path)} ${createHash('sha256').update(data).digest('hex')}`);
	const wanted = Object.entries(facts.entries ?? {}).map(([path, { sha256 }]) => `${nameOf(`a.zip/${cleanPath(path)}`)} ${sha256}`);
	return { found: found.sort(), wanted: wanted.sort() };
}
