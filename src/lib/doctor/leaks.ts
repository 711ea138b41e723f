import type { Part } from '#lib/core/split.ts';
import { type AlikeGroup, alikeGroups } from './alike.ts';
import { type Check, counted } from './check.ts';
import { placeOf } from './facts.ts';

const placesOf = (group: AlikeGroup): Set<string> => new Set(group.map(placeOf));

/** Where a group goes: what was learnt from stays there, so that the parts that judge see nothing of it. Folds learn from one another. */
function commonPart(group: AlikeGroup): Part {
	return group.some(({ part, fold }) => part === 'train' || fold !== undefined) ? 'train' : 'validation';
}

/** Images that are the same, or nearly so, in different parts of the split. */
export const leaks: Check = {
	id: 'leaks',
	find({ images }) {
		const groups = alikeGroups(images).filter((group) => placesOf(group).size > 1);
		if (groups.length === 0) return [];
		const moves = groups.flatMap((group) => group.map(({ id }) => [id, commonPart(group)] as const));
		return [
			{
				severity: 'warning',
				title: `${counted(groups.length, 'group')} of nearly the same images lie in different parts of the split`,
				images: groups.flatMap((group, index) => group.map((image) => ({ id: image.id, detail: `group ${index + 1}, ${placeOf(image)}` }))),
				meaning: 'What was learnt on one is asked again on the other, so validation and test look better than they are on new images.',
				remedy:
					'Keep each group in one part. If names tell which images belong together (a patient, a film), use “Keep together what shares the name before” instead.',
				mend: { kind: 'set-parts', label: `Put ${counted(groups.length, 'group')} into one part each`, parts: Object.fromEntries(moves) },
			},
		];
	},
};
