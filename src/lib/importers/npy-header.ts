/** What a NumPy file says about its array. Source: numpy.lib.format, versions 1.0 to 3.0. */
import { type Bytes, unreadable, unsupported } from './format.ts';
import { checkSize } from './limits.ts';
import { bytesOfSample, type SampleType } from './sample-types.ts';

export interface NpyHeader {
	readonly type: SampleType;
	readonly isBoolean: boolean;
	readonly littleEndian: boolean;
	/** The first axis changes fastest, as in Fortran. */
	readonly columnMajor: boolean;
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

/** Axes as height, width and channels. */
function axesOf(shape: string): Pick<NpyHeader, 'height' | 'width' | 'channels'> {
	const axes = (shape.match(/\d+/gu) ?? []).map(Number);
	const [height = 0, width = 0, channels = 1] = axes;
	if (axes.length < 2 || axes.length > 3 || (axes.length === 3 && (channels < 1 || channels > 4)))
		throw unsupported(
			`NumPy array of ${axes.length === 0 ? 'one number' : axes.join(' × ')}, which is not height × width or height × width × 1 to 4 channels,`,
		);
	return { height, width, channels };
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
	const { width, height, channels, type } = header;
	checkSize('NumPy', width, height, channels * bytesOfSample(type));
	const expected = width * height * channels * bytesOfSample(type);
	if (bytes.length - start < expected) throw unreadable('NumPy', 'is cut off');
	if (bytes.length - start > expected) throw unreadable('NumPy', 'holds more than its header says');
	return header;
}
