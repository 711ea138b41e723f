/** Which files belong together, before any is decoded: annotation files first, then names, then what the person says. */
import type { DescribedSet, Descriptions, DrawnMask } from './descriptions.ts';
import type { ListedSample } from './descriptors/descriptor.ts';
import { type Answers, type Pair, pairFiles, type Pairing, type PairingQuestion, type UnmatchedFile } from './pair.ts';
import { inPages, type PagesOf } from './page-pairs.ts';
import { pairByPattern, type PairPattern } from './pair-pattern.ts';

/** Files that may become a sample. */
export interface CandidatePair extends Pair {
	/** Further files of the image, each a channel of its own. */
	readonly channelPaths: readonly string[];
	/** Shapes instead of mask files; null where there are mask files. */
	readonly drawn: DrawnMask | null;
	/** As `SampleMeta.tileOf`, where a file says so. */
	readonly tileOf?: string | undefined;
}

/** What a person joined by hand. */
export type PairPaths = Pick<Pair, 'imagePath' | 'maskPaths'>;

/** What the person changed. */
export interface PairChanges {
	readonly answers: Answers;
	readonly manualPairs: readonly PairPaths[];
	/** Pairs by names follow it instead of the rules. */
	readonly pattern: PairPattern | null;
	/** True when the files that the rules take for images are the masks. */
	readonly exchanged: boolean;
}

export interface Candidates extends Omit<Pairing, 'pairs'> {
	readonly pairs: readonly CandidatePair[];
	/** The annotation files whose samples are used; null when there are none. */
	readonly described: DescribedSet | null;
	/** Remarks on files of several pages, as sentences. */
	readonly notes: readonly string[];
}

const descriptionQuestion = 'description';
const emptyQuestion = 'missing-mask';
/** The option of taking pictures for masks although shapes describe the same images. */
const picturesOption = 'pictures';

const fromFiles = (pair: Pair): CandidatePair => ({ ...pair, channelPaths: [], drawn: null });

/** What a person would call the file: its name, with its folder where there is one. */
const shortPath = (path: string): string => path.split('/').slice(-2).join('/');

function drawnPair(imagePath: string, drawn: DrawnMask, format: string): CandidatePair {
	const count = drawn.objects.length;
	const what = count === 0 ? 'No shape' : `${count} ${count === 1 ? 'shape' : 'shapes'}`;
	const rule = `${what} in “${shortPath(drawn.path)}” (${format}).`;
	return { imagePath, maskPaths: [], regionPath: null, channelPaths: [], drawn, rule, confidence: 'sure', warnings: [] };
}

function listedPair(sample: ListedSample & { readonly path: string }, format: string): CandidatePair {
	const { imagePath, maskPaths, channelPaths, tileOf, path } = sample;
	const rule = `Listed in “${shortPath(path)}” (${format}).`;
	return { imagePath, maskPaths, regionPath: null, channelPaths, drawn: null, tileOf, rule, confidence: 'sure', warnings: [] };
}

const sizeOf = (set: DescribedSet): number => set.drawn.size + set.listed.size;
const objectsIn = (set: DescribedSet): number => [...set.drawn.values()].reduce((sum, { objects }) => sum + objects.length, 0);

/** The sets that say anything, the fullest first: most images, then most classes, then as the shelf has them. */
function usefulSets(descriptions: Descriptions): DescribedSet[] {
	const useful = descriptions.sets.filter((set) => set.listed.size > 0 || objectsIn(set) > 0 || set.problems.length > 0);
	return useful.sort((a, b) => sizeOf(b) - sizeOf(a) || b.classes.length - a.classes.length || a.rank - b.rank);
}

function setLabel({ format, paths, classes, listed }: DescribedSet): string {
	const [first = '', ...others] = paths.map(shortPath);
	const files = others.length === 0 ? `“${first}”` : `“${first}” and ${others.length} more`;
	return `${format}: ${files}${listed.size > 0 ? '' : `, ${classes.length} ${classes.length === 1 ? 'class' : 'classes'}`}`;
}

interface DescriptionChoice {
	readonly set: DescribedSet | null;
	readonly questions: PairingQuestion[];
}

/** Which annotations are used, and the question where more than one thing describes the same images. */
function chooseDescription(descriptions: Descriptions, byNames: readonly Pair[], answers: Answers): DescriptionChoice {
	const sets = usefulSets(descriptions);
	const [best] = sets;
	if (!best) return { set: null, questions: [] };
	const described = (path: string): boolean => sets.some((set) => set.drawn.has(path) || set.listed.has(path));
	const rivals = sets.some((set) => set.drawn.size > 0) ? byNames.filter((pair) => described(pair.imagePath)).length : 0;
	const options = sets.map((set) => ({ id: set.id, label: setLabel(set), count: sizeOf(set) }));
	if (rivals > 0) options.push({ id: picturesOption, label: 'Pictures of masks', count: byNames.length });
	const assumed = rivals > 0 && byNames.length > sizeOf(best) ? picturesOption : best.id;
	const answer = answers[descriptionQuestion];
	const chosen = options.some((option) => option.id === answer) ? (answer ?? assumed) : assumed;
	const set = sets.find((candidate) => candidate.id === chosen) ?? null;
	if (options.length === 1) return { set, questions: [] };
	const text = 'The masks of the same images are described more than once. Which description holds the labels?';
	return { set, questions: [{ id: descriptionQuestion, text, options, chosen }] };
}

/** What was joined, and what was not. */
export interface Result {
	pairs: CandidatePair[];
	unmatchedImages: UnmatchedFile[];
	unmatchedMasks: UnmatchedFile[];
	setAside: { path: string; reason: string }[];
	questions: PairingQuestion[];
}

/** Shapes stand for masks: what the names would have paired is left over. */
function withDrawn(set: DescribedSet, names: Pairing, isFree: (path: string) => boolean): Result {
	const taken = new Set([...set.drawn.keys(), ...set.problems.flatMap(({ paths }) => paths)]);
	const pairs = [...set.drawn].filter(([path]) => isFree(path)).map(([path, drawn]) => drawnPair(path, drawn, set.format));
	const isLeft = ({ path }: { path: string }): boolean => !taken.has(path);
	const replaced = names.pairs.filter((pair) => taken.has(pair.imagePath));
	const others = names.pairs.filter((pair) => !taken.has(pair.imagePath));
	const reason = `The annotations of ${set.format} were taken instead.`;
	return {
		pairs,
		unmatchedImages: [...names.unmatchedImages, ...others.map((pair) => ({ path: pair.imagePath }))].filter(isLeft),
		unmatchedMasks: [...names.unmatchedMasks, ...others.flatMap((pair) => pair.maskPaths.map((path) => ({ path })))].filter(isLeft),
		setAside: [
			...names.setAside,
			...replaced.flatMap((pair) =>
				[...pair.maskPaths, ...(pair.regionPath === null ? [] : [pair.regionPath])].map((path) => ({ path, reason })),
			),
		].filter(isLeft),
		questions: [],
	};
}

/** Listed pairs stand; the names pair what is left. */
function withListed(set: DescribedSet, paths: readonly string[], answers: Answers): Result {
	const free = new Set(paths);
	const usable = [...set.listed.values()].filter(({ imagePath, maskPaths, channelPaths }) =>
		[imagePath, ...maskPaths, ...channelPaths].every((path) => free.has(path)),
	);
	for (const { imagePath, maskPaths, channelPaths } of usable)
		for (const path of [imagePath, ...maskPaths, ...channelPaths]) free.delete(path);
	const rest = pairFiles([...free], answers);
	return {
		pairs: [...usable.map((sample) => listedPair(sample, set.format)), ...rest.pairs.map(fromFiles)],
		unmatchedImages: [...rest.unmatchedImages],
		unmatchedMasks: [...rest.unmatchedMasks],
		setAside: [...rest.setAside],
		questions: [...rest.questions],
	};
}

/** Images and masks of the names exchanged: pairs of one mask only, as several cannot be one image. */
function exchangedPairs(pairing: Pairing): Pairing {
	const exchange = (pair: Pair): Pair => {
		const [mask, ...more] = pair.maskPaths;
		if (mask === undefined || more.length > 0) return pair;
		return { ...pair, imagePath: mask, maskPaths: [pair.imagePath], rule: `${pair.rule} Image and mask are exchanged.` };
	};
	return {
		...pairing,
		pairs: pairing.pairs.map(exchange),
		unmatchedImages: pairing.unmatchedMasks,
		unmatchedMasks: pairing.unmatchedImages,
	};
}

function byNames(paths: readonly string[], { answers, pattern, exchanged }: PairChanges): Pairing {
	const pairing = pattern === null ? pairFiles(paths, answers) : pairByPattern(paths, pattern);
	return exchanged ? exchangedPairs(pairing) : pairing;
}

/** Images alone: when there are pairs, it is asked whether they show nothing. */
function askForEmpty(result: Result, answers: Answers): void {
	if (result.pairs.length === 0 || result.unmatchedImages.length === 0) return;
	const count = result.unmatchedImages.length;
	const chosen = answers[emptyQuestion] === 'empty' ? 'empty' : 'leave';
	result.questions.push({
		id: emptyQuestion,
		text: `${count} ${count === 1 ? 'image has' : 'images have'} no mask. ${count === 1 ? 'Does it' : 'Do they'} show nothing of what you look for?`,
		options: [
			{ id: 'leave', label: 'Not known: leave out', count },
			{ id: 'empty', label: 'Nothing to see: an empty mask', count },
		],
		chosen,
	});
	if (chosen !== 'empty') return;
	const rule = 'No mask: taken as an image that shows nothing.';
	result.pairs.push(
		...result.unmatchedImages.map(({ path }): CandidatePair => ({
			imagePath: path,
			maskPaths: [],
			regionPath: null,
			channelPaths: [],
			drawn: null,
			rule,
			confidence: 'likely',
			warnings: [],
		})),
	);
	result.unmatchedImages = [];
}

/**
 * Proposes pairs. Files of several pages are paired as files, and each is then its pages. Every path ends in exactly one
 * of the lists; paths of the described set's problems in none.
 */
export function candidatePairs(paths: readonly string[], pagesOf: PagesOf, descriptions: Descriptions, changes: PairChanges): Candidates {
	const { manualPairs, answers, pattern } = changes;
	const taken = new Set(manualPairs.flatMap((pair) => [pair.imagePath, ...pair.maskPaths]));
	const isFree = (path: string): boolean => !taken.has(path);
	const free = paths.filter(isFree);
	const names = byNames(free, changes);
	const { set, questions } = pattern === null ? chooseDescription(descriptions, names.pairs, answers) : { set: null, questions: [] };
	const files: Result =
		set === null
			? {
					pairs: names.pairs.map(fromFiles),
					unmatchedImages: [...names.unmatchedImages],
					unmatchedMasks: [...names.unmatchedMasks],
					setAside: [...names.setAside],
					questions: [...names.questions],
				}
			: set.listed.size > 0
				? withListed(set, free, answers)
				: withDrawn(set, names, isFree);
	const { result, notes } = inPages(files, pagesOf, isFree);
	result.pairs.push(
		...manualPairs.map((pair) => fromFiles({ ...pair, regionPath: null, rule: 'Paired by hand.', confidence: 'sure', warnings: [] })),
	);
	askForEmpty(result, answers);
	return {
		...result,
		pairs: result.pairs.sort((a, b) => (a.imagePath < b.imagePath ? -1 : 1)),
		questions: [...questions, ...result.questions],
		described: set,
		notes,
	};
}
