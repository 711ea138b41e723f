/** What every reader of annotation files on the shelf provides, and the words they share. */
import { AppError } from '#lib/core/errors.ts';
import type { LabelScheme } from '#lib/core/sample.ts';
import type { ImportProblem } from '../opened-file.ts';
import type { LabelMapEntry } from './label-map.ts';
import type { PictureNames } from './picture-names.ts';
import type { DrawnObject } from './shapes.ts';
import type { TextFile, TextFiles } from './text-file.ts';

/** An image whose mask is drawn from shapes. */
export interface DrawnSample {
	readonly imagePath: string;
	/** In the order of drawing: later ones lie on top. None: the description says that there is nothing to see. */
	readonly objects: readonly DrawnObject[];
}

/** An image whose mask files the description names. */
export interface ListedSample {
	readonly imagePath: string;
	/** Several when each marks one object. */
	readonly maskPaths: readonly string[];
	/** Further files of the image, each a channel of its own. */
	readonly channelPaths: readonly string[];
	/** As `SampleMeta.tileOf`. */
	readonly tileOf?: string | undefined;
}

export interface DescribedClass {
	readonly name: string;
	/** 0xRRGGBB, where the description gives one. */
	readonly colour?: number | undefined;
}

/** What one annotation file says. */
export interface Description {
	readonly drawn: readonly DrawnSample[];
	readonly listed: readonly ListedSample[];
	/** Classes that the file defines, in its order; objects name theirs. */
	readonly classes: readonly DescribedClass[];
	/** What the values or colours of mask files mean; null when the file does not say. */
	readonly labelMap: readonly LabelMapEntry[] | null;
	/** What the stored values mean, exactly, where the file says so; else null. */
	readonly scheme: LabelScheme | null;
	/** Images that it names and that were not opened. */
	readonly missing: readonly string[];
	/** Images of which an entry could not be read. */
	readonly problems: readonly ImportProblem[];
	/** Kinds of shapes without an area, and how many: [kind, count]. */
	readonly leftOut: readonly (readonly [kind: string, count: number])[];
	/** Other text files that were read along with it. */
	readonly alsoRead: readonly string[];
	/** Remarks, as sentences. */
	readonly notes: readonly string[];
}

/** What a reader may look at besides its own file. */
export interface Surroundings {
	readonly pictures: PictureNames;
	readonly texts: TextFiles;
}

/** One kind of annotation file. */
export interface Descriptor {
	/** Unique on the shelf, for instance `coco`. */
	readonly id: string;
	/** The name that people know it by. */
	readonly name: string;
	/** True when a file may be of this kind, by its path and its first characters. */
	match(file: Pick<TextFile, 'path' | 'start'>): boolean;
	/** What the file says; null when, seen whole, it is something else. Rejects with `description-unreadable`. */
	read(file: TextFile, surroundings: Surroundings): Promise<Description | null>;
}

/** The failure of an annotation file. `reason` completes the sentence "<entry> …". */
export function badDescription(format: string, path: string, entry: string, reason: string, options?: ErrorOptions): AppError {
	return new AppError('description-unreadable', { format, path, entry, reason }, options);
}

/** An image that cannot be used because of one entry of an annotation file. */
export function badEntry(imagePath: string, format: string, path: string, entry: string, reason: string): ImportProblem {
	return { paths: [imagePath], code: 'description-unreadable', facts: { format, path, entry, reason } };
}
