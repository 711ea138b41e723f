/** What one mask file holds, and how its stored values become label values. */
import { AppError } from '#lib/core/errors.ts';
import type { LabelMap } from '#lib/core/sample.ts';
import type { StoredMask } from './format.ts';

/** How the stored samples of all masks of a data set become one value per pixel. */
export type LabelEncoding =
	/** The one channel as it is stored: grey level, 16-bit id or palette index. */
	| { readonly kind: 'stored' }
	/** The place of the pixel's colour in this list; colours as 0xRRGGBB. */
	| { readonly kind: 'colours'; readonly colours: readonly number[] }
	/** 1 where any of the image's mask files is not zero. */
	| { readonly kind: 'union' };

/** Pixels per value, ascending by value. */
export type ValueCounts = readonly (readonly [value: number, count: number])[];

/** What one mask file holds. */
export interface MaskFacts {
	readonly width: number;
	readonly height: number;
	readonly lossy: boolean;
	/** `values`: one channel. `colours`: values are 0xRRGGBB. */
	readonly kind: 'values' | 'colours';
	/** With more than `maxColours` colours only those met first are counted. */
	readonly counts: ValueCounts;
	/** Colour of each stored value that occurs; null for 16-bit values, which have none. */
	readonly colourOf: ReadonlyMap<number, number> | null;
	readonly hasPalette: boolean;
	/** What was done to get one channel, as sentences. */
	readonly notes: readonly string[];
}

/** No mask means this many colours; counting stops here. */
const maxColours = 1024;

/** Largest difference between the channels of a grey pixel that JPEG may have added. */
const lossyGreyTolerance = 48;

interface Channel {
	readonly data: Uint8Array | Uint16Array;
	readonly note: string | null;
}

function isConstant(mask: StoredMask, channel: number): boolean {
	const { data, channels } = mask;
	for (let i = channel; i < data.length; i += channels) if (data[i] !== data[channel]) return false;
	return true;
}

function takeChannel(mask: StoredMask, channel: number): Uint8Array | Uint16Array {
	const pixels = mask.width * mask.height;
	const data = mask.data instanceof Uint16Array ? new Uint16Array(pixels) : new Uint8Array(pixels);
	for (let i = 0; i < pixels; i++) data[i] = mask.data[i * mask.channels + channel]!;
	return data;
}

/** True when red, green and blue are equal in every pixel, or nearly so in a lossy file. */
function isGrey({ data, channels, lossy }: StoredMask): boolean {
	const tolerance = lossy ? lossyGreyTolerance : 0;
	for (let i = 0; i < data.length; i += channels) {
		const [red, green, blue] = [data[i]!, data[i + 1]!, data[i + 2]!];
		if (Math.max(red, green, blue) - Math.min(red, green, blue) > tolerance) return false;
	}
	return true;
}

/** The one channel that a mask is in, or null when it is coloured. */
function singleChannel(mask: StoredMask): Channel | null {
	const { channels } = mask;
	if (channels === 1) return { data: mask.data, note: null };
	const hasAlpha = channels === 2 || channels === 4;
	if (hasAlpha && !isConstant(mask, channels - 1) && Array.from({ length: channels - 1 }, (_, c) => c).every((c) => isConstant(mask, c))) {
		return { data: takeChannel(mask, channels - 1), note: 'The mask is in the transparency of its file.' };
	}
	if (channels === 2) return { data: takeChannel(mask, 0), note: 'The grey channel is used; transparency is left aside.' };
	// Green carries most of the brightness, so it suffers least from lossy compression.
	return isGrey(mask) ? { data: takeChannel(mask, 1), note: 'The mask is stored as a colour picture but holds greys only.' } : null;
}

function countValues(data: Uint8Array | Uint16Array): ValueCounts {
	const counts = new Uint32Array(data instanceof Uint16Array ? 65536 : 256);
	for (let i = 0; i < data.length; i++) counts[data[i]!]!++;
	return Array.from(counts.entries()).filter(([, count]) => count > 0);
}

/** The value counts of a label map. */
export function countLabels(mask: LabelMap): ValueCounts {
	return countValues(mask.data);
}

function colourAt({ data, channels }: StoredMask, pixel: number): number {
	const start = pixel * channels;
	return (data[start]! << 16) | (data[start + 1]! << 8) | data[start + 2]!;
}

function countColours(mask: StoredMask): ValueCounts {
	const counts = new Map<number, number>();
	for (let i = 0; i < mask.width * mask.height; i++) {
		const colour = colourAt(mask, i);
		const count = counts.get(colour);
		if (count !== undefined) counts.set(colour, count + 1);
		else if (counts.size <= maxColours) counts.set(colour, 1);
	}
	return [...counts].sort(([a], [b]) => a - b);
}

function refuseDeepColours(mask: StoredMask): void {
	if (mask.data instanceof Uint16Array) throw new AppError('format-unsupported', { format: 'mask in 16-bit colours' });
}

/** The colour of a stored value: from the palette, else the grey of that level. Null for an index without a colour. */
function storedColour(mask: StoredMask, value: number): number | null {
	const { palette } = mask;
	if (palette === null) return value * 0x010101;
	if (value * 3 + 2 >= palette.length) return null;
	return (palette[value * 3]! << 16) | (palette[value * 3 + 1]! << 8) | palette[value * 3 + 2]!;
}

/** Describes one mask file. Throws `format-unsupported` for 16-bit colours. */
export function describeMask(mask: StoredMask): MaskFacts {
	const { width, height, lossy } = mask;
	const channel = singleChannel(mask);
	if (channel === null) {
		refuseDeepColours(mask);
		return { width, height, lossy, kind: 'colours', counts: countColours(mask), colourOf: null, hasPalette: false, notes: [] };
	}
	const counts = countValues(channel.data);
	const isDeep = channel.data instanceof Uint16Array;
	const colours = counts.flatMap(([value]) => {
		const colour = storedColour(mask, value);
		return colour === null ? [] : [[value, colour] as const];
	});
	return {
		width,
		height,
		lossy,
		kind: 'values',
		counts,
		colourOf: isDeep ? null : new Map(colours),
		hasPalette: mask.palette !== null,
		notes: channel.note === null ? [] : [channel.note],
	};
}

function tooManyValues(): AppError {
	return new AppError('mask-has-too-many-values', {});
}

function placesOfColours(mask: StoredMask, colours: readonly number[]): Uint8Array {
	const placeOf = new Map(colours.map((colour, place) => [colour, place]));
	const channel = singleChannel(mask);
	const data = new Uint8Array(mask.width * mask.height);
	for (let i = 0; i < data.length; i++) {
		const colour = channel === null ? colourAt(mask, i) : storedColour(mask, channel.data[i]!);
		const place = colour === null ? undefined : placeOf.get(colour);
		if (place === undefined) throw tooManyValues();
		data[i] = place;
	}
	return data;
}

/** Marks with 1 every pixel where the mask is not zero; in a coloured mask, not black. */
function markNonZero(mask: StoredMask, marks: Uint8Array): void {
	const channel = singleChannel(mask);
	for (let i = 0; i < marks.length; i++) if ((channel === null ? colourAt(mask, i) : channel.data[i]!) !== 0) marks[i] = 1;
}

/**
 * The label map of one image from its mask files, all of one size.
 * Throws `mask-has-too-many-values` for a value that the encoding does not know.
 */
export function labelMapOf(parts: readonly StoredMask[], encoding: LabelEncoding): LabelMap {
	const [first] = parts;
	if (!first) throw new RangeError('A label map needs at least one mask file.');
	const { width, height } = first;
	switch (encoding.kind) {
		case 'stored': {
			const channel = singleChannel(first);
			if (channel === null) throw tooManyValues();
			return { width, height, data: channel.data };
		}
		case 'colours':
			refuseDeepColours(first);
			return { width, height, data: placesOfColours(first, encoding.colours) };
		case 'union': {
			const marks = new Uint8Array(width * height);
			for (const part of parts) markNonZero(part, marks);
			return { width, height, data: marks };
		}
		default:
			return encoding satisfies never;
	}
}
