import type { Check } from './check.ts';
import { majority } from './majority.ts';

/** Stretched to one square, images whose sides differ more than this in proportion are bent visibly apart. */
const mostBend = 1.5;

/** Images of several sizes. */
export const mixedSizes: Check = {
	id: 'mixed-sizes',
	find({ images, prepare }) {
		const { kinds, others } = majority(images, ({ width, height }) => `${width} × ${height}`);
		if (kinds < 2) return [];
		const proportions = images.map(({ width, height }) => width / height);
		const bend = Math.max(...proportions) / Math.min(...proportions);
		const isBent = prepare.sizing === 'stretch' && bend > mostBend;
		return [
			{
				severity: isBent ? 'warning' : 'info',
				title: `The images have ${kinds} sizes`,
				images: others,
				meaning: isBent
					? `All are stretched to one square. Their proportions differ by a factor of up to ${bend.toFixed(1)}, so the same shape looks different from image to image.`
					: 'Each is brought to the net’s square by itself, so the same thing may appear at different scales.',
				remedy: isBent
					? 'Choose “pad” under Sizing in the step Model, which keeps proportions, or crops, which keep the scale too.'
					: 'Where the size of things matters, choose crops under Sizing in the step Model: they keep the images’ own scale.',
				mend: null,
			},
		];
	},
};
