/**
 * Records as JSON and back, exactly and always in the same words: keys in order, typed arrays in base64, and by name the
 * numbers that JSON has no words for. What stands for such a value is an object whose one key begins with `$`; a record's
 * own key that begins so gets one more.
 */

const arrayKinds = { $float32: Float32Array, $uint32: Uint32Array, $uint8: Uint8Array } as const;

/** Characters made at a time: an argument list has an end. */
const stride = 32_768;

function toBase64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
	const bytes = new Uint8Array(buffer, byteOffset, byteLength);
	const parts = Array.from({ length: Math.ceil(bytes.length / stride) }, (_, part) =>
		String.fromCharCode(...bytes.subarray(part * stride, (part + 1) * stride)),
	);
	return btoa(parts.join(''));
}

function fromBase64(text: string): ArrayBuffer {
	return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
}

function encodeNumber(value: number): unknown {
	return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? '-0' : String(value) };
}

function encode(value: unknown): unknown {
	if (typeof value === 'number') return encodeNumber(value);
	if (value === null || typeof value !== 'object') return value;
	if (Array.isArray(value)) return value.map(encode);
	if (ArrayBuffer.isView(value)) {
		const kind = Object.entries(arrayKinds).find(([, Kind]) => value instanceof Kind);
		if (!kind) throw new TypeError('A record holds an array of a kind that no record has.');
		return { [kind[0]]: toBase64(value) };
	}
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, inner]) => [key.startsWith('$') ? `$${key}` : key, encode(inner)]));
}

function decodeMarked(mark: string, value: unknown): unknown {
	if (typeof value !== 'string') throw new SyntaxError(`${mark} is followed by no text`);
	if (mark === '$number') return Number(value);
	const Kind = Object.entries(arrayKinds).find(([name]) => name === mark)?.[1];
	if (!Kind) throw new SyntaxError(`${mark} has no meaning`);
	return new Kind(fromBase64(value));
}

function decode(value: unknown): unknown {
	if (value === null || typeof value !== 'object') return value;
	if (Array.isArray(value)) return value.map(decode);
	const entries = Object.entries(value);
	const [first] = entries;
	if (first && entries.length === 1 && /^\$[^$]/u.test(first[0])) return decodeMarked(...first);
	return Object.fromEntries(entries.map(([key, inner]) => [key.startsWith('$$') ? key.slice(1) : key, decode(inner)]));
}

/** UTF-8 bytes of the record. Equal records give equal bytes. */
export function recordToBytes(record: unknown): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(JSON.stringify(encode(record)));
}

/** The record that `recordToBytes` was given, not yet checked. Throws when the bytes are no such text. */
export function recordFromBytes(bytes: Uint8Array): unknown {
	const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	return decode(parsed);
}
