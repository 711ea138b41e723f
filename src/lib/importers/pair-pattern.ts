/** Pairs by a pattern that the person wrote: `images/{name}.jpg` and `{name}_mask.png`. */
import type { Pair, Pairing } from './pair.ts';

/** `{name}` stands for what an image and its masks have in common, `*` for anything; neither for `/`. */
export interface PairPattern {
	readonly image: string;
	readonly mask: string;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');

/** Why a pattern cannot be used, as a sentence; null when it can. */
export function patternProblem(pattern: PairPattern): string | null {
	for (const [what, text] of [
		['image', pattern.image],
		['mask', pattern.mask],
	] as const) {
		const names = text.split('{name}').length - 1;
		if (names !== 1) return `The pattern for the ${what} needs “{name}” once.`;
		if (/[{}]/u.test(text.replace('{name}', ''))) return `The pattern for the ${what} has braces other than “{name}”.`;
	}
	return comparable(pattern.image) === comparable(pattern.mask) ? 'Both patterns are the same.' : null;
}

function comparable(text: string): string {
	return text
		.trim()
		.normalize('NFC')
		.toLowerCase()
		.replaceAll('\\', '/')
		.replace(/^\.?\/+/u, '');
}

/** Matches the end of a path, from a `/` on; an extension that the pattern leaves out may be any. */
function compiled(pattern: string): RegExp {
	const text = comparable(pattern);
	const body = text
		.split(/(\{name\}|\*)/u)
		.map((part) => (part === '{name}' ? '([^/]+?)' : part === '*' ? '[^/]*?' : escaped(part)))
		.join('');
	const anyExtension = /\.\w{2,4}$/u.test(text) ? '' : String.raw`\.[^./]+`;
	return new RegExp(`(?:^|/)${body}${anyExtension}$`, 'u');
}

interface Named {
	readonly path: string;
	readonly name: string;
}

function named(paths: readonly string[], pattern: string): Named[] {
	const expression = compiled(pattern);
	return paths.flatMap((path) => {
		const name = expression.exec(comparable(path))?.[1];
		return name === undefined ? [] : [{ path, name }];
	});
}

/** Parts that two paths share from their start. */
function sharedParts(a: string, b: string): number {
	const [first, second] = [a.split('/'), b.split('/')];
	const end = first.findIndex((part, index) => part !== second[index]);
	return end < 0 ? first.length : end;
}

/** The image of that name that lies nearest; null where two are as near. */
function nearest(candidates: readonly Named[], maskPath: string): Named | null {
	const sorted = [...candidates].sort((a, b) => sharedParts(b.path, maskPath) - sharedParts(a.path, maskPath));
	const [best, second] = sorted;
	if (!best) return null;
	return second && sharedParts(second.path, maskPath) === sharedParts(best.path, maskPath) ? null : best;
}

/** Pairs by the pattern and by nothing else. Several masks of one image are united. */
export function pairByPattern(paths: readonly string[], pattern: PairPattern): Pairing {
	const masks = named([...paths].sort(), pattern.mask);
	const maskPaths = new Set(masks.map(({ path }) => path));
	const images = named(
		paths.filter((path) => !maskPaths.has(path)),
		pattern.image,
	);
	const imagesByName = new Map<string, Named[]>();
	for (const image of images) imagesByName.set(image.name, [...(imagesByName.get(image.name) ?? []), image]);
	const parts = new Map<string, string[]>();
	for (const mask of masks) {
		const image = nearest(imagesByName.get(mask.name) ?? [], mask.path);
		if (image) parts.set(image.path, [...(parts.get(image.path) ?? []), mask.path]);
	}
	const rule = `Your pattern “${pattern.mask}”.`;
	const pairs = [...parts].map(([imagePath, list]): Pair => ({
		imagePath,
		maskPaths: list,
		regionPath: null,
		rule,
		confidence: 'sure',
		warnings: [],
	}));
	const used = new Set(pairs.flatMap((pair) => [pair.imagePath, ...pair.maskPaths]));
	const free = (path: string): boolean => !used.has(path);
	return {
		pairs: pairs.sort((a, b) => (a.imagePath < b.imagePath ? -1 : 1)),
		unmatchedImages: paths.filter((path) => free(path) && !maskPaths.has(path)).map((path) => ({ path })),
		unmatchedMasks: [...maskPaths].filter(free).map((path) => ({ path })),
		setAside: [],
		questions: [],
	};
}
