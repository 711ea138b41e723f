/** What a file is, by its first bytes. Its name decides nothing. */
import type { ImageFormat } from './format.ts';
import { formats } from './index.ts';

export type Identity =
	| { readonly kind: 'image'; readonly format: ImageFormat }
	| { readonly kind: 'zip' }
	/** A known format that is not opened. `picture`: it can be an image or a mask. */
	| { readonly kind: 'refused'; readonly format: string; readonly picture: boolean }
	| { readonly kind: 'text' }
	| { readonly kind: 'empty' }
	| { readonly kind: 'unknown' };

/** First bytes of formats that are refused by name: [format, offset, bytes as Latin-1 text]. */
const refusedSignatures: readonly (readonly [format: string, offset: number, signature: string])[] = [
	['PDF', 0, '%PDF-'],
	['HEIC or AVIF', 4, 'ftyp'],
	['JPEG 2000', 4, 'jP  '],
	['JPEG 2000', 0, '\xff\x4f\xff\x51'],
	['JPEG XL', 0, '\xff\x0a'],
	['JPEG XL', 4, 'JXL '],
	['Photoshop', 0, '8BPS'],
	['DICOM', 128, 'DICM'],
	['NIfTI', 344, 'n+1\0'],
	['HDF5', 0, '\x89HDF\r\n'],
	['gzip', 0, '\x1f\x8b'],
	['7-Zip', 0, '7z\xbc\xaf\x27\x1c'],
	['RAR', 0, 'Rar!\x1a\x07'],
	['OpenEXR', 0, '\x76\x2f\x31\x01'],
	['Windows icon', 0, '\0\0\x01\0'],
	['ZIP in several parts', 0, 'PK\x07\x08'],
];

const pictureFormats = ['HEIC or AVIF', 'JPEG 2000', 'JPEG XL', 'Photoshop', 'DICOM', 'OpenEXR', 'Windows icon'];

const zipSignatures = ['PK\x03\x04', 'PK\x05\x06'];

const beginsWith = (bytes: Uint8Array, offset: number, signature: string): boolean =>
	Array.from(signature).every((character, index) => bytes[offset + index] === character.charCodeAt(0));

/** The start of a file as text, or null when it holds bytes that no text has. */
function startAsText(bytes: Uint8Array): string | null {
	const start = bytes.subarray(0, 1024);
	if (start.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))) return null;
	return new TextDecoder().decode(start);
}

function identifyText(start: string): Identity {
	const lower = start.toLowerCase().trimStart();
	if (lower.includes('<svg')) return { kind: 'refused', format: 'SVG', picture: true };
	if (lower.startsWith('<!doctype html') || lower.startsWith('<html')) return { kind: 'refused', format: 'HTML', picture: false };
	return { kind: 'text' };
}

/** Tells what the bytes are. */
export function identify(bytes: Uint8Array): Identity {
	if (bytes.length === 0) return { kind: 'empty' };
	const format = formats.find((candidate) => candidate.match(bytes));
	if (format) return { kind: 'image', format };
	if (zipSignatures.some((signature) => beginsWith(bytes, 0, signature))) return { kind: 'zip' };
	const refused = refusedSignatures.find(([, offset, signature]) => beginsWith(bytes, offset, signature));
	if (refused) return { kind: 'refused', format: refused[0], picture: pictureFormats.includes(refused[0]) };
	if (/^P[1-6]\s/u.test(String.fromCharCode(...bytes.subarray(0, 3)))) return { kind: 'refused', format: 'Netpbm', picture: true };
	const start = startAsText(bytes);
	return start === null ? { kind: 'unknown' } : identifyText(start);
}
