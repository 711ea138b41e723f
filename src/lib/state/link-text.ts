/** Plain data as text that fits the hash of a link, and back. */

/** Longest text that is read, characters: twelve sums of six losses with all parameters take less than half of it. */
export const longestLink = 100_000;

/** JSON in base64 with the letters that a link may hold. */
export function toLinkText(value: unknown): string {
	const bytes = new TextEncoder().encode(JSON.stringify(value));
	const base64 = btoa(String.fromCharCode(...bytes));
	return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}

/** Throws what the parsers throw when the text is damaged, and a RangeError when it is too long. */
export function fromLinkText(text: string): unknown {
	if (text.length > longestLink) throw new RangeError('too long');
	const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
	const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}
