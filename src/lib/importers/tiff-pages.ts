/** The pages of a TIFF: which directories of its chain are pictures of their own. Source: TIFF 6.0, Adobe 1992, NewSubfileType. */
import { AppError } from '#lib/core/errors.ts';
import { type Bytes, type PageList, unreadable, unsupported } from './format.ts';
import { checkPages } from './limits.ts';
import { firstTiffDirectory, readTiffDirectory, type TiffDirectory } from './tiff-directory.ts';

const tags = { newSubfileType: 254, subfileType: 255, imageDescription: 270 } as const;

type Kind = 'picture' | 'thumbnail' | 'transparency mask';

interface Page {
	readonly at: number;
	readonly next: number;
	readonly kind: Kind;
	/** What its writer says about it; '' where it says nothing. */
	readonly description: string;
}

function kindOf(directory: TiffDirectory): Kind {
	const bits = directory.numbers(tags.newSubfileType)?.[0];
	if (bits === undefined) return directory.numbers(tags.subfileType)?.[0] === 2 ? 'thumbnail' : 'picture';
	if (Math.floor(bits / 4) % 2 === 1) return 'transparency mask';
	return bits % 2 === 1 ? 'thumbnail' : 'picture';
}

function readPage(bytes: Bytes, at: number): Page {
	const directory = readTiffDirectory(bytes, at);
	return { at, next: directory.next, kind: kindOf(directory), description: directory.text(tags.imageDescription, 2000) };
}

/** The chain of directories, up to the first that is damaged. Throws for a damaged first one, a loop, and too many. */
function readChain(bytes: Bytes): { readonly pages: readonly Page[]; readonly damagedAfter: number | null } {
	const pages = [readPage(bytes, firstTiffDirectory(bytes))];
	const seen = new Set(pages.map(({ at }) => at));
	for (let at = pages[0]?.next ?? 0; at !== 0; at = pages.at(-1)?.next ?? 0) {
		if (seen.has(at)) throw unreadable('TIFF', 'has a list of pages that leads back to itself');
		seen.add(at);
		checkPages('TIFF', seen.size);
		try {
			pages.push(readPage(bytes, at));
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			return { pages, damagedAfter: pages.length };
		}
	}
	return { pages, damagedAfter: null };
}

const countIn = (description: string, key: string): number => Number(new RegExp(`^${key}=(\\d+)`, 'mu').exec(description)?.[1] ?? 1);

/** Two programs' own ways to keep several pictures behind one directory are refused; ImageJ's channels are pages like any other. */
function writerNotes(description: string, pages: number): string[] {
	if (description.startsWith('{') && description.includes('"truncated": true'))
		throw unsupported('TIFF in which tifffile keeps several pictures behind one directory');
	if (!description.startsWith('ImageJ=')) return [];
	const images = countIn(description, 'images');
	if (images > pages)
		throw unsupported(`TIFF in which ImageJ keeps ${images} pictures behind ${pages === 1 ? 'one directory' : `${pages} directories`}`);
	const channels = countIn(description, 'channels');
	if (channels < 2 || pages < 2) return [];
	return [`ImageJ calls its pages ${channels} channels of the same pictures; each page is taken as an image of its own.`];
}

function skippedNotes(pages: readonly Page[]): string[] {
	return (['thumbnail', 'transparency mask'] as const).flatMap((kind) => {
		const count = pages.filter((page) => page.kind === kind).length;
		if (count === 0) return [];
		return [count === 1 ? `One of its pages is a ${kind} and is left out.` : `${count} of its pages are ${kind}s and are left out.`];
	});
}

/**
 * Directories that call themselves thumbnails or transparency masks are no pages, unless all do. Throws `image-unreadable` for a
 * chain that leads back to itself, `image-too-large` for too many pages and `format-unsupported` for pictures without directories.
 */
export function listTiffPages(bytes: Bytes): PageList {
	const { pages, damagedAfter } = readChain(bytes);
	const pictures = pages.filter(({ kind }) => kind === 'picture');
	const used = pictures.length > 0 ? pictures : pages;
	const notes = [...(used === pictures ? skippedNotes(pages) : []), ...writerNotes(pages[0]?.description ?? '', pages.length)];
	if (damagedAfter !== null) notes.push(`It is damaged behind page ${damagedAfter}; only the pages up to there are used.`);
	return { pages: used.map(({ at }) => at), notes };
}
