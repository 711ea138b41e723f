/** What a NumPy file says about its array. Source: numpy.lib.format, versions 1.0 to 3.0. */
import { type Bytes, unreadable, unsupported } from './format.ts';
import { checkPages, checkSize } from './limits.ts';
import { bytesOfSample, type SampleType } from './sample-types.ts';

export interface NpyHeader {
	readonly type: SampleType;
	readonly isBoolean: boolean;
	readonly littleEndian: boolean;
	/** The first axis changes fastest, as in Fortran. */
	readonly columnMajor: boolean;
	/** Pictures in the array; its first axis where there are several. */
	readonly pages: number;
	readonly height: number;
	readonly width: number;
	readonly channels: number;
	/** Where the samples begin. */
	readonly start: number;
}

const signature = '\x93NUMPY';

/** NumPy itself reads no longer header. */
const maxHeaderBytes = 10_000;

const types: Readonly<Record<string, SampleType>> = {
	b1: 'uint8',
	u1: 'uint8',
	i1: 'int8',
	u2: 'uint16',
	i2: 'int16',
	u4: 'uint32',
	i4: 'int32',
	u8: 'uint64',
	i8: 'int64',
	f2: 'float16',
	f4: 'float32',
	f8: 'float64',
};

const otherTypes: Readonly<Record<string, string>> = {
	O: 'Python objects',
	U: 'text',
	S: 'text',
	c: 'complex numbers',
	M: 'dates',
	m: 'durations',
	V: 'raw bytes',
};

/** True for the first bytes of a NumPy file. */
export function isNpy(bytes: Uint8Array): boolean {
	return String.fromCharCode(...bytes.subarray(0, signature.length)) === signature;
}

/** One `'key': value,` of the dictionary: text, truth value, or a tuple of whole numbers. */
const entryPattern = /\s*(['"])(\w+)\1\s*:\s*(?:(\[)|('[^'\\]*'|"[^"\\]*"|True|False|\((?:\s*\d+L?\s*,)*(?:\s*\d+L?)?\s*\))\s*(?:,|$))/uy;

/** The dictionary as texts by key; it is read, never run. */
function parseDictionary(text: string): ReadonlyMap<string, string> {
	const inside = /^\{(.*)\}\s*$/su.exec(text)?.[1]?.trimEnd();
	if (inside === undefined) throw unreadable('NumPy', 'has a damaged header');
	const entries = new Map<string, string>();
	for (let at = 0; at < inside.length; at = entryPattern.lastIndex) {
		entryPattern.lastIndex = at;
		const [, , key = '', list, value = ''] = entryPattern.exec(inside) ?? [];
		if (list !== undefined) throw unsupported('NumPy array with named fields');
		if (value === '' || entries.has(key)) throw unreadable('NumPy', 'has a damaged header');
		entries.set(key, value);
	}
	const known = ['descr', 'fortran_order', 'shape'];
	if (entries.size !== known.length || known.some((key) => !entries.has(key))) throw unreadable('NumPy', 'has a damaged header');
	return entries;
}

function typeOf(descr: string): Pick<NpyHeader, 'type' | 'isBoolean' | 'littleEndian'> {
	const [, order = '', code = ''] = /^['"]([<>|=]?)(\w+)(?:\[\w+\])?['"]$/u.exec(descr) ?? [];
	const type = types[code];
	if (type === undefined) throw unsupported(`NumPy array of ${otherTypes[code.charAt(0)] ?? `type ${descr}`}`);
	// Without a mark the order is that of the machine that wrote the file, which it does not say.
	if (bytesOfSample(type) > 1 && order !== '<' && order !== '>') throw unsupported('NumPy array of unknown byte order');
	return { type, isBoolean: code === 'b1', littleEndian: order !== '>' };
}

type Axes = Pick<NpyHeader, 'pages' | 'height' | 'width' | 'channels'>;

/** More values along the last axis are no channels. */
const maxChannels = 4;

/**
 * What three axes mean: height × width × 1 to 4 channels, else images × height × width where that is plain: one image; or more than
 * there can be channels, which are square or have longer sides than there are images, so that the last axis is no depth.
 * Null where they can mean two things.
 */
function threeAxes([first, second, third]: readonly [number, number, number]): Axes | null {
	if (third <= maxChannels) return { pages: 1, height: first, width: second, channels: third };
	const isStack = first === 1 || (first > maxChannels && (second === third || first < Math.min(second, third)));
	return isStack ? { pages: first, height: second, width: third, channels: 1 } : null;
}

/** What to do with axes that are refused, as the end of a sentence. */
function advice(axes: readonly number[]): string {
	const [first = 0, second = 0, third = 0] = axes;
	if (axes.length === 3 && first <= maxChannels)
		return `which may be ${first} images or ${first} channels (save images with a last axis of 1, and channels as the last axis),`;
	if (axes.length === 3)
		return `which may be ${first} images or one with ${third} channels or slices (save images with a last axis of 1, slices as the first axis),`;
	if (axes.length === 4 && second <= maxChannels) return 'whose last axis is no number of channels (save channels as the last axis),';
	return 'which is not height × width, with images as the first and 1 to 4 channels as the last axis where there are any,';
}

/** Axes as images, height, width and channels. Throws `format-unsupported`. */
function axesOf(shape: string): Axes {
	const axes = (shape.match(/\d+/gu) ?? []).map(Number);
	const [first = 0, second = 0, third = 0, fourth = 0] = axes;
	if (axes.length === 2) return { pages: 1, height: first, width: second, channels: 1 };
	if (axes.length === 4 && fourth <= maxChannels) return { pages: first, height: second, width: third, channels: fourth };
	const found = axes.length === 3 ? threeAxes([first, second, third]) : null;
	if (found === null) throw unsupported(`NumPy array of ${axes.length === 0 ? 'one number' : axes.join(' × ')}, ${advice(axes)}`);
	return found;
}

/** Throws `image-unreadable`, `image-too-large`, or `format-unsupported` with what the array is. */
export function readNpyHeader(bytes: Bytes): NpyHeader {
	if (!isNpy(bytes)) throw unreadable('NumPy', 'does not start like one');
	if (bytes.length < 12) throw unreadable('NumPy', 'is cut off');
	const [version, view] = [bytes[6]!, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)];
	if (version < 1 || version > 3) throw unsupported(`NumPy file of version ${version}`);
	const [length, textStart] = version === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
	const start = textStart + length;
	if (length > maxHeaderBytes) throw unreadable('NumPy', 'has a damaged header');
	if (start > bytes.length) throw unreadable('NumPy', 'is cut off');
	const entries = parseDictionary(new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(textStart, start)));
	const order = entries.get('fortran_order');
	if (order !== 'True' && order !== 'False') throw unreadable('NumPy', 'has a damaged header');
	const header = { ...typeOf(entries.get('descr') ?? ''), ...axesOf(entries.get('shape') ?? ''), columnMajor: order === 'True', start };
	const { pages, width, height, channels, type } = header;
	if (pages < 1 || channels < 1) throw unreadable('NumPy', 'holds no picture');
	checkPages('NumPy', pages);
	checkSize('NumPy', width, height, channels * bytesOfSample(type));
	const expected = pages * width * height * channels * bytesOfSample(type);
	if (bytes.length - start < expected) throw unreadable('NumPy', 'is cut off');
	if (bytes.length - start > expected) throw unreadable('NumPy', 'holds more than its header says');
	return header;
}
