import { type Check, leaveOut, counted } from './check.ts';
import type { ImageFacts } from './facts.ts';
import { majority } from './majority.ts';

const kindOf = ({ channels, maxValue }: ImageFacts): string => {
	const names = ['', 'grey', 'grey with transparency', 'RGB', 'RGB with transparency'];
	return `${names[channels] ?? `${channels} channels`}, ${maxValue > 255 ? 16 : 8} bit`;
};

/** Images with different channels or bit depths. */
export const mixedSamples: Check = {
	id: 'mixed-samples',
	find({ images }) {
		const { kinds, others, most } = majority(images, kindOf);
		if (kinds < 2) return [];
		const ids = others.map(({ id }) => id);
		return [
			{
				severity: 'warning',
				title: `The images have ${kinds} kinds of pixels; most are ${most}`,
				images: others,
				meaning:
					'They probably come from different cameras or programs. A net may learn to tell the source instead of the object, and 16-bit images rarely use their whole range, so beside 8-bit ones they look dark.',
				remedy:
					'Convert all to one kind before you open them, or leave the odd ones out. If all must stay, choose an intensity scaling that looks at each image (percentile, z-score).',
				mend: ids.length > 0 ? leaveOut(ids, `Leave ${counted(ids.length, 'image')} out`) : null,
			},
		];
	},
};
