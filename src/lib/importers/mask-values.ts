/** What one mask file holds, and how its stored values become label values. */
import { AppError } from '#lib/core/errors.ts';
import type { LabelMap } from '#lib/core/sample.ts';
import { markTouching } from '#lib/pixels/touching.ts';
import type { StoredMask } from './format.ts';

/** How the stored samples of all masks of a data set become one value per pixel. */
export type LabelEncoding =
	/** The one channel as it is stored: grey level, 16-bit id or palette index. */
	| { readonly kind: 'stored' }
	/** The place of the pixel's colour in this list; colours as 0xRRGGBB. `nearest`: other colours go to the most similar one. */
	| { readonly kind: 'colours'; readonly colours: readonly number[]; readonly nearest: boolean }
	/** 1 where any of the image's mask files is not zero. */
	| { readonly kind: 'union' }
	/** As `touching`: 1 on an object, 2 where two meet. Each mask file is an object, in a single file each value or colour. */
	| { readonly kind: 'objects' }
	/** Shapes have the value of their class; classes that are not named, 0. */
	| { readonly kind: 'shapes'; readonly values: ReadonlyMap<string, number> };

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
	/** True when the values are levels, 0 to 255, of fractions from 0 to 1. */
	readonly probabilities: boolean;
	/** The same for the pixels at the image's border; empty for colours. */
	readonly edge: ValueCounts;
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

/** The values along the four sides, corners once. */
function edgeValues(data: Uint8Array | Uint16Array, width: number, height: number): Uint8Array | Uint16Array {
	const middle = Array.from({ length: Math.max(0, height - 2) }, (_, row) => [data[(row + 1) * width]!, data[(row + 2) * width - 1]!]);
	const all = [...data.subarray(0, width), ...middle.flat(), ...(height > 1 ? data.subarray((height - 1) * width) : [])];
	return data instanceof Uint16Array ? Uint16Array.from(all) : Uint8Array.from(all);
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
	const { width, height, lossy, probabilities = false } = mask;
	const channel = singleChannel(mask);
	if (channel === null) {
		refuseDeepColours(mask);
		const counts = countColours(mask);
		return { width, height, lossy, kind: 'colours', counts, colourOf: null, hasPalette: false, probabilities, edge: [], notes: [] };
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
		probabilities,
		edge: countValues(edgeValues(channel.data, width, height)),
		notes: channel.note === null ? [] : [channel.note],
	};
}

function tooManyValues(): AppError {
	return new AppError('mask-has-too-many-values', {});
}

/** The place of the colour that differs least in its most different channel. */
function nearestPlace(colours: readonly number[], colour: number): number {
	const distance = (other: number): number =>
		Math.max(...[16, 8, 0].map((shift) => Math.abs(((colour >> shift) & 255) - ((other >> shift) & 255))));
	return colours.reduce((best, other, place) => (distance(other) < distance(colours[best] ?? 0) ? place : best), 0);
}

function placesOfColours(mask: StoredMask, colours: readonly number[], nearest: boolean): Uint8Array {
	const placeOf = new Map(colours.map((colour, place) => [colour, place]));
	const channel = singleChannel(mask);
	const data = new Uint8Array(mask.width * mask.height);
	for (let i = 0; i < data.length; i++) {
		const colour = channel === null ? colourAt(mask, i) : storedColour(mask, channel.data[i]!);
		if (colour === null) throw tooManyValues();
		let place = placeOf.get(colour);
		if (place === undefined) {
			if (!nearest) throw tooManyValues();
			place = nearestPlace(colours, colour);
			placeOf.set(colour, place);
		}
		data[i] = place;
	}
	return data;
}

/** Writes numbers of objects into `ids` [H·W] wherever the mask is not zero (in colours: not black): `number`, else its value or colour. */
function addIds(ids: Int32Array, mask: StoredMask, number: number | null): void {
	const channel = singleChannel(mask);
	for (let i = 0; i < ids.length; i++) {
		const id = channel === null ? colourAt(mask, i) : channel.data[i]!;
		if (id !== 0) ids[i] = number ?? id;
	}
}

/** Several mask files of one image, each an object, the later on top. One is in memory at a time. */
export class ObjectFiles {
	readonly #ids: Int32Array;
	readonly #width: number;
	readonly #height: number;
	#count = 0;

	constructor(width: number, height: number) {
		this.#ids = new Int32Array(width * height);
		this.#width = width;
		this.#height = height;
	}

	/** Adds a file of the same size. */
	add(part: StoredMask): void {
		addIds(this.#ids, part, ++this.#count);
	}

	/** 1 on objects; `objects` also marks where two of them touch. */
	labelMap(kind: 'union' | 'objects'): LabelMap {
		return { width: this.#width, height: this.#height, data: markedMap(this.#ids, this.#width, this.#height, kind) };
	}
}

function markedMap(ids: Int32Array, width: number, height: number, kind: 'union' | 'objects'): Uint8Array {
	if (kind === 'objects') return markTouching(ids, width, height);
	const marks = new Uint8Array(ids.length);
	for (let i = 0; i < marks.length; i++) if (ids[i] !== 0) marks[i] = 1;
	return marks;
}

/** The label map of one mask file. Throws `mask-has-too-many-values` for a value that the encoding does not know. */
export function labelMapOf(mask: StoredMask, encoding: LabelEncoding): LabelMap {
	const { width, height } = mask;
	switch (encoding.kind) {
		case 'stored': {
			const channel = singleChannel(mask);
			if (channel === null) throw tooManyValues();
			return { width, height, data: channel.data };
		}
		case 'colours':
			refuseDeepColours(mask);
			return { width, height, data: placesOfColours(mask, encoding.colours, encoding.nearest) };
		case 'union':
		case 'objects': {
			const ids = new Int32Array(width * height);
			addIds(ids, mask, null);
			return { width, height, data: markedMap(ids, width, height, encoding.kind) };
		}
		case 'shapes':
			throw new RangeError('Mask files hold no shapes.');
		default:
			return encoding satisfies never;
	}
}

/** Pixels per label value of one mask file, without decoding it again; null where its facts do not tell. */
export function countsUnder(facts: MaskFacts, encoding: LabelEncoding): ValueCounts | null {
	const complete = facts.kind === 'values' || facts.counts.length <= maxColours;
	if (!complete || encoding.kind === 'objects' || encoding.kind === 'shapes') return null;
	if (encoding.kind === 'stored') return facts.kind === 'values' ? facts.counts : null;
	const placeOf = new Map(encoding.kind === 'colours' ? encoding.colours.map((colour, place) => [colour, place]) : []);
	const sums = new Map<number, number>();
	for (const [value, count] of facts.counts) {
		const colour = facts.kind === 'colours' ? value : facts.colourOf?.get(value);
		const label = encoding.kind === 'union' ? Number(value !== 0) : colour === undefined ? undefined : placeOf.get(colour);
		if (label === undefined) return null;
		sums.set(label, (sums.get(label) ?? 0) + count);
	}
	return [...sums].sort(([a], [b]) => a - b);
}

/** The map with `value` wherever `region`, of the same size, is zero. The map's values become 16-bit where `value` needs it. */
export function limitToRegion(map: LabelMap, region: StoredMask, value: number): LabelMap {
	const data = value > 255 && map.data instanceof Uint8Array ? Uint16Array.from(map.data) : map.data.slice();
	const inside = new Int32Array(data.length);
	addIds(inside, region, 1);
	for (let i = 0; i < data.length; i++) if (inside[i] === 0) data[i] = value;
	return { ...map, data };
}
