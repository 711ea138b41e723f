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

/**
 * The stored value that a class is written as: the first that means it, 8 bits where possible; null when none does. For
 * `ignoredClass` the scheme's first ignored value.
 */
export function storedValueOf(scheme: LabelScheme, classIndex: number, lookup: Uint8Array = classLookup(scheme)): number | null {
	if (classIndex === ignoredClass) return scheme.ignore[0] ?? null;
	if (scheme.kind === 'threshold') {
		// The brightest and the darkest value of 8 bits lie safely on their side, unless the threshold is above them.
		const value = [255, 0].find((candidate) => lookup[candidate] === classIndex) ?? lookup.indexOf(classIndex);
		return value < 0 ? null : value;
	}
	return scheme.classes[classIndex]?.values.find((candidate) => lookup[candidate] === classIndex) ?? null;
}

/**
 * Classes back to stored values. A pixel whose class is that of `base` keeps its stored value; the others get the value of
 * their class. Throws a RangeError for a class that no value means.
 */
export function toLabelMap(classes: Uint8Array, base: LabelMap, scheme: LabelScheme): LabelMap {
	const lookup = classLookup(scheme);
	const values = new Map<number, number>();
	for (const index of new Set(classes)) {
		const value = storedValueOf(scheme, index, lookup);
		if (value !== null) values.set(index, value);
	}
	const wide = base.data instanceof Uint16Array || [...values.values()].some((value) => value > 255);
	const data = wide ? Uint16Array.from(base.data) : Uint8Array.from(base.data);
	for (let at = 0; at < data.length; at++) {
		const index = classes[at]!;
		if (lookup[data[at]!] === index) continue;
		const value = values.get(index);
		if (value === undefined) throw new RangeError(`no stored value means class ${index}`);
		data[at] = value;
	}
	return { width: base.width, height: base.height, data };
}
