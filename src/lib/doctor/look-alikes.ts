import { type AlikeGroup, alikeGroups } from './alike.ts';
import { type Check, counted } from './check.ts';
import { placeOf } from './facts.ts';

const isInOnePart = (group: AlikeGroup): boolean => new Set(group.map(placeOf)).size === 1;
const areEqual = (group: AlikeGroup): boolean => group.every(({ pixels }) => pixels?.fingerprint === group[0]?.pixels?.fingerprint);

/** Images that look nearly the same and lie in one part of the split; across parts they are leaks, and equal ones are copies. */
export const lookAlikes: Check = {
	id: 'look-alikes',
	find({ images }) {
		const groups = alikeGroups(images).filter((group) => isInOnePart(group) && !areEqual(group));
		if (groups.length === 0) return [];
		return [
			{
				severity: 'info',
				title: `${counted(groups.length, 'group')} of images look nearly the same`,
				images: groups.flatMap((group, index) => group.map(({ id }) => ({ id, detail: `group ${index + 1}` }))),
				meaning:
					'Neighbouring frames or slices, or one picture saved twice. They add less than other images would. All of a group lie in one part of the split, so scores are not touched.',
				remedy: 'Nothing must be done. If they are one picture saved twice, leave one out in the split.',
				mend: null,
			},
		];
	},
};
