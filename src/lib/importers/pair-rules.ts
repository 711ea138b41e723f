/** The rules that join images to masks, each a pure function from what is left to what belongs together. */
import type { ParsedPath } from './pair-names.ts';
import { withoutImageWord } from './pair-names.ts';

/** Masks of one kind: from folders of one name, marked by one word. */
export interface MaskSet {
	readonly id: string;
	/** Lower case; '' for masks beside their images. */
	readonly folder: string;
	/** The word that marks the names, with its separator; '' without one. */
	readonly affix: string;
	readonly masks: readonly ParsedPath[];
	/** Lower is better named. */
	readonly rank: number;
}

/** How sure a rule is: `sure` needs no look, `likely` a short one, `unsure` a careful one. */
export type Confidence = 'sure' | 'likely' | 'unsure';

export interface Match {
	readonly image: ParsedPath;
	readonly masks: readonly ParsedPath[];
	readonly set: MaskSet;
	readonly rule: string;
	readonly confidence: Confidence;
	readonly warnings: readonly string[];
}

type Name = (file: ParsedPath) => string;

const ownStem: Name = (file) => file.stem;
const maskCore: Name = (file) => file.affix?.core ?? file.stem;
/** `x_mask_2` as the mask of `x_2`. */
const numberedCore: Name = ({ affix, stem }) => (affix && affix.part !== '' ? `${affix.core}${affix.part}` : stem);
const imageCore: Name = (file) => file.imageCore;
const bareCore: Name = (file) => withoutImageWord(maskCore(file));

/** Which names are compared, the surest first: [of the image, of the mask]. */
const nameRounds: readonly (readonly [image: Name, mask: Name])[] = [
	[ownStem, ownStem],
	[ownStem, numberedCore],
	[ownStem, maskCore],
	[imageCore, maskCore],
	[imageCore, bareCore],
];

/** How folders are compared: to the word, then without split names and leftovers, then not at all. */
const folderRounds: readonly { readonly name: Name; readonly confidence: Confidence; readonly warnings: readonly string[] }[] = [
	{ name: (file) => file.key, confidence: 'sure', warnings: [] },
	{ name: (file) => file.looseKey, confidence: 'likely', warnings: [] },
	{ name: () => '', confidence: 'unsure', warnings: ['The folders have little in common; check that they belong together.'] },
];

function grouped(files: readonly ParsedPath[], name: Name): Map<string, ParsedPath[]> {
	const groups = new Map<string, ParsedPath[]>();
	for (const file of files) {
		const group = groups.get(name(file));
		if (group) group.push(file);
		else groups.set(name(file), [file]);
	}
	return groups;
}

/** Extensions as the surest image first: cameras write JPEG, label tools write PNG and GIF. */
const imageExtensions = ['jpg', 'jpeg', 'webp', 'tif', 'tiff', 'ppm', 'bmp', 'png', 'gif'];
/** Extensions as the surest label first. */
const labelExtensions = ['png', 'gif', 'tif', 'tiff', 'npy', 'bmp', 'webp', 'jpg', 'jpeg'];

function orderIn(extensions: readonly string[], file: ParsedPath): number {
	const index = extensions.indexOf(file.extension);
	return index < 0 ? extensions.length : index;
}

/** Files of one folder and name that differ in extension or case: the lossless one, and a warning that names the others. */
function preferred(files: readonly ParsedPath[]): { file: ParsedPath; warnings: string[] } | null {
	const sorted = [...files].sort((a, b) => orderIn(labelExtensions, a) - orderIn(labelExtensions, b));
	const [file, ...others] = sorted;
	if (!file || others.some((other) => other.folder !== file.folder)) return null;
	return { file, warnings: others.map((other) => `Another file has the same name: “${other.path}”.`) };
}

/** The files of one image: several when each has a number behind its mask word, else the preferred one. */
function partsOf(files: readonly ParsedPath[]): { masks: ParsedPath[]; warnings: string[] } | null {
	const inOneFolder = new Set(files.map((file) => file.folder)).size === 1;
	if (files.length > 1 && inOneFolder && files.some((file) => file.affix !== null && file.affix.part !== ''))
		return { masks: [...files], warnings: [] };
	const one = preferred(files);
	return one && { masks: [one.file], warnings: one.warnings };
}

function ruleSentence(image: ParsedPath, mask: ParsedPath): string {
	const added = mask.affix !== null && mask.stem !== image.stem ? mask.affix.text : '';
	if (image.folder === mask.folder) return `Same folder; the mask’s name adds “${added}”.`;
	const folders = `folders “${image.folderName}” and “${mask.folderName}”`;
	return image.stem === mask.stem
		? `Same name in the ${folders}.`
		: `Names agree${added === '' ? '' : ` but for “${added}”`} in the ${folders}.`;
}

/** Joins images to the masks of one set, by the surest comparison that fits each. */
export function matchSet(images: readonly ParsedPath[], set: MaskSet): Match[] {
	const matches: Match[] = [];
	const taken = new Set<ParsedPath>();
	const free = (files: readonly ParsedPath[]): ParsedPath[] => files.filter((file) => !taken.has(file));
	for (const { name: folderOf, confidence, warnings: folderWarnings } of folderRounds) {
		for (const [imageName, maskName] of nameRounds) {
			const imagesByName = grouped(free(images), (file) => `${folderOf(file)}/${imageName(file)}`);
			for (const [name, masks] of grouped(free(set.masks), (file) => `${folderOf(file)}/${maskName(file)}`)) {
				const image = preferred(imagesByName.get(name) ?? []);
				const parts = partsOf(masks);
				const mask = parts?.masks[0];
				if (!image || !parts || !mask) continue;
				for (const file of [image.file, ...parts.masks]) taken.add(file);
				const warnings = [...folderWarnings, ...image.warnings, ...parts.warnings];
				const several = parts.masks.length > 1 ? ` ${parts.masks.length} files together are the mask.` : '';
				matches.push({
					image: image.file,
					masks: parts.masks,
					set,
					rule: `${ruleSentence(image.file, mask)}${several}`,
					confidence,
					warnings,
				});
			}
		}
	}
	return matches;
}

const noSet: MaskSet = { id: '', folder: '', affix: '', masks: [], rank: 0 };

/** One image beside a folder of masks: each file marks one object (Data Science Bowl 2018). */
export function matchOnlyImage(images: readonly ParsedPath[], masks: readonly ParsedPath[], allImages: readonly ParsedPath[]): Match[] {
	const inMaskFolder = masks.filter((mask) => mask.role === 'mask');
	const imagesByKey = grouped(allImages, (file) => file.key);
	const matches: Match[] = [];
	for (const [key, parts] of grouped(inMaskFolder, (file) => file.key)) {
		const [image, ...others] = imagesByKey.get(key) ?? [];
		if (!image || others.length > 0 || !images.includes(image) || new Set(parts.map((part) => part.folder)).size > 1) continue;
		const folder = parts[0]?.folderName ?? '';
		const rule =
			parts.length === 1
				? `The only image beside the only file in “${folder}”.`
				: `The only image beside the folder “${folder}”: its files together are the mask.`;
		const warnings = parts.length === 1 ? ['The names differ; check that they belong together.'] : [];
		matches.push({ image, masks: parts, set: noSet, rule, confidence: parts.length === 1 ? 'unsure' : 'sure', warnings });
	}
	return matches;
}

/** A folder of masks called like an image: each file marks one object. */
export function matchFolderOfParts(images: readonly ParsedPath[], masks: readonly ParsedPath[]): Match[] {
	const imagesByStem = grouped(images, (file) => file.stem);
	const inFolders = masks.filter((mask) => mask.role === 'mask' && mask.folderName !== '');
	const folders = [...grouped(inFolders, (file) => file.folder).values()];
	const nameOf = (parts: readonly ParsedPath[]): string => (parts[0]?.folderName ?? '').normalize('NFC').toLowerCase();
	const seen = new Map<string, number>();
	for (const parts of folders) seen.set(nameOf(parts), (seen.get(nameOf(parts)) ?? 0) + 1);
	return folders.flatMap((parts): Match[] => {
		const [image, ...others] = imagesByStem.get(nameOf(parts)) ?? [];
		if (!image || others.length > 0 || seen.get(nameOf(parts)) !== 1) return [];
		const rule = `The folder “${parts[0]?.folderName ?? ''}” is called like the image: its files together are the mask.`;
		return [{ image, masks: parts, set: noSet, rule, confidence: 'sure', warnings: [] }];
	});
}

/** Two files of one folder and name: the one in a format of cameras is the image. */
export function matchTwins(images: readonly ParsedPath[]): Match[] {
	const matches: Match[] = [];
	for (const twins of grouped(images, (file) => `${file.folder}/${file.stem}`).values()) {
		const sorted = [...twins].sort((a, b) => orderIn(imageExtensions, a) - orderIn(imageExtensions, b));
		const image = sorted[0];
		const mask = sorted[sorted.length - 1];
		if (!image || !mask || orderIn(imageExtensions, image) === orderIn(imageExtensions, mask)) continue;
		const rule = `Same folder and name; “.${mask.extension}” is the mask of “.${image.extension}”.`;
		const warnings = sorted.slice(1, -1).map((other) => `Another file has the same name: “${other.path}”.`);
		matches.push({ image, masks: [mask], set: noSet, rule, confidence: 'likely', warnings });
	}
	return matches;
}

/** The numbers in a name, without leading zeros; '' when it has none. */
function numbersIn(file: ParsedPath): string {
	return (file.stem.match(/\d+/gu) ?? []).map((digits) => digits.replace(/^0+(?=\d)/u, '')).join('-');
}

/** The same numbers in otherwise unlike names, where each occurs once on either side. */
export function matchByNumber(images: readonly ParsedPath[], masks: readonly ParsedPath[]): Match[] {
	const matches: Match[] = [];
	const name: Name = (file) => `${file.key}/${numbersIn(file)}`;
	const imagesByNumber = grouped(
		images.filter((file) => numbersIn(file) !== ''),
		name,
	);
	for (const [key, same] of grouped(masks, name)) {
		const [image, ...otherImages] = imagesByNumber.get(key) ?? [];
		const [mask, ...otherMasks] = same;
		if (!image || !mask || otherImages.length > 0 || otherMasks.length > 0) continue;
		const rule = `The same number in both names (${numbersIn(image)}).`;
		matches.push({
			image,
			masks: [mask],
			set: noSet,
			rule,
			confidence: 'unsure',
			warnings: ['Only the numbers in the names agree; check that they belong together.'],
		});
	}
	return matches;
}
