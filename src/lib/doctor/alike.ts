/** Groups of images that are the same picture. */
import { measured } from './check.ts';
import type { ImageFacts } from './facts.ts';
import { looksAlike } from './look.ts';

/** At least two images, in the order of the set. */
export type AlikeGroup = readonly ImageFacts[];

/** Two or more items of one key, in the order of their first ones. */
function inGroups<T>(items: readonly T[], keyOf: (item: T, index: number) => number | string): T[][] {
	const groups = new Map<number | string, T[]>();
	items.forEach((item, index) => {
		const key = keyOf(item, index);
		const group = groups.get(key);
		if (group) group.push(item);
		else groups.set(key, [item]);
	});
	return [...groups.values()].filter((group) => group.length > 1);
}

/** Images that `isSame` joins, directly or through others. */
function joined<T>(items: readonly T[], isSame: (a: T, b: T) => boolean): T[][] {
	const leaders = items.map((_, index) => index);
	const leaderOf = (index: number): number => {
		let at = index;
		while (leaders[at] !== at) at = leaders[at] ?? at;
		return at;
	};
	items.forEach((a, i) => {
		for (let j = i + 1; j < items.length; j++) {
			const b = items[j];
			if (b !== undefined && isSame(a, b)) leaders[leaderOf(j)] = leaderOf(i);
		}
	});
	return inGroups(items, (_, index) => leaderOf(index));
}

/** Groups of images whose stored samples are equal. */
export function equalGroups(images: readonly ImageFacts[]): AlikeGroup[] {
	return inGroups(measured(images), ({ pixels }) => pixels.fingerprint);
}

/** Every image is compared with every other, so what was found is kept for the next check. */
const alike = new WeakMap<readonly ImageFacts[], readonly AlikeGroup[]>();

/** Groups of images that are equal or look so. */
export function alikeGroups(images: readonly ImageFacts[]): readonly AlikeGroup[] {
	const groups = alike.get(images) ?? compareAll(images);
	alike.set(images, groups);
	return groups;
}

function compareAll(images: readonly ImageFacts[]): readonly AlikeGroup[] {
	return joined(measured(images), ({ pixels: a }, { pixels: b }) => a.fingerprint === b.fingerprint || looksAlike(a.look, b.look));
}
