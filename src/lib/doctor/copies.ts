import { equalGroups } from './alike.ts';
import { type Check, counted, leaveOut } from './check.ts';

/** Images that are in the set more than once. */
export const copies: Check = {
	id: 'copies',
	find({ images }) {
		const groups = equalGroups(images);
		const found = groups.flatMap(([first, ...others]) => others.map(({ id }) => ({ id, detail: `the same as ${first?.name ?? ''}` })));
		if (found.length === 0) return [];
		return [
			{
				severity: 'warning',
				title: `${counted(found.length, 'image is', 'images are')} in the set twice, pixel by pixel`,
				images: found,
				meaning: 'Copies count double in training and in every mean, and where their masks differ they contradict each other.',
				remedy: 'Keep one of each. Compare their masks first, and keep the better one.',
				mend: leaveOut(
					found.map(({ id }) => id),
					`Leave ${counted(found.length, 'copy', 'copies')} out`,
				),
			},
		];
	},
};
