import { placementOf } from '#lib/pixels/place.ts';
import { type Check, counted, measured, percent } from './check.ts';
import type { DatasetFacts, ImageFacts, ObjectFacts } from './facts.ts';

/** From this share of all objects on, it is no exception. */
const many = 0.1;
/** Largest side of the net's square. */
const largestSize = 1024;

/** Pixels of the net's square per pixel of the image, across and down. */
function scaleOf({ width, height }: ImageFacts, { size, sizing }: DatasetFacts['prepare']): readonly [across: number, down: number] {
	if (sizing === 'crop') return [1, 1];
	const placed = placementOf(width, height, size, sizing);
	return [placed.width / width, placed.height / height];
}

const longerSide = (object: ObjectFacts, [across, down]: readonly [number, number]): number =>
	Math.max(object.width * across, object.height * down);

/** The side of the net's square at which nine of ten objects fill a cell of the deepest level. */
function enoughSize(sides: readonly number[], { prepare, depth }: DatasetFacts): number {
	const cell = 2 ** depth;
	const ascending = [...sides].sort((a, b) => a - b);
	const side = ascending[Math.floor(many * ascending.length)] ?? cell;
	return Math.ceil(prepare.size / side) * cell;
}

function remedyOf(sides: readonly number[], facts: DatasetFacts): string {
	const size = enoughSize(sides, facts);
	if (size <= facts.prepare.size)
		return 'Nine of ten objects are larger. Look whether the small ones are specks left over from drawing, and mend those masks before you open them.';
	const fewer = facts.depth > 2 ? ' A net with fewer levels has smaller cells.' : '';
	if (facts.prepare.sizing === 'crop') return `Images of a higher resolution would show them larger.${fewer}`;
	const larger =
		size <= largestSize
			? `At a size of ${size} (now ${facts.prepare.size}) nine of ten would be larger than that.`
			: `No size up to ${largestSize} is enough for nine of ten.`;
	return `${larger} Crops keep the images’ own scale.${fewer}`;
}

/** Objects that are less than one pixel at the deepest level of the net. */
export const smallObjects: Check = {
	id: 'small-objects',
	find(facts) {
		const cell = 2 ** facts.depth;
		const looked = measured(facts.images).map((image) => {
			const { objects } = image.pixels;
			const scale = scaleOf(image, facts.prepare);
			const sides = objects.map((object) => longerSide(object, scale));
			const lost = objects.filter(({ width, height }) => width * scale[0] < 1 || height * scale[1] < 1).length;
			return { id: image.id, sides, lost, small: sides.filter((side) => side < cell).length };
		});
		const sides = looked.flatMap((image) => image.sides);
		const small = sides.filter((side) => side < cell).length;
		if (small === 0) return [];
		const lost = looked.reduce((sum, image) => sum + image.lost, 0);
		const images = looked.filter((image) => image.small > 0).sort((a, b) => b.small / b.sides.length - a.small / a.sides.length);
		return [
			{
				severity: small >= many * sides.length || lost > 0 ? 'warning' : 'info',
				title: `${small} of ${counted(sides.length, 'object')} (${percent(small / sides.length)}) are smaller than ${cell} pixels as the net sees them`,
				images: images.map((image) => ({ id: image.id, detail: `${image.small} of ${image.sides.length}` })),
				meaning: `The net halves the image ${facts.depth} times: at its deepest level they are less than one pixel, and only the upper levels can find them.${
					lost > 0 ? ` ${counted(lost, 'is', 'are')} thinner than one pixel after resizing and may be lost altogether.` : ''
				}`,
				remedy: remedyOf(sides, facts),
				mend: null,
			},
		];
	},
};
