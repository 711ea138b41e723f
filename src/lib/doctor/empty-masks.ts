import { type Check, counted, type Finding } from './check.ts';
import { foregroundOf } from './facts.ts';

/** With more empty masks than this, they are what is mostly learnt. */
const most = 0.5;

const nothingMarked: Finding = {
	severity: 'error',
	title: 'Every mask is empty',
	images: [],
	meaning: 'Nothing is marked in any image, so there is nothing to learn: a net that marks nothing is right everywhere.',
	remedy:
		'Look under Classes… whether the values that mark the object count as background or are ignored. Otherwise open masks with objects.',
	mend: null,
};

/** Masks without any foreground. */
export const emptyMasks: Check = {
	id: 'empty-masks',
	find({ images }) {
		const empty = images.filter((image) => foregroundOf(image) === 0);
		if (empty.length === 0) return [];
		if (empty.length === images.length) return [nothingMarked];
		return [
			{
				severity: empty.length > most * images.length ? 'warning' : 'info',
				title: `${counted(empty.length, 'mask is', 'masks are')} empty, of ${images.length}`,
				images: empty.map(({ id }) => ({ id, detail: '' })),
				meaning:
					'If nothing is to be found there, they teach the net to stay silent, which is good to have. If the mask was forgotten, they teach it to overlook objects. Losses that compare areas image by image have no slope on them.',
				remedy:
					'Look at each: leave out those whose masks were forgotten, in the split. For the others choose a loss that sums over the batch.',
				mend: null,
			},
		];
	},
};
