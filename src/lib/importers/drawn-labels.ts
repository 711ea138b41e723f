/** What the shapes of annotation files mean as classes. */
import { AppError } from '#lib/core/errors.ts';
import type { LabelMap } from '#lib/core/sample.ts';
import { markTouching } from '#lib/pixels/touching.ts';
import { isBackgroundName, isIgnoredName } from './class-maps.ts';
import { hexOf } from './colour-readings.ts';
import type { DescribedClass } from './descriptors/descriptor.ts';
import { type Drawn, drawObjects } from './descriptors/drawing.ts';
import type { DrawnObject } from './descriptors/shapes.ts';
import { markedScheme, maxNamedClasses, type LabelProposal, type ReadingId, readingsOf, type ReadLabels } from './label-proposal.ts';
import type { LabelEncoding } from './mask-values.ts';
import { readTouching } from './value-readings.ts';

/** The value of pixels that an annotation marks as not to be counted. */
const ignoredValue = 255;

/** Classes of which some shape is, in the order of the description. */
function usedClasses(
	classes: readonly DescribedClass[],
	drawn: readonly (readonly DrawnObject[])[],
): { used: DescribedClass[]; absent: string[] } {
	const names = new Set(drawn.flatMap((objects) => objects.map(({ className }) => className)));
	return {
		used: classes.filter(({ name }) => names.has(name)),
		absent: classes.filter(({ name }) => !names.has(name)).map(({ name }) => name),
	};
}

function classNotes(absent: readonly string[], ignored: readonly string[]): string[] {
	const list = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ');
	const left = absent.filter((name) => !isBackgroundName(name));
	return [
		...(left.length > 0
			? [`Classes without a shape are left out: ${list(left.slice(0, 12))}${left.length > 12 ? ` and ${left.length - 12} more` : ''}.`]
			: []),
		...(ignored.length > 0 ? [`${list(ignored)} counts as “not labelled” and is ignored.`] : []),
	];
}

/** Each class of the shapes is a class; null for more than fit. */
function readShapes(classes: readonly DescribedClass[], drawn: readonly (readonly DrawnObject[])[]): ReadLabels | null {
	const { used, absent } = usedClasses(classes, drawn);
	const ignored = used.filter(({ name }) => isIgnoredName(name)).map(({ name }) => name);
	const foreground = used.filter(({ name }) => !isIgnoredName(name) && !isBackgroundName(name));
	if (foreground.length + 1 > maxNamedClasses) return null;
	const values = new Map([
		...foreground.map(({ name }, index) => [name, index + 1] as const),
		...ignored.map((name) => [name, ignoredValue] as const),
	]);
	const named = foreground.map(({ name, colour }, index) => ({
		name: name.trim().slice(0, 60) || `class ${index + 1}`,
		...(colour === undefined ? {} : { colour: hexOf(colour) }),
		values: [index + 1],
	}));
	const all = named.length > 0 ? named : [{ name: 'foreground', values: [1] }];
	const scheme = {
		kind: 'values',
		classes: [{ name: 'background', values: [0] }, ...all],
		ignore: ignored.length > 0 ? [ignoredValue] : [],
	} as const;
	return { encoding: { kind: 'shapes', values }, scheme, notes: classNotes(absent, ignored), warning: null };
}

/** Suggests what the shapes mean. `drawn`: the objects of each image. */
export function suggestDrawnLabels(
	classes: readonly DescribedClass[],
	drawn: readonly (readonly DrawnObject[])[],
	chosen: ReadingId | null,
): Omit<LabelProposal, 'polarity'> {
	const shapes = readShapes(classes, drawn);
	const ids: readonly ReadingId[] = shapes === null ? ['any', 'touching'] : ['shapes', 'any', 'touching'];
	const reading = ids.find((id) => id === chosen) ?? ids[0] ?? 'any';
	const crowds = drawn.some((objects) => objects.some(({ crowd }) => crowd));
	const any: ReadLabels = { encoding: { kind: 'union' }, scheme: markedScheme(), notes: [], warning: null };
	const tooMany = `The annotations have more than ${maxNamedClasses - 1} classes; whatever is marked is taken as one.`;
	if (reading === 'touching') {
		const read = readTouching();
		const crowdNote = 'Regions marked as crowds hold objects that are not told apart; they are ignored.';
		return {
			...read,
			scheme: { ...read.scheme, ignore: crowds ? [ignoredValue] : [] },
			notes: [...read.notes, ...(crowds ? [crowdNote] : [])],
			reading,
			readings: readingsOf(...ids),
		};
	}
	const read = reading === 'shapes' && shapes ? shapes : { ...any, notes: shapes === null ? [tooMany] : [] };
	return { ...read, reading, readings: readingsOf(...ids) };
}

/** Objects of one group are one thing: they get one number. */
function numbersOf(objects: readonly DrawnObject[]): Map<DrawnObject, number> {
	const groups = new Map<string, number>();
	const numbers = new Map<DrawnObject, number>();
	let next = 0;
	for (const object of objects) {
		const key = object.group === null ? null : `${object.className} ${object.group}`;
		const known = key === null ? undefined : groups.get(key);
		const number = known ?? (next++ % 65_535) + 1;
		if (key !== null) groups.set(key, number);
		numbers.set(object, number);
	}
	return numbers;
}

async function drawTouching(objects: readonly DrawnObject[], width: number, height: number): Promise<Drawn> {
	const numbers = numbersOf(objects);
	const apart = objects.filter(({ crowd, className }) => !crowd && !isBackgroundName(className));
	const { map, uncovered } = await drawObjects(apart, width, height, (object) => numbers.get(object) ?? 0);
	const data = markTouching(map.data, width, height);
	const crowds = await drawObjects(
		objects.filter(({ crowd }) => crowd),
		width,
		height,
		() => 1,
	);
	crowds.map.data.forEach((inCrowd, at) => {
		if (inCrowd === 1 && data[at] === 0) data[at] = ignoredValue;
	});
	return { map: { width, height, data }, uncovered };
}

/** The label map of one image from its shapes. Rejects with `description-unreadable`. */
export async function drawLabels(
	objects: readonly DrawnObject[],
	width: number,
	height: number,
	encoding: LabelEncoding,
	path: string,
): Promise<{ map: LabelMap; uncovered: number }> {
	try {
		if (encoding.kind === 'objects') return await drawTouching(objects, width, height);
		const valueOf =
			encoding.kind === 'shapes'
				? ({ className }: DrawnObject): number => encoding.values.get(className) ?? 0
				: ({ className }: DrawnObject): number => (isBackgroundName(className) || isIgnoredName(className) ? 0 : 1);
		return await drawObjects(objects, width, height, valueOf);
	} catch (error) {
		throw error instanceof AppError ? new AppError(error.code, { ...error.facts, path }, { cause: error }) : error;
	}
}
