/** Fingerprints of specs and bytes. */
import type { ExperimentSpec } from './experiment.ts';
import { meaningOf, type DatasetMeta } from './sample.ts';
import type { Split } from './split.ts';

/** JSON with sorted keys, so that equal data gives equal text. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_key, inner: unknown) => {
		if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
		return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
	});
}

/** SHA-256 of bytes or UTF-8 text, as 64 hexadecimal digits. */
export async function sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string> {
	const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The fingerprint of everything in a comparison but the losses: data, what mask values mean, split, preparation, net,
 * optimizer, seeds and batches. Runs that show the same one differ in nothing but their loss (and a learning rate factor, shown beside it).
 */
export function comparisonHash(
	spec: ExperimentSpec,
	{ fingerprint, scheme }: Pick<DatasetMeta, 'fingerprint' | 'scheme'>,
	split: Split,
): Promise<string> {
	const { losses: _losses, split: _splitSpec, ...shared } = spec;
	return sha256(canonicalJson({ shared, fingerprint, meaning: meaningOf(scheme), split }));
}
