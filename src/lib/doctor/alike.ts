/** Groups of images that are the same picture. */
import { measured } from './check.ts';
import type { ImageFacts } from './facts.ts';
import { looksAlike } from './look.ts';

/** At least two images, in the order of the set. */
export type AlikeGroup = readonly ImageFacts[];

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
	const groups = new Map<number, T[]>();
	items.forEach((item, index) => {
		const leader = leaderOf(index);
		groups.set(leader, [...(groups.get(leader) ?? []), item]);
	});
	return [...groups.values()].filter((group) => group.length > 1);
}

/** Groups of images whose stored samples are equal. */
export function equalGroups(images: readonly ImageFacts[]): AlikeGroup[] {
	return joined(measured(images), ({ pixels: a }, { pixels: b }) => a.fingerprint === b.fingerprint);
}

/** Groups of images that are equal or look so. */
export function alikeGroups(images: readonly ImageFacts[]): AlikeGroup[] {
	return joined(measured(images), ({ pixels: a }, { pixels: b }) => a.fingerprint === b.fingerprint || looksAlike(a.look, b.look));
}
