/** Finds opened pictures by the names that annotation files use for them: other folders, other case, `\`, `%20`, other extensions. */
import type { ImageHeader } from '../format.ts';

/** What is known of a picture before it is decoded: its size upright; null when it could not be read. */
export type PictureSize = Pick<ImageHeader, 'width' | 'height'> | null;

export type Found =
	| { readonly kind: 'one'; readonly path: string }
	| { readonly kind: 'none' }
	/** Several fit equally well. */
	| { readonly kind: 'several'; readonly paths: readonly string[] };

/** `%20` → space; a text that is no such code stays. */
function urlDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Folders and name, lower case, composed Unicode, last part first. */
function partsOf(name: string): string[] {
	return urlDecoded(name.replace(/^[a-z]+:\/\//iu, '').replace(/[?#].*$/u, (tail) => (/\.\w+$/u.test(tail) ? tail : '')))
		.normalize('NFC')
		.toLowerCase()
		.replaceAll('\\', '/')
		.split('/')
		.map((part) => part.trim())
		.filter((part) => part !== '' && part !== '.' && part !== '..')
		.reverse();
}

const pictureExtension = /\.(?:png|jpe?g|jfif|gif|bmp|dib|webp|tiff?|npy|ppm|pgm)$/iu;

/** A file name without the extension of a picture; other dots belong to the name. */
export function stemOf(name: string): string {
	return name.replace(pictureExtension, '');
}

/** How many parts two reversed paths share from their start. */
function shared(a: readonly string[], b: readonly string[]): number {
	let count = 0;
	while (count < a.length && count < b.length && a[count] === b[count]) count++;
	return count;
}

interface Entry {
	readonly path: string;
	readonly parts: readonly string[];
}

function grouped(entries: readonly Entry[], key: (entry: Entry) => string): Map<string, Entry[]> {
	const groups = new Map<string, Entry[]>();
	for (const entry of entries) {
		const group = groups.get(key(entry));
		if (group) group.push(entry);
		else groups.set(key(entry), [entry]);
	}
	return groups;
}

/** All opened pictures by name. */
export class PictureNames {
	/** In the order in which they were given. */
	readonly paths: readonly string[];
	readonly #byName: ReadonlyMap<string, Entry[]>;
	readonly #byStem: ReadonlyMap<string, Entry[]>;
	readonly #sizeOf: (path: string) => PictureSize;

	constructor(paths: readonly string[], sizeOf: (path: string) => PictureSize) {
		this.paths = paths;
		const entries = paths.map((path): Entry => ({ path, parts: partsOf(path) }));
		this.#byName = grouped(entries, ({ parts }) => parts[0] ?? '');
		this.#byStem = grouped(entries, ({ parts }) => stemOf(parts[0] ?? ''));
		this.#sizeOf = sizeOf;
	}

	/** The upright size; null when the picture is damaged. */
	size(path: string): PictureSize {
		return this.#sizeOf(path);
	}

	/**
	 * The picture that `name` means in the annotation file at `near`. The extension may differ. Among pictures of one name the one
	 * wins whose folders agree most with those in `name`, then the one that lies nearest to the annotation file.
	 */
	find(name: string, near: string, accept: (path: string) => boolean = () => true): Found {
		const wanted = partsOf(name);
		const fileName = wanted[0] ?? '';
		const exact = (this.#byName.get(fileName) ?? []).filter(({ path }) => accept(path));
		const candidates = exact.length > 0 ? exact : (this.#byStem.get(stemOf(fileName)) ?? []).filter(({ path }) => accept(path));
		if (candidates.length === 0) return { kind: 'none' };
		const nearParts = [...partsOf(near)].reverse();
		const score = ({ parts }: Entry): number => {
			const inName = shared(parts.slice(1), wanted.slice(1));
			return inName * 1000 + shared([...parts].reverse(), nearParts);
		};
		const best = Math.max(...candidates.map(score));
		const winners = candidates.filter((candidate) => score(candidate) === best);
		const [winner, ...others] = winners;
		if (winner === undefined) return { kind: 'none' };
		return others.length === 0 ? { kind: 'one', path: winner.path } : { kind: 'several', paths: winners.map(({ path }) => path) };
	}
}
