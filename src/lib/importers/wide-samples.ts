/**
 * Samples of other kinds than 8 and 16 unsigned bits, which is what images and masks are stored in here.
 *
 * A mask's whole numbers from 0 to 65,535 stay exactly what they are, also in floats; fractions from 0 to 1 are probabilities
 * and become 256 levels. An image's floats from 0 to 1 are spread over 0…65,535; whole numbers in that range stay; any other
 * range is stretched from the file's smallest value to its largest. Everything else is refused.
 */
import { type StoredMask, unreadable } from './format.ts';
import { isFloat, type Samples, type SampleType } from './sample-types.ts';

const largestValue = 65_535;
/** Level of the probability 1. */
const largestLevel = 255;

const isNarrow = (samples: Samples): samples is Uint8Array | Uint16Array => samples instanceof Uint8Array || samples instanceof Uint16Array;

interface Range {
	readonly smallest: number;
	readonly largest: number;
	readonly whole: boolean;
}

/** Throws `image-unreadable` where a sample is no finite number. */
function rangeOf(format: string, samples: Samples): Range {
	let [smallest, largest, whole, strange] = [Infinity, -Infinity, true, 0];
	for (let i = 0; i < samples.length; i++) {
		const value = samples[i]!;
		if (!Number.isFinite(value)) strange++;
		if (value < smallest) smallest = value;
		if (value > largest) largest = value;
		if (whole && !Number.isInteger(value)) whole = false;
	}
	if (strange > 0) throw unreadable(format, `has ${strange} of ${samples.length} samples that are no finite number (NaN or infinite)`);
	return { smallest, largest, whole };
}

/** What a mask's samples are as labels. Throws `image-unreadable` for a value that can be neither label nor probability. */
export function labelSamples(format: string, samples: Samples): Pick<StoredMask, 'data' | 'probabilities'> {
	if (isNarrow(samples)) return { data: samples };
	const { smallest, largest, whole } = rangeOf(format, samples);
	if (whole && smallest >= 0 && largest <= largestValue) {
		return { data: largest > 255 ? Uint16Array.from(samples) : Uint8Array.from(samples) };
	}
	if (whole || smallest < 0 || largest > 1) {
		const wrong = smallest < 0 ? smallest : largest;
		const found = whole ? `the value ${wrong}` : `fractions from ${smallest} to ${largest}`;
		throw unreadable(format, `holds ${found}; as a mask it may hold whole numbers from 0 to ${largestValue}, or fractions from 0 to 1`);
	}
	return { data: Uint8Array.from(samples, (share) => Math.round(share * largestLevel)), probabilities: true };
}

/** An image's samples in 16 bits. Throws `image-unreadable` where one is no finite number. */
export function intensitySamples(format: string, samples: Samples, type: SampleType): Uint8Array | Uint16Array {
	if (isNarrow(samples)) return samples;
	const { smallest, largest, whole } = rangeOf(format, samples);
	if (isFloat(type) && smallest >= 0 && largest <= 1) return Uint16Array.from(samples, (share) => Math.round(share * largestValue));
	if (whole && smallest >= 0 && largest <= largestValue) return Uint16Array.from(samples);
	// A flat image is flat at 0. Halves keep a range as wide as all float64 from overflowing.
	const [from, span] = [smallest / 2, largest / 2 - smallest / 2 || 1];
	return Uint16Array.from(samples, (value) => Math.round(((value / 2 - from) / span) * largestValue));
}

/** Largest value of an image whose file has samples of this type. */
export const largestOf = (type: SampleType): 255 | 65_535 => (type === 'uint8' ? 255 : largestValue);

/** What a person should know of an image with such samples, as sentences. */
export function intensityNotes(type: SampleType): readonly string[] {
	if (type === 'uint8' || type === 'uint16') return [];
	const kept = `whole numbers from 0 to 65,535 stay, any other range is stretched from its smallest value to its largest`;
	return [`Its ${type} samples are taken in 16 bits: ${isFloat(type) ? `0 to 1 is spread over them, ` : ''}${kept}.`];
}
