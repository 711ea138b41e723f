/** Reads every file of the shared corpora with the code of the app, in Node. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import { jpeg } from '#lib/importers/jpeg.ts';
import { cleanPath } from '#lib/importers/opened-file.ts';
import {
	acceptedThoughPythonFails,
	archiveContents,
	corpusFacts,
	corpusFile,
	hasCorpora,
	openAll,
	type Outcome,
	pngOutcome,
	refusedThoughPythonOpens,
	tiffOutcome,
	type ZipFacts,
} from '#lib/importers/testing/corpora.ts';

export interface FileOutcome {
	readonly kind: 'png' | 'tiff' | 'zip' | 'jpeg' | 'tifffile';
	readonly name: string;
	/** `header`: only the header is read here. */
	readonly verdict: Outcome['verdict'] | 'header';
	readonly detail: string;
	/** True where the reader of reference fails. */
	readonly damaged: boolean;
	/** True where our verdict is another one than the reference's on purpose, as `testing/corpora.ts` explains. */
	readonly intended: boolean;
	/** Names of entries that could leave the place where they are written. */
	readonly unsafeNames: number;
}

const plain = { damaged: false, intended: false, unsafeNames: 0 } as const;

async function pngs(): Promise<FileOutcome[]> {
	const outcomes: FileOutcome[] = [];
	for (const [name, facts] of Object.entries(corpusFacts('png')))
		outcomes.push({ ...plain, kind: 'png', name, ...(await pngOutcome(corpusFile('png', name), facts)) });
	return outcomes;
}

async function tiffs(): Promise<FileOutcome[]> {
	const outcomes: FileOutcome[] = [];
	for (const [name, facts] of Object.entries(corpusFacts('tiff')))
		outcomes.push({ ...plain, kind: 'tiff', name, damaged: !facts.decodes, ...(await tiffOutcome(corpusFile('tiff', name), facts)) });
	return outcomes;
}

/** The files that `tiff_grid.py` wrote into a folder. */
export async function runTiffGrid(folder: string): Promise<FileOutcome[]> {
	const hashes = v.parse(v.record(v.string(), v.string()), JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
	const outcomes: FileOutcome[] = [];
	for (const [name, hash] of Object.entries(hashes)) {
		const facts = { decodes: true, sha256OfFloat64LeSamplesChannelsLast: hash };
		outcomes.push({ ...plain, kind: 'tifffile', name, ...(await tiffOutcome(new Uint8Array(readFileSync(join(folder, name))), facts)) });
	}
	return outcomes;
}

/** True for a path that is not the same after its unsafe parts are taken out. */
const isUnsafe = (path: string): boolean => cleanPath(path) !== path;

async function archive(name: string, facts: ZipFacts): Promise<FileOutcome> {
	const damaged = !facts.opens || facts.bomb === true;
	const intended = acceptedThoughPythonFails.includes(name) || refusedThoughPythonOpens.includes(name);
	const whole = { kind: 'zip', name, damaged, intended, unsafeNames: 0 } as const;
	try {
		const opened = await openAll(corpusFile('zip', name));
		const unsafeNames = [...opened.contents.keys()].filter(isUnsafe).length;
		const { found, wanted } = archiveContents(name, opened, facts);
		if (!damaged && found.join('\n') === wanted.join('\n')) return { ...whole, unsafeNames, verdict: 'exact', detail: '' };
		const [complaint] = opened.complaints;
		if (complaint === undefined) return { ...whole, unsafeNames, verdict: 'different', detail: '' };
		const code = /^zip-[a-z-]+/u.exec(complaint)?.[0] ?? 'opened with a note that it is not well formed';
		return { ...whole, unsafeNames, verdict: 'refused', detail: code };
	} catch (error) {
		return { ...whole, verdict: 'crashed', detail: String(error) };
	}
}

/** Pixels of photos are decoded by the browser, and compared there by `photo.browser.test.ts`. */
function photo(name: string): FileOutcome {
	try {
		jpeg.readHeader(corpusFile('jpeg', name));
		return { ...plain, kind: 'jpeg', name, verdict: 'header', detail: '' };
	} catch (error) {
		const verdict = error instanceof AppError ? 'refused' : 'crashed';
		return { ...plain, kind: 'jpeg', name, verdict, detail: String(error) };
	}
}

export { hasCorpora };

/** Every file of the corpora. */
export async function runCorpora(): Promise<FileOutcome[]> {
	const archives: FileOutcome[] = [];
	for (const [name, facts] of Object.entries(corpusFacts('zip'))) archives.push(await archive(name, facts));
	const folder = join(process.env['OVERLAP_SHARED'] ?? '../shared', 'corpora', 'jpeg');
	return [
		...(await pngs()),
		...(await tiffs()),
		...archives,
		...readdirSync(folder)
			.filter((name) => name.endsWith('.jpg'))
			.map(photo),
	];
}
