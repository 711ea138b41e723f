import { classNames } from '#lib/core/sample.ts';
import { type Check, counted, type Finding, percent } from './check.ts';
import { classShares, type DatasetFacts, type ImageFacts, placeOf, pooledPixels } from './facts.ts';

/** Below this share of the pixels a class hardly counts in a mean over pixels. */
const rareShare = 0.02;

const remedy = 'Compare losses that count areas instead of pixels; “Which loss for my data?” in the step Losses names some.';

function rare({ scheme, images }: DatasetFacts): Finding[] {
	const shares = classShares(pooledPixels(images, scheme.classes.length));
	const names = classNames(scheme);
	const found = shares.map((share, index) => ({ share, index })).filter(({ share, index }) => index > 0 && share > 0 && share < rareShare);
	if (found.length === 0) return [];
	const list = found.map(({ share, index }) => `“${names[index] ?? ''}” ${percent(share)}`).join(', ');
	const one = found.length === 1;
	return [
		{
			severity: 'info',
			title: `${one ? `The class “${names[found[0]?.index ?? 0] ?? ''}” covers` : `${found.length} classes cover`} little: ${one ? percent(found[0]?.share ?? 0) : list} of the pixels`,
			images: [],
			meaning: `A loss that averages over pixels is nearly as low when ${one ? 'it is' : 'they are'} never marked.`,
			remedy,
			mend: null,
		},
	];
}

const shows = ({ classPixels }: ImageFacts, classIndex: number): boolean => (classPixels[classIndex] ?? 0) > 0;

/** True when one of these images trains, whichever fold validates. */
function isAlwaysSeen(images: readonly ImageFacts[]): boolean {
	return images.some(({ part }) => part === 'train') || new Set(images.flatMap(({ fold }) => fold ?? [])).size > 1;
}

/** Classes that are marked somewhere, but in no image of the training part; or nowhere. */
function unseen({ scheme, images }: DatasetFacts): Finding[] {
	const all = pooledPixels(images, scheme.classes.length);
	if (all.slice(1).every((pixels) => pixels === 0)) return [];
	const names = classNames(scheme);
	const missing = names.flatMap((_, index) => (index > 0 && !isAlwaysSeen(images.filter((image) => shows(image, index))) ? [index] : []));
	if (missing.length === 0) return [];
	const holders = images.filter((image) => missing.some((index) => shows(image, index)));
	return [
		{
			severity: 'warning',
			title: `${images.some(({ fold }) => fold !== undefined) ? 'In a fold, no' : 'No'} training image shows ${missing.map((index) => `“${names[index] ?? ''}”`).join(', ')}`,
			images: holders.map((image) => ({ id: image.id, detail: placeOf(image) })),
			meaning: `The net cannot learn ${counted(missing.length, 'class', 'classes')} that it never sees.`,
			remedy:
				holders.length > 0
					? 'Move images that show it to the training part, in the split.'
					: 'It is in no image at all: take the class away under Classes…, or open images that show it.',
			mend: null,
		},
	];
}

/** Classes with few pixels, or with none to learn from. */
export const rareClasses: Check = { id: 'rare-classes', find: (facts) => [...unseen(facts), ...rare(facts)] };
