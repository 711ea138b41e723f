import { type Check, counted, leaveOut } from './check.ts';
import { foregroundOf } from './facts.ts';

/** Images of which no pixel counts. */
export const uncounted: Check = {
	id: 'uncounted',
	find({ images }) {
		const ids = images.filter((image) => foregroundOf(image) === null).map(({ id }) => id);
		if (ids.length === 0) return [];
		return [
			{
				severity: 'warning',
				title: `No pixel counts in ${counted(ids.length, 'image')}`,
				images: ids.map((id) => ({ id, detail: '' })),
				meaning: 'All values of their masks are ignored or belong to no class, so nothing can be learnt from them or scored on them.',
				remedy: 'Give their values to a class under Classes…, or leave the images out.',
				mend: leaveOut(ids, `Leave ${counted(ids.length, 'image')} out`),
			},
		];
	},
};
