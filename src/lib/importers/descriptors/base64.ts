/** Bytes written as text. */
import type { Bytes } from '../format.ts';

/** The bytes of a base64 text, a `data:` address or not; null when it is none. */
export function base64Bytes(text: string): Bytes | null {
	const code = text.replace(/^data:[^,]*,/u, '').replace(/\s/gu, '');
	if (code === '' || !/^[A-Za-z0-9+/]+={0,2}$/u.test(code) || code.length % 4 === 1) return null;
	try {
		return Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
	} catch {
		return null;
	}
}
