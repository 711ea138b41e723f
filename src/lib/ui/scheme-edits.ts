/** Edits of what stored mask values mean. Each takes a scheme and gives a new one. Pure. */
import type { LabelScheme } from '#lib/core/sample.ts';

export type ValuesScheme = Extract<LabelScheme, { kind: 'values' }>;
export type ThresholdScheme = Extract<LabelScheme, { kind: 'threshold' }>;

/** Stored value and its share of all mask pixels, 0…1. */
export type ValueShare = readonly [value: number, share: number];

/** Where a stored value belongs: a class index, or nowhere. */
export type Belongs = number | 'ignore';

/** One class per stored value, the smallest being the background. At least two classes. */
export function classesByValue(shares: readonly ValueShare[]): ValuesScheme {
	const values = shares.map(([value]) => value).sort((a, b) => a - b);
	const [background = 0, ...others] = values;
	const foreground = others.length > 0 ? others : [background === 0 ? 255 : 0];
	const name = (index: number): string => (foreground.length === 1 ? 'foreground' : `class ${index + 1}`);
	return {
		kind: 'values',
		classes: [{ name: 'background', values: [background] }, ...foreground.map((value, index) => ({ name: name(index), values: [value] }))],
		ignore: [],
	};
}

/** Two classes around the middle of the range that is used. */
export function foregroundAboveThreshold(shares: readonly ValueShare[]): ThresholdScheme {
	const highest = shares.reduce((high, [value]) => Math.max(high, value), 1);
	return {
		kind: 'threshold',
		threshold: Math.floor(highest / 2),
		inverted: false,
		classes: [{ name: 'background' }, { name: 'foreground' }],
		ignore: [],
	};
}

/** Where a value belongs now. A value that no class lists is ignored, as in training. */
export function belongsTo(scheme: ValuesScheme, value: number): Belongs {
	if (scheme.ignore.includes(value)) return 'ignore';
	const index = scheme.classes.findIndex((entry) => entry.values.includes(value));
	return index < 0 ? 'ignore' : index;
}

/** Moves a stored value to a class, or out of all of them. */
export function assignValue(scheme: ValuesScheme, value: number, to: Belongs): ValuesScheme {
	const without = (values: readonly number[]): number[] => values.filter((other) => other !== value);
	const withValue = (values: readonly number[]): number[] => [...without(values), value].sort((a, b) => a - b);
	return {
		...scheme,
		classes: scheme.classes.map((entry, index) => ({ ...entry, values: index === to ? withValue(entry.values) : without(entry.values) })),
		ignore: to === 'ignore' ? withValue(scheme.ignore) : without(scheme.ignore),
	};
}

export function addClass(scheme: ValuesScheme): ValuesScheme {
	return { ...scheme, classes: [...scheme.classes, { name: `class ${scheme.classes.length}`, values: [] }] };
}

/** Removes a foreground class; its values become background. */
export function removeClass(scheme: ValuesScheme, index: number): ValuesScheme {
	const freed = scheme.classes[index]?.values ?? [];
	const classes = scheme.classes
		.map((entry, place) => (place === 0 ? { ...entry, values: [...entry.values, ...freed].sort((a, b) => a - b) } : entry))
		.filter((_, place) => place !== index);
	return { ...scheme, classes };
}

/** Joins a class to another one, which keeps its name and colour. */
export function mergeClass(scheme: ValuesScheme, index: number, into: number): ValuesScheme {
	const moved = scheme.classes[index]?.values ?? [];
	const classes = scheme.classes
		.map((entry, place) => (place === into ? { ...entry, values: [...entry.values, ...moved].sort((a, b) => a - b) } : entry))
		.filter((_, place) => place !== index);
	return { ...scheme, classes };
}

/** Gives a class a colour, `#rrggbb`; null takes it away, so that the app's own is shown. */
export function colourClass(scheme: LabelScheme, index: number, colour: string | null): LabelScheme {
	const field = colour === null ? {} : { colour };
	if (scheme.kind === 'values') {
		const classes = scheme.classes.map((entry, place) => (place === index ? { name: entry.name, ...field, values: entry.values } : entry));
		return { ...scheme, classes };
	}
	const [background, foreground] = scheme.classes;
	const changed = { name: (index === 0 ? background : foreground).name, ...field };
	return { ...scheme, classes: index === 0 ? [changed, foreground] : [background, changed] };
}

/** The app's own colours for all classes: people with any kind of colour vision can tell them apart. */
export function withOwnColours(scheme: LabelScheme): LabelScheme {
	return scheme.classes.reduce((changed, _, index) => colourClass(changed, index, null), scheme);
}

/** Gives a class a name. An empty name keeps the old one. */
export function renameClass(scheme: LabelScheme, index: number, name: string): LabelScheme {
	const trimmed = name.trim().slice(0, 60);
	if (trimmed === '') return scheme;
	if (scheme.kind === 'values') {
		return { ...scheme, classes: scheme.classes.map((entry, place) => (place === index ? { ...entry, name: trimmed } : entry)) };
	}
	const [background, foreground] = scheme.classes;
	return { ...scheme, classes: index === 0 ? [{ name: trimmed }, foreground] : [background, { name: trimmed }] };
}

/** Background becomes foreground and the other way round, of two classes. The names stay in their places. */
export function flipPolarity(scheme: LabelScheme): LabelScheme {
	if (scheme.kind === 'threshold') return { ...scheme, inverted: !scheme.inverted };
	const [background, foreground, ...more] = scheme.classes;
	if (!background || !foreground || more.length > 0) return scheme;
	return {
		...scheme,
		classes: [
			{ ...background, values: foreground.values },
			{ ...foreground, values: background.values },
		],
	};
}

/** Share of pixels per class, ignored ones left out of the whole; zeros when nothing counts. */
export function classShares(scheme: LabelScheme, shares: readonly ValueShare[]): number[] {
	const classOf = (value: number): Belongs => {
		if (scheme.kind === 'values') return belongsTo(scheme, value);
		return scheme.ignore.includes(value) ? 'ignore' : Number(value > scheme.threshold !== scheme.inverted);
	};
	const sums = scheme.classes.map(() => 0);
	for (const [value, share] of shares) {
		const to = classOf(value);
		if (to !== 'ignore') sums[to] = (sums[to] ?? 0) + share;
	}
	const total = sums.reduce((a, b) => a + b, 0);
	return sums.map((sum) => (total === 0 ? 0 : sum / total));
}
