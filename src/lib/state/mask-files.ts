/** Predictions as files: what a mask's pixels become, and what the files are called. */
import { lastPart } from '#lib/core/paths.ts';
import type { LabelScheme } from '#lib/core/sample.ts';
import type { Prediction } from '#lib/core/trainer.ts';
import type { Bytes } from '#lib/importers/format.ts';
import { encodePng, encodeSamples } from '#lib/importers/png-encode.ts';
import { writeTiff } from '#lib/importers/tiff-write.ts';

/** Red, green, blue of a class index of a scheme, 0…255 each. */
export type ClassColour = (classIndex: number, scheme: LabelScheme) => readonly [red: number, green: number, blue: number];

/** The class of each pixel: of two classes the second where the level reaches the threshold. */
export function classesOf({ kind, data }: Prediction, thresholdLevel: number): Uint8Array {
	return kind === 'binary' ? data.map((level) => Number(level >= thresholdLevel)) : data;
}

/** What a file's pixels hold. Two classes: 255 where the level reaches the threshold, else 0. Several classes: class indices. */
function storedValues(prediction: Prediction, thresholdLevel: number): Uint8Array {
	const classes = classesOf(prediction, thresholdLevel);
	return prediction.kind === 'binary' ? classes.map((index) => 255 * index) : classes;
}

const palette = ({ scheme }: Prediction, colourOf: ClassColour): Uint8Array =>
	Uint8Array.from(scheme.classes.flatMap((_, index) => [...colourOf(index, scheme)]));

/**
 * The mask as an 8-bit PNG of the image's own size: grey for two classes; for several with their colours as the palette, so that
 * pictures look right and programs read labels.
 */
export function maskPng(prediction: Prediction, thresholdLevel: number, colourOf: ClassColour): Bytes {
	const { kind, width, height } = prediction;
	const values = storedValues(prediction, thresholdLevel);
	return kind === 'binary' ? encodePng(width, height, values) : encodePng(width, height, values, palette(prediction, colourOf));
}

/** The same values as 8-bit grey levels of a TIFF. */
export function maskTiff(prediction: Prediction, thresholdLevel: number): Bytes {
	return writeTiff(prediction.width, prediction.height, storedValues(prediction, thresholdLevel));
}

/** The classes in their colours, to look at: an RGB PNG. */
export function colourPng(prediction: Prediction, thresholdLevel: number, colourOf: ClassColour): Bytes {
	const { width, height } = prediction;
	const colours = palette(prediction, colourOf);
	const data = new Uint8Array(width * height * 3);
	classesOf(prediction, thresholdLevel).forEach((index, at) => data.set(colours.subarray(3 * index, 3 * index + 3), 3 * at));
	return encodeSamples({ width, height, channels: 3, data });
}

/** The probability levels as 8-bit grey: level = min(255, ⌊256 p⌋). Null for several classes, of which only the winner is kept. */
export function probabilityPng({ kind, width, height, data }: Prediction): Bytes | null {
	return kind === 'binary' ? encodePng(width, height, data) : null;
}

const longestName = 120;

/** A name that every file system takes: no separators, no control characters, none of Windows' reserved words. */
export function safeName(text: string): string {
	const plain = text
		.normalize('NFC')
		.replace(/[\p{Cc}\p{Cf}"*/:<>?\\|]+/gu, '-')
		.slice(0, longestName)
		.replace(/^[\s.]+|[\s.]+$/gu, '');
	if (plain === '') return 'unnamed';
	return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu.test(plain) ? `_${plain}` : plain;
}

/** A file's name without folder and extension, made safe: `scans/cell 7.tif` → `cell 7`. */
export function stemOf(path: string): string {
	const name = lastPart(path);
	return safeName(name.replace(/(?<=.)\.[^.]*$/u, ''));
}

/**
 * The same names with a number behind each that came before, upper and lower case being the same as they are on most
 * disks. A name that is taken by itself keeps it: `a`, `a`, `a-2` become `a`, `a-3`, `a-2`.
 */
export function uniqueNames(names: readonly string[]): string[] {
	const taken = new Set<string>();
	const keeps = names.map((name) => {
		const isFirst = !taken.has(name.toLowerCase());
		taken.add(name.toLowerCase());
		return isFirst;
	});
	return names.map((name, index) => {
		if (keeps[index]) return name;
		let number = 2;
		while (taken.has(`${name}-${number}`.toLowerCase())) number++;
		taken.add(`${name}-${number}`.toLowerCase());
		return `${name}-${number}`;
	});
}
