/** The checks that both stores make on a checkpoint: everything is hashed before it is written, and again when it is read. */
import { canonicalJson, sha256 } from '#lib/core/hash.ts';
import type { Checkpoint, CheckpointManifest, CheckpointTag } from '#lib/core/records.ts';
import { hashChunks, joinChunks, splitIntoChunks } from './chunks.ts';
import { assertStorable, manifestSchema } from './schema.ts';

/** A checkpoint ready to be committed. */
export interface SealedCheckpoint {
	readonly manifest: CheckpointManifest;
	readonly manifestHash: string;
	readonly chunks: readonly ArrayBuffer[];
	readonly lengthBytes: number;
}

/** True when every tensor lies within the bytes. */
function tensorsFit(manifest: CheckpointManifest, lengthBytes: number): boolean {
	const floatBytes = 4;
	return manifest.tensors.every(
		({ shape, offsetBytes }) => offsetBytes + shape.reduce((size, side) => size * side, 1) * floatBytes <= lengthBytes,
	);
}

/** Copies the bytes into chunks and hashes them. Hashing is not the store's work, so it ends before a transaction begins. */
export async function sealCheckpoint({ manifest, bytes }: Checkpoint): Promise<SealedCheckpoint> {
	const chunks = splitIntoChunks(bytes);
	const sealed = { ...manifest, chunkHashes: await hashChunks(chunks) };
	assertStorable(manifestSchema, sealed);
	if (!tensorsFit(sealed, bytes.length)) throw new Error('A tensor of the checkpoint lies outside its bytes.');
	return { manifest: sealed, manifestHash: await sha256(canonicalJson(sealed)), chunks, lengthBytes: bytes.length };
}

/** The checkpoint, or undefined when a chunk or the manifest is not what was written. */
export async function openSealed({ manifest, manifestHash, chunks, lengthBytes }: SealedCheckpoint): Promise<Checkpoint | undefined> {
	const hashes = await hashChunks(chunks);
	const whole =
		hashes.length === manifest.chunkHashes.length &&
		hashes.every((hash, index) => hash === manifest.chunkHashes[index]) &&
		(await sha256(canonicalJson(manifest))) === manifestHash;
	const bytes = whole ? joinChunks(chunks) : undefined;
	return bytes && bytes.length === lengthBytes && tensorsFit(manifest, lengthBytes) ? { manifest, bytes } : undefined;
}

/** Checkpoints to try for a tag, newest first. For `latest` any will do: what matters is to lose the least work. */
export function candidatesFor<T extends { readonly sequence: number; readonly manifest: CheckpointManifest }>(
	checkpoints: readonly T[],
	tag: CheckpointTag,
): T[] {
	const fitting = tag === 'latest' ? [...checkpoints] : checkpoints.filter((checkpoint) => checkpoint.manifest.tags.includes(tag));
	return fitting.sort((a, b) => b.sequence - a.sequence);
}
