/** The words of the data: images, label maps, samples, classes, data sets. Pure data; no pixels are kept in metadata. */
import * as v from 'valibot';

/** `T` with every level read-only. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** An image as stored in its file, channels last. `data.length === width · height · channels`. */
export interface Raster {
	readonly width: number;
	readonly height: number;
	/** 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA; of other counts the first three are used. */
	readonly channels: number;
	/** Largest value a sample can take: 255 or 65535. */
	readonly maxValue: number;
	readonly data: Uint8Array | Uint16Array;
}

/** A mask with the label values exactly as stored in its file. `data.length === width · height`. */
export interface LabelMap {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array | Uint16Array;
}

const storedValue = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
const className = v.pipe(v.string(), v.minLength(1), v.maxLength(60));
/** `#rrggbb`; without one the app's own colours are used. It changes no training. */
const classColour = v.exactOptional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/u)));

export const labelSchemeSchema = v.variant('kind', [
	v.object({
		kind: v.literal('values'),
		classes: v.pipe(
			v.array(v.object({ name: className, colour: classColour, values: v.array(storedValue) })),
			v.minLength(2),
			v.maxLength(64),
		),
		ignore: v.array(storedValue),
	}),
	v.object({
		kind: v.literal('threshold'),
		threshold: storedValue,
		/** True when the dark side (value ≤ threshold) is the foreground. */
		inverted: v.boolean(),
		classes: v.tuple([v.object({ name: className, colour: classColour }), v.object({ name: className, colour: classColour })]),
		ignore: v.array(storedValue),
	}),
]);

/**
 * What the stored values of the masks mean. Class 0 is the background.
 * - `values`: each class lists the stored values that belong to it.
 * - `threshold`: two classes; a stored value above `threshold` is foreground (soft-edged and JPEG masks).
 * Values in `ignore` count neither in the loss nor in a metric.
 */
export type LabelScheme = DeepReadonly<v.InferOutput<typeof labelSchemeSchema>>;

/** A scheme without names and colours, as text: schemes that agree in it give the same training. */
export function meaningOf({ classes, ...rest }: LabelScheme): string {
	const values = classes.map((entry) => ('values' in entry ? entry.values : []));
	return JSON.stringify([Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)), values]);
}

/** The class index written for a pixel that counts nowhere. */
export const ignoredClass = 255;

export interface SampleMeta {
	readonly id: string;
	/** The image's own file name (no folder), used for exported masks. */
	readonly name: string;
	/** Path inside the folder or archive that was opened, for display and grouping. */
	readonly path: string;
	readonly maskPath: string;
	readonly width: number;
	readonly height: number;
	readonly channels: number;
	readonly maxValue: number;
	/** Pixels per stored mask value, ascending by value: [value, count][]. At most 256 entries are kept. */
	readonly valueCounts: readonly (readonly [value: number, count: number])[];
	/** `pixelsHash` of image and mask; absent in data sets of older versions. */
	readonly hash?: string;
	/** The path of the picture that this is a tile of, which the split keeps together; absent for a whole picture. */
	readonly tileOf?: string;
	/** The `MaskVersion` in use; absent for the mask that was opened or drawn with the image. */
	readonly maskVersion?: string;
}

/** A mask that a person has drawn or corrected for an image of a data set. Kept beside the first one, and never changed. */
export interface MaskVersion {
	readonly version: 1;
	readonly id: string;
	readonly sampleId: string;
	/** Milliseconds since 1970. */
	readonly createdAt: number;
	/** What it began from, in words: `the file’s mask`, `Dice, seed 1, best weights`. */
	readonly beganFrom: string;
	readonly valueCounts: SampleMeta['valueCounts'];
	/** `pixelsHash` of the image with this mask. */
	readonly hash: string;
}

export interface DatasetMeta {
	readonly version: 1;
	readonly id: string;
	readonly name: string;
	/** Milliseconds since 1970. */
	readonly createdAt: number;
	/** `files` were opened by the person; `sample` was drawn by the app from a recipe. */
	readonly source:
		| { readonly kind: 'files' }
		| { readonly kind: 'sample'; readonly recipe: string; readonly values: Readonly<Record<string, number>>; readonly seed: number };
	readonly samples: readonly SampleMeta[];
	readonly scheme: LabelScheme;
	/** Bytes of pixels that the data set takes in storage. */
	readonly sizeBytes: number;
	/** SHA-256 (hex) over every sample's pixels and labels in order. */
	readonly fingerprint: string;
	/** The data set whose images these are, with other masks in use; absent for a data set as it was opened. */
	readonly origin?: string;
}

/** The id that a data set shares with those that differ from it in nothing but the masks in use. */
export function originOf({ id, origin }: Pick<DatasetMeta, 'id' | 'origin'>): string {
	return origin ?? id;
}

export interface SamplePixels {
	readonly image: Raster;
	readonly mask: LabelMap;
}

/** The classes of a scheme, background first. */
export function classNames(scheme: LabelScheme): readonly string[] {
	return scheme.classes.map((entry) => entry.name);
}

/** Output channels of the net: 1 (sigmoid) for two classes, otherwise one per class (softmax). */
export function outputChannels(scheme: LabelScheme): number {
	return scheme.classes.length === 2 ? 1 : scheme.classes.length;
}
