import { type Check, measured, percent } from './check.ts';
import { foregroundOf } from './facts.ts';

/** Of the masks. */
const nearlyAll = 0.9;
/** Of a mask's pixels. */
const mostPixels = 0.5;
/** Of the pixels along a mask's four sides. */
const wholeBorder = 0.95;

/** Masks in which background and foreground seem exchanged. */
export const polarity: Check = {
	id: 'polarity',
	find({ scheme, images }) {
		if (scheme.classes.length !== 2) return [];
		const shares = images.map((image) => ({ id: image.id, share: foregroundOf(image) ?? 0 }));
		const full = shares.filter(({ share }) => share > mostPixels);
		const looked = measured(images);
		const framed = looked.filter(({ pixels }) => (pixels.borderForeground ?? 0) >= wholeBorder);
		const isFull = images.length > 0 && full.length >= nearlyAll * images.length;
		const isFramed = looked.length > 0 && framed.length >= nearlyAll * looked.length;
		if (!isFull && !isFramed) return [];
		const seen = [
			isFull ? `more than half of the pixels are foreground in ${full.length} of ${images.length} masks` : '',
			isFramed ? `foreground fills the whole border in ${framed.length} of ${looked.length}` : '',
		];
		const concerned = isFull ? full : framed.map(({ id, classPixels }) => ({ id, share: foregroundOf({ classPixels }) ?? 0 }));
		return [
			{
				severity: 'warning',
				title: 'Background and foreground may be exchanged',
				images: concerned.map(({ id, share }) => ({ id, detail: `${percent(share)} foreground` })),
				meaning: `What is sought usually covers less than half of an image and does not frame it; here ${seen.filter(Boolean).join(', and ')}. Scores of the larger side look good without saying much.`,
				remedy: 'Look at an image: if the coloured part is not what you look for, swap the two. If it is, leave it so.',
				mend: { kind: 'flip-polarity', label: 'Swap background and foreground' },
			},
		];
	},
};
