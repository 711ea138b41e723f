/**
 * Images far from the rest by the median absolute deviation, which single images cannot move.
 * Source: Iglewicz & Hoaglin, How to Detect and Handle Outliers, 1993: 0.6745 · |x − median| / MAD above 3.5.
 */
import { type Check, type ConcernedImage, counted, type Finding, measured, percent } from './check.ts';
import { foregroundOf } from './facts.ts';

const largestScore = 3.5;
/** Of fewer images, none is an exception. */
const leastImages = 8;

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length >> 1;
	const [below = 0, above = 0] = [sorted[half - 1], sorted[half]];
	return sorted.length % 2 === 1 ? above : (below + above) / 2;
}

interface Value {
	readonly id: string;
	readonly value: number;
}

/** Values far outside, the farthest first; none where more than half are equal, as nothing then says what far is. */
function farOutside(values: readonly Value[]): Value[] {
	if (values.length < leastImages) return [];
	const middle = median(values.map(({ value }) => value));
	const deviation = median(values.map(({ value }) => Math.abs(value - middle)));
	if (deviation === 0) return [];
	const scored = values.map((entry) => ({ entry, score: (0.6745 * Math.abs(entry.value - middle)) / deviation }));
	return scored
		.filter(({ score }) => score > largestScore)
		.sort((a, b) => b.score - a.score)
		.map(({ entry }) => entry);
}

const finding = (images: readonly ConcernedImage[], what: string, meaning: string, remedy: string): Finding[] =>
	images.length === 0
		? []
		: [{ severity: 'info', title: `${counted(images.length, 'image')} ${what}`, images, meaning, remedy, mend: null }];

/** Images that are much brighter or darker than the others. */
export const brightnessOutliers: Check = {
	id: 'brightness-outliers',
	find({ images }) {
		const far = farOutside(measured(images).map(({ id, pixels }) => ({ id, value: pixels.brightness })));
		return finding(
			far.map(({ id, value }) => ({ id, detail: `${percent(value)} of the range` })),
			`far brighter or darker than the others`,
			'By their mean grey level: other exposure, other staining, or not the same kind of image.',
			'Look at them: leave out in the split what does not belong. Where only the exposure differs, choose an intensity scaling that looks at each image.',
		);
	},
};

/** Images with much more or less foreground than the others. Shares are compared by their logarithms, as they differ by factors. */
export const foregroundOutliers: Check = {
	id: 'foreground-outliers',
	find({ images }) {
		const shares = images.map((image) => ({ id: image.id, share: foregroundOf(image) ?? 0 })).filter(({ share }) => share > 0);
		const far = farOutside(shares.map(({ id, share }) => ({ id, value: Math.log(share) })));
		return finding(
			far.map(({ id, value }) => ({ id, detail: `${percent(Math.exp(value))} foreground` })),
			`with far more or less foreground than the others`,
			'Compared with the middle of the set, by factors: a mask that is exchanged, unfinished or of another object, or simply a special image.',
			'Look at image and mask together, and leave out in the split what is wrong.',
		);
	},
};
