import { classNames } from '#lib/core/sample.ts';
import { type Check, measured } from './check.ts';
import type { ValueFacts } from './facts.ts';

/** So many of a value's pixels lie between a smaller and a larger one, where it is a blurred edge. */
const leastBetween = 0.95;
/** Fewer pixels say nothing. */
const leastPixels = 20;

function totals(lists: readonly (readonly ValueFacts[])[]): ValueFacts[] {
	const sums = new Map<number, ValueFacts>();
	for (const { value, pixels, between } of lists.flat()) {
		const known = sums.get(value);
		sums.set(value, { value, pixels: pixels + (known?.pixels ?? 0), between: between + (known?.between ?? 0) });
	}
	return [...sums.values()].sort((a, b) => a.value - b.value);
}

/**
 * Values that occur only on the way from a smaller to a larger one: an edge that was blurred by resizing. Only what is stored can
 * be seen: where the file's values became classes by colour, or lie under a threshold, there is nothing left to find or to mend.
 */
export const interpolatedLabels: Check = {
	id: 'interpolated-labels',
	find({ scheme, images }) {
		if (scheme.kind !== 'values') return [];
		const looked = measured(images);
		const blurred = totals(looked.map(({ pixels }) => pixels.values)).filter(
			({ pixels, between }) => pixels >= leastPixels && between >= leastBetween * pixels,
		);
		if (blurred.length === 0) return [];
		const values = new Set(blurred.map(({ value }) => value));
		const names = classNames(scheme).filter((_, index) => scheme.classes[index]?.values.some((value) => values.has(value)));
		const holders = looked.filter(({ pixels }) => pixels.values.some(({ value }) => values.has(value)));
		const list = blurred.map(({ value }) => value);
		return [
			{
				severity: 'warning',
				title: `The mask ${list.length === 1 ? 'value' : 'values'} ${list.slice(0, 8).join(', ')}${list.length > 8 ? ` and ${list.length - 8} more` : ''} ${list.length === 1 ? 'looks' : 'look'} like blurred edges`,
				images: holders.map(({ id }) => ({ id, detail: '' })),
				meaning: `Nearly all pixels of ${list.length === 1 ? 'it' : 'them'} lie between a smaller and a larger value, as when labels are resized like photos. The edge is then learnt as ${names.map((name) => `“${name}”`).join(', ')}.`,
				remedy:
					'Under Classes… ignore these values, or choose “Foreground above a threshold” where there are two classes. Better: resize the masks anew, by nearest neighbour.',
				mend: null,
			},
		];
	},
};
