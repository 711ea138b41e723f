/** Numbers as files store them: their types by NumPy's names, and from bytes in either order to numbers. */
import { type Bytes, unreadable } from './format.ts';

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export type SampleType =
	'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64' | 'float16' | 'float32' | 'float64';

interface Storage {
	readonly bytes: 1 | 2 | 4 | 8;
	/** Holds every number of the type; whole numbers of 64 bits as far as a float64 can. */
	make(length: number): Samples;
	read(view: DataView, at: number, littleEndian: boolean): number;
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfFloat(word: number): number {
	const sign = word & 0x8000 ? -1 : 1;
	const [exponent, fraction] = [(word >> 10) & 31, word & 1023];
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
	return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const storages: Readonly<Record<SampleType, Storage>> = {
	uint8: { bytes: 1, make: (length) => new Uint8Array(length), read: (view, at) => view.getUint8(at) },
	int8: { bytes: 1, make: (length) => new Int8Array(length), read: (view, at) => view.getInt8(at) },
	uint16: { bytes: 2, make: (length) => new Uint16Array(length), read: (view, at, little) => view.getUint16(at, little) },
	int16: { bytes: 2, make: (length) => new Int16Array(length), read: (view, at, little) => view.getInt16(at, little) },
	uint32: { bytes: 4, make: (length) => new Uint32Array(length), read: (view, at, little) => view.getUint32(at, little) },
	int32: { bytes: 4, make: (length) => new Int32Array(length), read: (view, at, little) => view.getInt32(at, little) },
	uint64: { bytes: 8, make: (length) => new Float64Array(length), read: (view, at, little) => Number(view.getBigUint64(at, little)) },
	int64: { bytes: 8, make: (length) => new Float64Array(length), read: (view, at, little) => Number(view.getBigInt64(at, little)) },
	float16: { bytes: 2, make: (length) => new Float32Array(length), read: (view, at, little) => halfFloat(view.getUint16(at, little)) },
	float32: { bytes: 4, make: (length) => new Float32Array(length), read: (view, at, little) => view.getFloat32(at, little) },
	float64: { bytes: 8, make: (length) => new Float64Array(length), read: (view, at, little) => view.getFloat64(at, little) },
};

export const isFloat = (type: SampleType): boolean => type.startsWith('float');

/** Bytes of one sample in the file. */
export const bytesOfSample = (type: SampleType): number => storages[type].bytes;

/** Room for `length` samples. */
export const makeSamples = (type: SampleType, length: number): Samples => storages[type].make(length);

/** The numbers that the bytes hold. Throws `image-unreadable` for a whole number that a float64 cannot hold. */
export function unpackSamples(format: string, bytes: Bytes, type: SampleType, littleEndian: boolean): Samples {
	if (type === 'uint8') return bytes;
	const storage = storages[type];
	const size = storage.bytes;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const samples = storage.make(Math.floor(bytes.length / size));
	for (let i = 0; i < samples.length; i++) samples[i] = storage.read(view, i * size, littleEndian);
	const isExact = (type !== 'uint64' && type !== 'int64') || samples.every((value) => Number.isSafeInteger(value));
	if (!isExact) throw unreadable(format, 'holds whole numbers above 2⁵³');
	return samples;
}
