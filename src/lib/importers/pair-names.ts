/** What file and folder names say about images and masks. All comparisons ignore case and use composed Unicode. */
import { lastPart } from '#lib/core/paths.ts';

export type Role = 'image' | 'mask' | 'none';

/** A word that marks a mask's name, taken off. */
export interface Affix {
	/** The name without it. */
	readonly core: string;
	/** With its separator, for instance `_mask`; '' when nothing was taken off. */
	readonly text: string;
	/** A weak one (`_L`) counts only beside a file that has the name without it. */
	readonly weak: boolean;
	/** The number behind it with its separator, for instance `_2` of `x_mask_2`; '' without one. */
	readonly part: string;
}

/** A path taken apart for pairing. */
export interface ParsedPath {
	readonly path: string;
	/** All folders as one text, lower case. */
	readonly folder: string;
	/** The last folder as written, for sentences. */
	readonly folderName: string;
	readonly role: Role;
	/** The folder that gave the role, lower case; '' without one. */
	readonly roleFolder: string;
	/** Folders without the words for roles: an image and its mask share it. */
	readonly key: string;
	/** The same without split names (train, test) and without leftovers of role folders. */
	readonly looseKey: string;
	/** File name without extension, lower case. */
	readonly stem: string;
	/** Lower case, without the dot. */
	readonly extension: string;
	readonly affix: Affix | null;
	/** The stem without a word that marks images (`_image`, `_training`). */
	readonly imageCore: string;
}

const imageWords =
	'image images img imgs imagestr imagests input inputs raw rgb frames frame slices jpegimages original originals sat leftimg8bit photos photo x'.split(
		' ',
	);
const maskWords =
	'mask masks label labels labelstr gt groundtruth annotation annotations annot annots anno seg segs segmentation segmentations segmentationclass segmentationclasspng target targets manual manual1 map maps trimap trimaps gtfine semantic y'.split(
		' ',
	);
const splitWords = 'train training val valid validation test testing dev'.split(' ');

/** Endings that mark a mask folder without a separator: `trainannot`, `trainmasks`. */
const gluedMaskWord = /^(.+?)(annot|masks?|labels?|annotations?)$/u;

interface FolderWords {
	readonly role: Role;
	/** What is left of the folder's name without the words for roles. */
	readonly rest: string;
}

function folderWords(folder: string): FolderWords {
	const joined = folder.replace(/[^\p{L}\p{N}]/gu, '');
	if (maskWords.includes(joined)) return { role: 'mask', rest: '' };
	if (imageWords.includes(joined)) return { role: 'image', rest: '' };
	const words = folder
		.replace(/\.zip$/u, '')
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean);
	const role = words.some((word) => maskWords.includes(word)) ? 'mask' : words.some((word) => imageWords.includes(word)) ? 'image' : 'none';
	const rest = words.filter((word) => !maskWords.includes(word) && !imageWords.includes(word)).join(' ');
	const glued = role === 'none' && words.length === 1 ? gluedMaskWord.exec(words[0] ?? '') : null;
	return glued ? { role: 'mask', rest: glued[1] ?? '' } : { role, rest };
}

/** Suffixes that mark masks, the longest first. The order inside a family is the order of preference. */
const strongSuffix =
	/[_\-. ]((?:gtfine_)?(?:labelids|labeltrainids|color|instanceids)|1stho|2ndho|manual\d?|masks?|labels?|lbl|gt|ground_?truth|seg|segmentation|anno|annot|annotation|target|binary|ah|vk)$/u;
const gluedSuffix = /(?<=\d)(mask|label|seg)$/u;
const strongPrefix = /^(?:masks?|labels?|lbl|gt|seg|annotation)(?:[_\-. ]|(?=\d))/u;
const weakSuffix = /[_\-. ][lp]$/u;
const imageSuffix = /[_\-. ](?:images?|img|sat|training|test|leftimg8bit|rgb|raw|input|orig|original|volume|stack|h|0000)$/u;
const imagePrefix = /^(?:images?|img|sat|raw|input|frame)(?:[_\-. ]|(?=\d))/u;

/** Files that belong to an image but are neither image nor mask: [ending of the stem, what they are]. */
const byProducts: readonly (readonly [ending: RegExp, name: string])[] = [
	[/_superpixels$/u, 'A map of superpixels, no mask.'],
	[/_flows$/u, 'A map of flows, no mask.'],
	[/_(?:cp_)?outlines?$/u, 'Outlines, no mask.'],
];

/** Folders of such files: [a folder, what they are]. */
const byProductFolders: readonly (readonly [folder: RegExp, name: string])[] = [
	[/(?:^|\/)segmentationobject(?:png)?(?:\/|$)/u, 'Object numbers of Pascal VOC; the folder “SegmentationClass” holds the classes.'],
	[/(?:^|\/)segmentation(?:class|object)visualization(?:\/|$)/u, 'A picture of the annotations, no mask.'],
];

/** Why a file is a by-product of labelling, or null. */
export function byProductReason({ stem, folder }: Pick<ParsedPath, 'stem' | 'folder'>): string | null {
	const byName = byProducts.find(([ending]) => ending.test(stem));
	return (byName ?? byProductFolders.find(([pattern]) => pattern.test(folder)))?.[1] ?? null;
}

/** A mask word and a number: one object of several, or the number of the image. */
const numberedSuffix = /([_\-. ](?:masks?|labels?|lbl|gt|seg|segmentation|anno|annotation|target))([_\-. ]?\d+)$/u;

function maskAffix(stem: string): Affix | null {
	const numbered = numberedSuffix.exec(stem);
	if (numbered && numbered.index > 0) {
		const [whole, text = '', part = ''] = numbered;
		return { core: stem.slice(0, -whole.length), text, weak: true, part };
	}
	for (const pattern of [strongSuffix, gluedSuffix, strongPrefix, weakSuffix]) {
		const found = pattern.exec(stem)?.[0];
		if (found !== undefined && found.length < stem.length) {
			const core = pattern === strongPrefix ? stem.slice(found.length) : stem.slice(0, -found.length);
			return { core, text: found, weak: pattern === weakSuffix, part: '' };
		}
	}
	return null;
}

/** A stem without the words that mark images. */
export function withoutImageWord(stem: string): string {
	const cut = stem.replace(imageSuffix, '');
	return cut.replace(imagePrefix, '') || cut || stem;
}

function lower(text: string): string {
	return text.normalize('NFC').toLowerCase();
}

/** Folders that the person named as holding masks or images, lower case. They overrule the words. */
export interface NamedFolders {
	readonly mask: readonly string[];
	readonly image: readonly string[];
}

/**
 * Takes a path apart. The first `rootDepth` folders say nothing about roles (all files share them).
 * The folder nearest to the file decides its role.
 */
export function parsePath(path: string, rootDepth: number, named: NamedFolders): ParsedPath {
	const parts = path.split('/');
	const fileName = lower(lastPart(path));
	const dot = fileName.lastIndexOf('.');
	const stem = dot > 0 ? fileName.slice(0, dot) : fileName;
	const folders = parts.slice(rootDepth, -1).map(lower);
	const words = folders.map((folder): FolderWords => {
		if (named.mask.includes(folder)) return { role: 'mask', rest: '' };
		if (named.image.includes(folder)) return { role: 'image', rest: '' };
		return folderWords(folder);
	});
	const roleIndex = words.findLastIndex((word) => word.role !== 'none');
	const isSplit = (rest: string): boolean => splitWords.includes(rest);
	return {
		path,
		folder: lower(parts.slice(0, -1).join('/')),
		folderName: parts[parts.length - 2] ?? '',
		role: words[roleIndex]?.role ?? 'none',
		roleFolder: folders[roleIndex] ?? '',
		key: words
			.map((word) => word.rest)
			.filter(Boolean)
			.join('/'),
		looseKey: words
			.filter((word) => word.role === 'none' && !isSplit(word.rest))
			.map((word) => word.rest)
			.join('/'),
		stem,
		extension: dot > 0 ? fileName.slice(dot + 1) : '',
		affix: maskAffix(stem),
		imageCore: withoutImageWord(stem),
	};
}

/** Folders that every path starts with. */
export function sharedDepth(paths: readonly string[]): number {
	const [first = ''] = paths;
	let depth = 0;
	const parts = first.split('/');
	while (depth < parts.length - 1 && paths.every((path) => path.split('/')[depth] === parts[depth] && path.split('/').length > depth + 1)) {
		depth++;
	}
	return depth;
}

const labelFolder = /manual|label|gt|ground|annot|seg|target|trimap/u;
const affixOrder = ['labelids', 'labeltrainids', '1stho', '2ndho', 'manual1', 'manual2', 'ah', 'vk', 'color', 'instanceids'];

/** How well a set of masks is named as the labels; lower is better. DRIVE's `mask` is the field of view, so it comes last. */
export function maskSetRank(roleFolder: string, affix: string): number {
	const folderRank = labelFolder.test(roleFolder) ? 0 : 20;
	return folderRank + affixOrder.findIndex((ending) => affix.endsWith(ending)) + 1;
}
