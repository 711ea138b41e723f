/** The split of a data set: which samples train, which choose the best epoch and threshold, which are touched last. */
import type { SplitSpec } from './experiment.ts';
import { lastPart } from './paths.ts';
import { RandomStream } from './random.ts';

export type Part = 'train' | 'validation' | 'test' | 'unused';

/** Sample ids per part, in the data set's order. */
export interface Split {
	/** With folds: what trains in every one. */
	readonly train: readonly string[];
	/** With folds: everything that one of them validates. */
	readonly validation: readonly string[];
	readonly test: readonly string[];
	/** `validation` dealt out; fold 1 comes first. Absent without cross-validation. */
	readonly folds?: readonly (readonly string[])[];
}

/**
 * What the runs of a fold are given: its own images validate, those of the other folds train.
 * @param fold from 1; undefined gives the split as it is
 */
export function splitOfFold(split: Split, fold: number | undefined): Split {
	if (fold === undefined || !split.folds) return split;
	const own = new Set(split.folds[fold - 1]);
	return {
		train: [...split.train, ...split.validation.filter((id) => !own.has(id))],
		validation: split.validation.filter((id) => own.has(id)),
		test: split.test,
	};
}

/** The fold, from 1, that validates each sample; without those that none does. */
export function foldsById({ folds = [] }: Pick<Split, 'folds'>): ReadonlyMap<string, number> {
	return new Map(folds.flatMap((ids, place) => ids.map((id) => [id, place + 1])));
}

export interface SplitCandidate {
	readonly id: string;
	readonly name: string;
	/** As `SampleMeta.tileOf`: the tiles of a picture go to one part, unless it is the only picture. */
	readonly tileOf?: string | undefined;
	/** Share of foreground pixels, 0…1. */
	readonly foregroundShare: number;
}

interface Group {
	readonly key: string;
	readonly members: readonly SplitCandidate[];
	readonly foregroundShare: number;
}

/** What belongs together has one key. Tiles go by the name of their picture, which all of them share. */
function groupKey({ id, name, tileOf }: SplitCandidate, separator: string): string {
	if (separator === '') return tileOf === undefined ? id : `tiles of ${tileOf}`;
	const whole = tileOf === undefined ? name : lastPart(tileOf);
	const cut = whole.indexOf(separator);
	return cut < 0 ? whole : whole.slice(0, cut);
}

/** Tiles of the only picture there is are split like pictures: together, none could be held back. */
function withoutOnlyPicture(candidates: readonly SplitCandidate[]): readonly SplitCandidate[] {
	const [first] = candidates;
	const isOnly = first?.tileOf !== undefined && candidates.every(({ tileOf }) => tileOf === first.tileOf);
	return isOnly ? candidates.map(({ tileOf: _, ...own }) => own) : candidates;
}

function groupsOf(candidates: readonly SplitCandidate[], separator: string): Group[] {
	const byKey = new Map<string, SplitCandidate[]>();
	for (const candidate of candidates) {
		const key = groupKey(candidate, separator);
		const members = byKey.get(key);
		if (members) members.push(candidate);
		else byKey.set(key, [candidate]);
	}
	return [...byKey].map(([key, members]) => ({
		key,
		members,
		foregroundShare: members.reduce((sum, member) => sum + member.foregroundShare, 0) / members.length,
	}));
}

/**
 * How many of `total` groups each held-out part takes: rounded, at least one where its share is above zero, and never
 * so many that nothing is left to train on.
 */
function heldOutCounts(total: number, spec: SplitSpec): { validation: number; test: number } {
	const wanted = (share: number): number => (share > 0 ? Math.max(1, Math.round(total * share)) : 0);
	const validation = Math.min(wanted(spec.validation), Math.max(0, total - 1));
	const test = Math.min(wanted(spec.test), Math.max(0, total - 1 - validation));
	return { validation, test };
}

/** Spreads `count` picks evenly over `length` places: place i is picked when the running share passes a whole number. */
function evenly(length: number, count: number, offset: number): Set<number> {
	return new Set(Array.from({ length: count }, (_, pick) => Math.floor(((pick + offset) * length) / count)));
}

/** Places of the groups, ascending by foreground share; ties by a seeded shuffle. */
function byForeground(groups: readonly Group[], seed: number): number[] {
	const shuffled = new RandomStream(seed, 'split').permutation(groups.length);
	return shuffled.sort((a, b) => (groups[a]?.foregroundShare ?? 0) - (groups[b]?.foregroundShare ?? 0));
}

function byName(groups: readonly Group[]): number[] {
	const nameOf = (place: number): string => groups[place]?.members[0]?.name ?? '';
	return groups.map((_, place) => place).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/**
 * Orders groups by foreground share (ties by a seeded shuffle), then takes test and validation evenly along that order,
 * from a seeded offset, so that each part sees easy and hard, full and empty images alike.
 */
function stratified(groups: readonly Group[], spec: SplitSpec): Part[] {
	const order = byForeground(groups, spec.seed);
	const counts = heldOutCounts(groups.length, spec);
	const offset = (salt: number): number => new RandomStream(spec.seed, 'split', salt).uniform(0);
	const testPlaces = evenly(order.length, counts.test, offset(1));
	const parts: Part[] = groups.map(() => 'train');
	const rest = order.filter((groupIndex, place) => {
		if (testPlaces.has(place)) parts[groupIndex] = 'test';
		return !testPlaces.has(place);
	});
	for (const place of evenly(rest.length, counts.validation, offset(2))) parts[rest[place] ?? 0] = 'validation';
	return parts;
}

function inOrder(groups: readonly Group[], spec: SplitSpec): Part[] {
	const { validation, test } = heldOutCounts(groups.length, spec);
	const parts: Part[] = groups.map(() => 'train');
	const train = groups.length - validation - test;
	byName(groups).forEach((groupIndex, place) => {
		if (place >= train) parts[groupIndex] = place < train + validation ? 'validation' : 'test';
	});
	return parts;
}

/**
 * Deals groups into folds whose numbers of groups differ by one at most. Stratified: of every `count` groups along the order
 * of foreground share each fold takes one. In order: neighbours by name stay together.
 */
function deal(groups: readonly Group[], { mode, seed }: SplitSpec, count: number): Group[][] {
	const isInOrder = mode === 'in-order';
	const order = isInOrder ? byName(groups) : byForeground(groups, seed);
	const foldAt = (place: number): number | undefined => {
		if (isInOrder) return Math.floor((place * count) / groups.length);
		return new RandomStream(seed, 'split', 3, Math.floor(place / count)).permutation(count)[place % count];
	};
	return Array.from({ length: count }, (_, fold) => order.flatMap((index, place) => (foldAt(place) === fold ? (groups[index] ?? []) : [])));
}

function withFolds(candidates: readonly SplitCandidate[], spec: SplitSpec, split: Split): Split {
	if (spec.folds === undefined) return split;
	const held = new Set(split.validation);
	const dealt = candidates.filter(({ id }) => held.has(id));
	const folds = deal(groupsOf(dealt, spec.groupSeparator), spec, spec.folds);
	const idsOf = (groups: readonly Group[]): Set<string> => new Set(groups.flatMap(({ members }) => members.map(({ id }) => id)));
	return { ...split, folds: folds.map(idsOf).map((own) => split.validation.filter((id) => own.has(id))) };
}

/** Splits samples by the spec. The same candidates and spec always give the same split; too few groups leave folds empty. */
export function splitSamples(samples: readonly SplitCandidate[], spec: SplitSpec): Split {
	const candidates = withoutOnlyPicture(samples);
	const groups = groupsOf(candidates, spec.groupSeparator);
	const shares = spec.folds === undefined ? spec : { ...spec, validation: 0 };
	const parts = spec.mode === 'stratified' ? stratified(groups, shares) : inOrder(groups, shares);
	const rest = spec.folds === undefined ? 'train' : 'validation';
	const partOf = new Map<string, Part>();
	groups.forEach((group, index) => {
		for (const member of group.members) partOf.set(member.id, parts[index] === 'train' ? rest : (parts[index] ?? rest));
	});
	for (const [id, part] of Object.entries(spec.overrides)) if (partOf.has(id)) partOf.set(id, part);
	const ids = (part: Part): string[] =>
		candidates.filter((candidate) => partOf.get(candidate.id) === part).map((candidate) => candidate.id);
	return withFolds(candidates, spec, { train: ids('train'), validation: ids('validation'), test: ids('test') });
}
