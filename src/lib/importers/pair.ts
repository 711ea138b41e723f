/** Joins images to masks by the names of files and folders; never by sort order. */
import { lastPart } from '#lib/core/paths.ts';
import {
	type Confidence,
	type MaskSet,
	type Match,
	matchByNumber,
	matchFolderOfParts,
	matchOnlyImage,
	matchSet,
	matchTwins,
} from './pair-rules.ts';
import { byProductReason, maskSetRank, type NamedFolders, type ParsedPath, parsePath, sharedDepth } from './pair-names.ts';
import { nearestName } from './pair-nearest.ts';

export interface Pair {
	readonly imagePath: string;
	/** Several when each file marks one object: their union is the mask. */
	readonly maskPaths: readonly string[];
	/** A picture outside of whose marks nothing counts (DRIVE's field of view); null without one. */
	readonly regionPath: string | null;
	/** The rule that joined them, as a sentence. */
	readonly rule: string;
	readonly confidence: Confidence;
	readonly warnings: readonly string[];
}

export interface UnmatchedFile {
	readonly path: string;
	/** The unmatched file of the other kind with the most similar name. */
	readonly nearest?: string;
}

/** A choice that names cannot make. The pairing already follows `chosen`. */
export interface PairingQuestion {
	readonly id: string;
	readonly text: string;
	readonly options: readonly { readonly id: string; readonly label: string; readonly count: number }[];
	/** Null when nothing was assumed. */
	readonly chosen: string | null;
}

export interface Pairing {
	readonly pairs: readonly Pair[];
	readonly unmatchedImages: readonly UnmatchedFile[];
	readonly unmatchedMasks: readonly UnmatchedFile[];
	/** Files that a rule or an answer put aside. */
	readonly setAside: readonly { readonly path: string; readonly reason: string }[];
	readonly questions: readonly PairingQuestion[];
}

/** Answers to questions: question id → option id. */
export type Answers = Readonly<Record<string, string>>;

export const folderQuestionId = 'mask-folder';

/** Splits files into images and masks by folder, and inside a folder by the words in names. */
function sortByRole(files: readonly ParsedPath[]): { images: ParsedPath[]; masks: ParsedPath[] } {
	const stems = new Set(files.flatMap((file) => [file.stem, file.imageCore].map((stem) => `${file.folder}/${stem}`)));
	const isMask = (file: ParsedPath): boolean => {
		if (file.role === 'mask') return true;
		if (file.affix === null) return false;
		const { core, part } = file.affix;
		if ([core, `${core}${part}`].some((stem) => stems.has(`${file.folder}/${stem}`))) return true;
		return !file.affix.weak && file.role === 'none';
	};
	const masks = files.filter(isMask);
	// A folder of masks alone, or names that all end in "_seg": nothing to pair, so they are pictures to look at.
	if (masks.length === files.length) return { images: [...files], masks: [] };
	return { images: files.filter((file) => !isMask(file)), masks };
}

/** Masks of one kind: from folders of one name, marked by one word. */
function maskSets(masks: readonly ParsedPath[]): MaskSet[] {
	const sets = new Map<string, ParsedPath[]>();
	for (const mask of masks) {
		const id = `${mask.role === 'mask' ? mask.roleFolder : ''}|${mask.affix?.text ?? ''}`;
		const set = sets.get(id);
		if (set) set.push(mask);
		else sets.set(id, [mask]);
	}
	return [...sets].map(([id, members]) => {
		const [folder = '', affix = ''] = id.split('|');
		return { id, folder, affix, masks: members, rank: maskSetRank(folder, affix) };
	});
}

/** What tells a set from the others: its folder, or else the word in its names. */
function setLabel(set: MaskSet, all: readonly MaskSet[]): string {
	const folderTells = set.folder !== '' && all.every((other) => other === set || other.folder !== set.folder);
	if (folderTells) return `folder “${set.folder}”`;
	const names = set.affix === '' ? 'names without a mask word' : `names with “${set.affix}”`;
	return set.folder === '' ? names : `folder “${set.folder}”, ${names}`;
}

/** A match, and the mask of another set that limits it. */
interface ChosenMatch extends Match {
	readonly region: ParsedPath | null;
}

interface Choice {
	readonly matches: ChosenMatch[];
	readonly questions: PairingQuestion[];
	readonly setAside: { path: string; reason: string }[];
}

/** Folders of masks that may say where an image counts at all. */
const regionFolder = /^(?:.*[^a-z])?(?:masks?|rois?|fov|region|valid)$/u;

/** A way to use the sets of masks that fit the same images. */
interface SetOption {
	readonly id: string;
	readonly label: string;
	readonly labels: MaskSet;
	readonly region: MaskSet | null;
}

/** Each set by itself, and the best one inside the region that another marks. */
function optionsOf(sets: readonly MaskSet[]): SetOption[] {
	const [best, ...others] = sets;
	const region = others.find((set) => regionFolder.test(set.folder));
	const plain = sets.map((set): SetOption => ({ id: set.id, label: setLabel(set, sets), labels: set, region: null }));
	if (!best || !region || regionFolder.test(best.folder)) return plain;
	const inside = `${setLabel(best, sets)}, and pixels count only inside ${setLabel(region, sets)}`;
	return [...plain, { id: `${best.id}&${region.id}`, label: inside, labels: best, region }];
}

/** Where several sets of masks fit the same images, takes the answered or best named one and asks. */
function chooseSets(candidates: ReadonlyMap<string, readonly Match[]>, answers: Answers): Choice {
	const questions = new Map<string, { options: SetOption[]; chosen: SetOption; counts: Map<string, number> }>();
	const matches: ChosenMatch[] = [];
	const setAside: { path: string; reason: string }[] = [];
	for (const found of candidates.values()) {
		const sorted = [...found].sort((a, b) => a.set.rank - b.set.rank || (a.set.id < b.set.id ? -1 : 1));
		const [best] = sorted;
		if (!best) continue;
		if (sorted.length === 1) {
			matches.push({ ...best, region: null });
			continue;
		}
		const id = `mask-set:${sorted.map((match) => match.set.id).join('/')}`;
		const options = optionsOf(sorted.map((match) => match.set));
		const option = options.find((candidate) => candidate.id === answers[id]) ?? options.find((candidate) => candidate.id === best.set.id);
		if (!option) continue;
		const question = questions.get(id) ?? { options, chosen: option, counts: new Map<string, number>() };
		for (const { id: optionId } of options) question.counts.set(optionId, (question.counts.get(optionId) ?? 0) + 1);
		questions.set(id, question);
		const of = (set: MaskSet | null): Match | undefined => sorted.find((match) => match.set === set);
		const labels = of(option.labels) ?? best;
		const region = of(option.region)?.masks[0] ?? null;
		const assumed = answers[id] === undefined ? [`Several sets of masks fit; taken from ${option.label}.`] : [];
		matches.push({ ...labels, region, warnings: [...labels.warnings, ...assumed] });
		const reason = `Another set of masks was taken (${option.label}).`;
		const rest = sorted.filter((match) => match !== labels).flatMap((match) => match.masks);
		setAside.push(...rest.filter((mask) => mask !== region).map((mask) => ({ path: mask.path, reason })));
	}
	return {
		matches,
		setAside,
		questions: [...questions].map(([id, { options, chosen, counts }]) => ({
			id,
			text: 'More than one set of masks fits the same images. Which one holds the labels?',
			options: options.map((option) => ({ id: option.id, label: option.label, count: counts.get(option.id) ?? 0 })),
			chosen: chosen.id,
		})),
	};
}

function lastFolder(file: ParsedPath): string {
	return lastPart(file.folder);
}

/** Two or more folders that hold files of the same names, where no name says which holds the masks. */
function folderQuestion(files: readonly ParsedPath[]): PairingQuestion[] {
	const foldersOfStem = new Map<string, Set<string>>();
	for (const file of files) foldersOfStem.set(file.stem, (foldersOfStem.get(file.stem) ?? new Set()).add(lastFolder(file)));
	const counts = new Map<string, number>();
	for (const folders of foldersOfStem.values()) {
		if (folders.size > 1) for (const folder of folders) counts.set(folder, (counts.get(folder) ?? 0) + 1);
	}
	counts.delete('');
	if (counts.size < 2) return [];
	const options = [...counts].map(([folder, count]) => ({ id: folder, label: `folder “${folder}”`, count }));
	return [{ id: folderQuestionId, text: 'These folders hold files of the same names. Which one holds the masks?', options, chosen: null }];
}

function parseAll(paths: readonly string[], answers: Answers): ParsedPath[] {
	const depth = sharedDepth(paths);
	const none: NamedFolders = { mask: [], image: [] };
	const answer = answers[folderQuestionId];
	if (answer === undefined) return paths.map((path) => parsePath(path, depth, none));
	const asked = folderQuestion(paths.map((path) => parsePath(path, depth, none)))[0]?.options ?? [];
	const named = { mask: [answer], image: asked.map((option) => option.id).filter((folder) => folder !== answer) };
	return paths.map((path) => parsePath(path, depth, named));
}

function filesOf({ image, masks, region }: ChosenMatch): ParsedPath[] {
	return region ? [image, ...masks, region] : [image, ...masks];
}

/** Every rule in turn; each sees only what the earlier ones left. */
function matchAll(images: readonly ParsedPath[], masks: readonly ParsedPath[], answers: Answers): Choice {
	const candidates = new Map<string, Match[]>();
	for (const set of maskSets(masks)) {
		for (const match of matchSet(images, set)) candidates.set(match.image.path, [...(candidates.get(match.image.path) ?? []), match]);
	}
	const choice = chooseSets(candidates, answers);
	const taken = new Set([...choice.matches.flatMap(filesOf).map((file) => file.path), ...choice.setAside.map((file) => file.path)]);
	const free = (files: readonly ParsedPath[]): ParsedPath[] => files.filter((file) => !taken.has(file.path));
	for (const rule of [matchFolderOfParts, matchOnlyImage, matchTwins, matchByNumber]) {
		const found = rule(free(images), free(masks), images).map((match) => ({ ...match, region: null }));
		for (const file of found.flatMap(filesOf)) taken.add(file.path);
		choice.matches.push(...found);
	}
	return choice;
}

function withNearest(files: readonly ParsedPath[], others: readonly ParsedPath[]): UnmatchedFile[] {
	return files.map((file) => {
		const nearest = nearestName(file, others);
		return nearest === null ? { path: file.path } : { path: file.path, nearest };
	});
}

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1);

/**
 * Pairs the paths of pictures. Every path ends in exactly one of the lists. Pairs are in the order of their image paths,
 * whatever the order in which files were opened. Without any mask, all files are unmatched images.
 */
export function pairFiles(paths: readonly string[], answers: Answers = {}): Pairing {
	const parsed = parseAll(paths, answers).sort(byPath);
	const asideReasons = parsed.flatMap((file) => {
		const reason = byProductReason(file);
		return reason === null ? [] : [{ path: file.path, reason }];
	});
	const asidePaths = new Set(asideReasons.map((file) => file.path));
	const { images, masks } = sortByRole(parsed.filter((file) => !asidePaths.has(file.path)));
	const { matches, setAside, questions } = matchAll(images, masks, answers);
	const used = new Set([...matches.flatMap(filesOf), ...setAside].map((file) => file.path));
	const freeImages = images.filter((file) => !used.has(file.path));
	const freeMasks = masks.filter((file) => !used.has(file.path));
	const needsFolder = matches.length === 0 && freeMasks.length === 0 ? folderQuestion(freeImages) : [];
	const answered =
		answers[folderQuestionId] === undefined
			? []
			: folderQuestion(parsed).map((question) => ({ ...question, chosen: answers[folderQuestionId] ?? null }));
	return {
		pairs: matches
			.map(({ image, masks: parts, region, rule, confidence, warnings }) => ({
				imagePath: image.path,
				maskPaths: parts.map((part) => part.path),
				regionPath: region?.path ?? null,
				rule,
				confidence,
				warnings,
			}))
			.sort((a, b) => (a.imagePath < b.imagePath ? -1 : 1)),
		unmatchedImages: withNearest(freeImages, freeMasks),
		unmatchedMasks: withNearest(freeMasks, freeImages),
		setAside: [...asideReasons, ...setAside],
		questions: [...questions, ...needsFolder, ...answered],
	};
}
