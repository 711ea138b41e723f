/** From stored mask values to class indices. */
import { ignoredClass, type LabelMap, type LabelScheme, type SampleMeta } from '#lib/core/sample.ts';

/** Class index of every stored value 0…65535; a value that no class names is ignored. */
export function classLookup(scheme: LabelScheme): Uint8Array {
	const lookup = new Uint8Array(65536).fill(ignoredClass);
	if (scheme.kind === 'threshold') {
		for (let value = 0; value < lookup.length; value++) lookup[value] = value > scheme.threshold !== scheme.inverted ? 1 : 0;
	} else {
		scheme.classes.forEach((entry, index) => {
			for (const value of entry.values) lookup[value] = index;
		});
	}
	for (const value of scheme.ignore) lookup[value] = ignoredClass;
	return lookup;
}

/** Class index per pixel [H·W]; `ignoredClass` where the pixel counts nowhere. */
export function toClassMap(mask: LabelMap, lookup: Uint8Array): Uint8Array {
	const classes = new Uint8Array(mask.data.length);
	for (let i = 0; i < classes.length; i++) classes[i] = lookup[mask.data[i]!]!;
	return classes;
}

/** Pixels per class of one sample, from its stored value counts. Ignored pixels are left out. */
export function classCounts(sample: SampleMeta, scheme: LabelScheme, lookup: Uint8Array = classLookup(scheme)): number[] {
	const counts = scheme.classes.map(() => 0);
	for (const [value, count] of sample.valueCounts) {
		const index = lookup[value];
		if (index !== undefined && index !== ignoredClass) counts[index] = (counts[index] ?? 0) + count;
	}
	return counts;
}

/** Share of counted pixels that are not background, 0…1; 0 when nothing counts. */
export function foregroundShare(sample: SampleMeta, scheme: LabelScheme, lookup?: Uint8Array): number {
	const counts = classCounts(sample, scheme, lookup);
	const total = counts.reduce((sum, count) => sum + count, 0);
	return total === 0 ? 0 : (total - (counts[0] ?? 0)) / total;
}
