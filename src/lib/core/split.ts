/** The split of a data set: which samples train, which choose the best epoch and threshold, which are touched last. */
import type { SplitSpec } from './experiment.ts';
import { RandomStream } from './random.ts';

export type Part = 'train' | 'validation' | 'test' | 'unused';

/** Sample ids per part, in the data set's order. */
export interface Split {
	readonly train: readonly string[];
	readonly validation: readonly string[];
	readonly test: readonly string[];
}

export interface SplitCandidate {
	readonly id: string;
	readonly name: string;
	/** Share of foreground pixels, 0…1. */
	readonly foregroundShare: number;
}

interface Group {
	readonly key: string;
	readonly members: readonly SplitCandidate[];
	readonly foregroundShare: number;
}

function groupsOf(candidates: readonly SplitCandidate[], separator: string): Group[] {
	const byKey = new Map<string, SplitCandidate[]>();
	for (const candidate of candidates) {
		const cut = separator === '' ? -1 : candidate.name.indexOf(separator);
		const key = separator === '' ? candidate.id : cut < 0 ? candidate.name : candidate.name.slice(0, cut);
		byKey.set(key, [...(byKey.get(key) ?? []), candidate]);
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

/**
 * Orders groups by foreground share (ties by a seeded shuffle), then takes test and validation evenly along that order,
 * from a seeded offset, so that each part sees easy and hard, full and empty images alike.
 */
function stratified(groups: readonly Group[], spec: SplitSpec): Part[] {
	const shuffled = new RandomStream(spec.seed, 'split').permutation(groups.length);
	const order = shuffled.sort((a, b) => (groups[a]?.foregroundShare ?? 0) - (groups[b]?.foregroundShare ?? 0));
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
	const byName = groups
		.map((_, index) => index)
		.sort((a, b) => ((groups[a]?.members[0]?.name ?? '') < (groups[b]?.members[0]?.name ?? '') ? -1 : 1));
	const { validation, test } = heldOutCounts(groups.length, spec);
	const parts: Part[] = groups.map(() => 'train');
	const train = groups.length - validation - test;
	byName.forEach((groupIndex, place) => {
		if (place >= train) parts[groupIndex] = place < train + validation ? 'validation' : 'test';
	});
	return parts;
}

/** Splits samples by the spec. The same candidates and spec always give the same split. */
export function splitSamples(candidates: readonly SplitCandidate[], spec: SplitSpec): Split {
	const groups = groupsOf(candidates, spec.groupSeparator);
	const parts = spec.mode === 'stratified' ? stratified(groups, spec) : inOrder(groups, spec);
	const partOf = new Map<string, Part>();
	groups.forEach((group, index) => {
		for (const member of group.members) partOf.set(member.id, parts[index] ?? 'train');
	});
	for (const [id, part] of Object.entries(spec.overrides)) if (partOf.has(id)) partOf.set(id, part);
	const ids = (part: Part): string[] =>
		candidates.filter((candidate) => partOf.get(candidate.id) === part).map((candidate) => candidate.id);
	return { train: ids('train'), validation: ids('validation'), test: ids('test') };
}
