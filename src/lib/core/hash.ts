/** Fingerprints of specs and bytes. */
import type { ExperimentSpec } from './experiment.ts';
import type { CheckpointManifest } from './records.ts';
import type { WeightsOrigin } from './run.ts';
import { meaningOf, type DatasetMeta, type SamplePixels } from './sample.ts';
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

/** The bytes of a view; copied only from memory that threads share, which the digest does not take. */
function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array): Uint8Array<ArrayBuffer> {
	if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer, byteOffset, byteLength);
	return new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}

/** SHA-256 over the shapes and samples of one pair. */
export async function pixelsHash({ image, mask }: SamplePixels): Promise<string> {
	const [imageHash, maskHash] = [await sha256(bytesOf(image.data)), await sha256(bytesOf(mask.data))];
	const shape = [image.width, image.height, image.channels, image.maxValue, mask.width, mask.height, mask.data.BYTES_PER_ELEMENT];
	return sha256(`${shape.join(' ')} ${imageHash} ${maskHash}`);
}

/** The fingerprint of a data set from the `pixelsHash` of its samples, in order. */
export function fingerprintOf(hashes: readonly string[]): Promise<string> {
	return sha256(hashes.join('\n'));
}

/** The fingerprint of a checkpoint's bytes: SHA-256 over the hashes of its chunks. */
export function checkpointHash({ chunkHashes }: Pick<CheckpointManifest, 'chunkHashes'>): Promise<string> {
	return sha256(chunkHashes.join('\n'));
}

/**
 * The fingerprint of everything in a comparison but the losses: data, what mask values mean, split, preparation, net,
 * optimizer, seeds and batches, and the weights that runs begin from where these are not the seed's. Runs that show the same one differ in nothing but their loss (and a learning rate factor, shown beside it).
 */
export function comparisonHash(
	spec: ExperimentSpec,
	{ fingerprint, scheme }: Pick<DatasetMeta, 'fingerprint' | 'scheme'>,
	split: Split,
	startsFrom?: WeightsOrigin,
): Promise<string> {
	const { losses: _losses, split: _splitSpec, ...shared } = spec;
	const weights = startsFrom?.runs.map(({ runId, checkpoint }) => [runId, checkpoint]);
	return sha256(canonicalJson({ shared, fingerprint, meaning: meaningOf(scheme), split, weights }));
}
