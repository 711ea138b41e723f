/** Writes NumPy arrays. Source: numpy.lib.format, version 1.0. */
import type { Bytes } from './format.ts';

type NpyData = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Magic, version 1.0 and the length of the header. */
const prefixBytes = 10;

function descriptionOf(data: NpyData): string {
	if (data instanceof Float32Array) return '<f4';
	return data instanceof Int32Array ? '<i4' : '|u1';
}

/** The file. `data` is row-major. Throws a `RangeError` when it has another length than the shape says. */
export function writeNpy(shape: readonly number[], data: NpyData): Bytes {
	if (shape.reduce((product, side) => product * side, 1) !== data.length) throw new RangeError('the shape is that of another array');
	const sides = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
	const header = `{'descr': '${descriptionOf(data)}', 'fortran_order': False, 'shape': ${sides}, }`;
	// NumPy pads so that samples begin at a multiple of 64, and ends the header with a line break.
	const start = Math.ceil((prefixBytes + header.length + 1) / 64) * 64;
	const bytes = new Uint8Array(start + data.byteLength);
	bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
	new DataView(bytes.buffer).setUint16(8, start - prefixBytes, true);
	bytes.set(new TextEncoder().encode(`${header.padEnd(start - prefixBytes - 1)}\n`), prefixBytes);
	bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
	return bytes;
}
