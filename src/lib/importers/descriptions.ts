/** All annotation files of what was opened: read, and joined to sets that describe one image once. */
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import { lastPart } from '#lib/core/paths.ts';
import { meaningOf, type LabelScheme } from '#lib/core/sample.ts';
import { breathe, isBreathDue } from './breathe.ts';
import type { ClassMap } from './class-maps.ts';
import type { DescribedClass, Description, Descriptor, ListedSample, Surroundings } from './descriptors/descriptor.ts';
import { descriptors } from './descriptors/index.ts';
import type { LabelMapEntry } from './descriptors/label-map.ts';
import { PictureNames, type PictureSize } from './descriptors/picture-names.ts';
import type { DrawnObject } from './descriptors/shapes.ts';
import { type TextFile, TextFiles } from './descriptors/text-file.ts';
import type { IgnoredFile, ImportProblem, OpenedFile } from './opened-file.ts';

/** The shapes of one image, and the file that holds them. */
export interface DrawnMask {
	readonly objects: readonly DrawnObject[];
	readonly path: string;
}

/** Annotation files of one kind that together describe each image once. */
export interface DescribedSet {
	readonly id: string;
	/** Place of its reader on the shelf. */
	readonly rank: number;
	/** `COCO` */
	readonly format: string;
	readonly paths: readonly string[];
	/** By the image's path. */
	readonly drawn: ReadonlyMap<string, DrawnMask>;
	readonly listed: ReadonlyMap<string, ListedSample & { readonly path: string }>;
	readonly classes: readonly DescribedClass[];
	readonly classMap: ClassMap | null;
	/** What the stored values of the listed masks mean, exactly; null where no file says so, or two contradict each other. */
	readonly scheme: LabelScheme | null;
	readonly problems: readonly ImportProblem[];
	readonly notes: readonly string[];
}

export interface Descriptions {
	readonly sets: readonly DescribedSet[];
	/** Lists of classes that came without any samples. */
	readonly classMap: ClassMap | null;
	/** Annotation files that could not be read. */
	readonly problems: readonly ImportProblem[];
	/** Text files that no reader knew. */
	readonly unknown: readonly IgnoredFile[];
	/** Text files that were read: what became of them. */
	readonly used: readonly IgnoredFile[];
	readonly notes: readonly string[];
}

interface Read {
	readonly path: string;
	readonly descriptor: Descriptor;
	readonly description: Description;
}

/** The first reader on the shelf that knows the file. */
async function readOne(file: TextFile, surroundings: Surroundings): Promise<Read | null> {
	for (const descriptor of descriptors) {
		if (!descriptor.match(file)) continue;
		const description = await descriptor.read(file, surroundings);
		if (description !== null) return { path: file.path, descriptor, description };
	}
	return null;
}

/** Why a text file that no reader knows is left out. */
function unknownReason(path: string): string {
	if (/(?:^|\/)imagesets\//iu.test(path)) return 'A list of names; images and masks are found by their folders.';
	if (/\.xml$/iu.test(path)) return 'No annotation file with masks that is known here; boxes alone are no masks.';
	return /\.(json|csv|ya?ml)$/iu.test(path) ? 'No annotation file that is known here.' : 'Not a picture.';
}

const quoted = (names: readonly string[], most: number): string =>
	`${names
		.slice(0, most)
		.map((name) => `“${name}”`)
		.join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;

/** What is said of one set: entries without an opened image, shapes without an area. */
function setNotes(reads: readonly Read[], format: string): string[] {
	const missing = [...new Set(reads.flatMap(({ description }) => description.missing))];
	const kinds = new Map<string, number>();
	for (const [kind, count] of reads.flatMap(({ description }) => description.leftOut)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
	const notes = [...new Set(reads.flatMap(({ description }) => description.notes))];
	return [
		...(missing.length > 0
			? [
					`${format} names ${missing.length} ${missing.length === 1 ? 'image that was' : 'images that were'} not opened: ${quoted(missing, 3)}.`,
				]
			: []),
		...[...kinds].map(
			([kind, count]) =>
				`${count} ${count === 1 ? 'shape' : 'shapes'} of the kind “${kind}” ${count === 1 ? 'has' : 'have'} no area and ${count === 1 ? 'is' : 'are'} left out.`,
		),
		...notes,
	];
}

const imagesOf = ({ drawn, listed }: Description): string[] => [...drawn, ...listed].map(({ imagePath }) => imagePath);

/** Lists of classes as one; a name that means two things in two files is taken from the first. */
function classMapOf(maps: readonly { path: string; entries: readonly LabelMapEntry[] }[]): ClassMap | null {
	const [first] = maps;
	return first ? { source: `“${lastPart(first.path)}”`, entries: first.entries } : null;
}

function labelMapsOf(reads: readonly Read[]): { path: string; entries: readonly LabelMapEntry[] }[] {
	return reads.flatMap(({ path, description: { labelMap } }) =>
		labelMap === null || labelMap.length === 0 ? [] : [{ path, entries: labelMap }],
	);
}

/** Puts each file into the first set of its kind that does not know its images yet. */
function groupsOf(reads: readonly Read[]): Read[][] {
	const groups: { readonly reads: Read[]; readonly images: Set<string>; readonly kind: string }[] = [];
	for (const read of reads) {
		const images = imagesOf(read.description);
		const kind = `${read.descriptor.id} ${read.description.drawn.length > 0 ? 'drawn' : 'listed'}`;
		const group = groups.find((candidate) => candidate.kind === kind && !images.some((path) => candidate.images.has(path)));
		if (group) {
			group.reads.push(read);
			for (const path of images) group.images.add(path);
		} else groups.push({ reads: [read], images: new Set(images), kind });
	}
	return groups.map((group) => group.reads);
}

function uniqueClasses(reads: readonly Read[]): DescribedClass[] {
	const classes = new Map<string, DescribedClass>();
	for (const { description } of reads) {
		const used = description.drawn.flatMap(({ objects }) => objects.map(({ className }) => ({ name: className })));
		for (const entry of [...description.classes, ...used]) if (!classes.has(entry.name)) classes.set(entry.name, entry);
	}
	return [...classes.values()];
}

/** What all files say alike. */
function schemeOf(reads: readonly Read[]): LabelScheme | null {
	const [first, ...others] = reads.map(({ description }) => description.scheme);
	if (!first) return null;
	return others.every((scheme) => scheme !== null && meaningOf(scheme) === meaningOf(first)) ? first : null;
}

function setOf(reads: readonly Read[]): DescribedSet {
	const [first] = reads;
	const format = first?.descriptor.name ?? '';
	return {
		id: `${first?.descriptor.id ?? ''}:${first?.path ?? ''}`,
		rank: descriptors.findIndex((descriptor) => descriptor === first?.descriptor),
		format,
		paths: reads.map(({ path }) => path),
		drawn: new Map(
			reads.flatMap(({ path, description }) => description.drawn.map(({ imagePath, objects }) => [imagePath, { objects, path }] as const)),
		),
		listed: new Map(
			reads.flatMap(({ path, description }) => description.listed.map((sample) => [sample.imagePath, { ...sample, path }] as const)),
		),
		classes: uniqueClasses(reads),
		classMap: classMapOf(labelMapsOf(reads)),
		scheme: schemeOf(reads),
		problems: reads.flatMap(({ description }) => description.problems),
		notes: setNotes(reads, format),
	};
}

/** Sorts what was read into sets with samples, lists of classes, and files whose images are all missing. */
function joined(reads: readonly Read[]): Pick<Descriptions, 'sets' | 'classMap' | 'used' | 'notes'> {
	const withImages = reads.filter(({ description }) => imagesOf(description).length + description.problems.length > 0);
	const others = reads.filter((read) => !withImages.includes(read));
	const lonely = others.filter(({ description }) => description.missing.length > 0);
	const sets = groupsOf(withImages).map(setOf);
	const used = reads.flatMap(({ path, descriptor, description }) => [
		{ path, reason: `Read as ${descriptor.name}.` },
		...description.alsoRead.map((also) => ({ path: also, reason: `Read along with ${descriptor.name} files.` })),
	]);
	const unique = [...new Map(used.map((file) => [file.path, file])).values()];
	return {
		sets,
		classMap: classMapOf(labelMapsOf(others)),
		used: unique,
		notes: lonely.length > 0 ? setNotes(lonely, 'An annotation file') : [],
	};
}

export interface DescribeOptions {
	readonly signal?: AbortSignal | undefined;
	readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Reads every text file that describes pictures. A damaged one never stops the others. Rejects only with `cancelled`. */
export async function readDescriptions(
	files: ReadonlyMap<string, OpenedFile>,
	picturePaths: readonly string[],
	sizeOf: (path: string) => PictureSize,
	options: DescribeOptions = {},
): Promise<Descriptions> {
	const texts = new TextFiles(files);
	const surroundings = { pictures: new PictureNames(picturePaths, sizeOf), texts };
	const reads: Read[] = [];
	const problems: ImportProblem[] = [];
	const unknown: string[] = [];
	for (const [index, path] of [...files.keys()].sort().entries()) {
		throwIfCancelled(options.signal);
		if (isBreathDue()) await breathe();
		try {
			const read = await readOne(await texts.read(path), surroundings);
			if (read) reads.push(read);
			else unknown.push(path);
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			problems.push({ paths: [path], code: error.code, facts: { path, ...error.facts } });
		}
		options.onProgress?.(index + 1, files.size);
	}
	const result = joined(reads);
	const used = new Set([...result.used, ...problems.flatMap(({ paths }) => paths.map((path) => ({ path })))].map(({ path }) => path));
	return { ...result, problems, unknown: unknown.filter((path) => !used.has(path)).map((path) => ({ path, reason: unknownReason(path) })) };
}
