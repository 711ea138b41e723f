/** Tensors of a run ↔ the bytes of a checkpoint. */
import { AppError } from '#lib/core/errors.ts';
import { checkpointHash, sha256 } from '#lib/core/hash.ts';
import type { CheckpointTag, Records, TensorEntry } from '#lib/core/records.ts';
import type { WeightsOrigin } from '#lib/core/run.ts';
import type { NamedVariable } from './run-net.ts';
import { tf } from './tf.ts';

export interface PackedTensors {
	readonly entries: readonly TensorEntry[];
	/** float32 little-endian, one tensor after the other. */
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** True when no number is NaN or infinite. */
	readonly finite: boolean;
}

/** Reads tensors back into one buffer. */
export async function packTensors(variables: readonly NamedVariable[]): Promise<PackedTensors> {
	const sizes = variables.map(({ variable }) => variable.size);
	const floats = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
	const entries: TensorEntry[] = [];
	let offset = 0;
	for (const { name, variable } of variables) {
		floats.set(await variable.data<'float32'>(), offset);
		entries.push({ name, shape: variable.shape, offsetBytes: offset * 4 });
		offset += variable.size;
	}
	return { entries, bytes: new Uint8Array(floats.buffer), finite: floats.every(Number.isFinite) };
}

/** Writes stored numbers into the variables of the same names. Throws `checkpoint-damaged` when names or shapes differ. */
export function unpackTensors(entries: readonly TensorEntry[], bytes: Uint8Array<ArrayBuffer>, variables: readonly NamedVariable[]): void {
	const byName = new Map(entries.map((entry) => [entry.name, entry]));
	for (const { name, variable } of variables) {
		const entry = byName.get(name);
		if (!entry || entry.shape.join() !== variable.shape.join()) throw new AppError('checkpoint-damaged', { tensor: name });
		const start = bytes.byteOffset + entry.offsetBytes;
		const values = new Float32Array(bytes.buffer.slice(start, start + variable.size * 4));
		tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
	}
}

/** The tag of the checkpoint that holds the best, last or pinned weights. */
export function tagOf(which: 'best' | 'last' | 'pinned'): CheckpointTag {
	return which === 'last' ? 'latest' : which;
}

/** SHA-256 over the net's weights, which come first: equal nets have equal hashes, whatever trained them. */
export function weightsHash(packed: Pick<PackedTensors, 'entries' | 'bytes'>): Promise<string> {
	const rest = packed.entries.find(({ name }) => name.startsWith('loss/') || name.startsWith('optimizer/'));
	return sha256(packed.bytes.slice(0, rest?.offsetBytes ?? packed.bytes.length));
}

/**
 * Writes the weights that a run begins with into its own. Throws `checkpoint-missing` when they are no longer those that its experiment
 * was made with.
 */
export async function unpackOrigin(
	records: Records,
	{ experimentId, which, runs }: WeightsOrigin,
	runId: string,
	weights: readonly NamedVariable[],
): Promise<void> {
	const source = runs.find((run) => run.runId === runId);
	const stored = source && (await records.getCheckpoint(experimentId, source.from, tagOf(which)));
	if (!stored || (await checkpointHash(stored.manifest)) !== source.checkpoint) {
		throw new AppError('checkpoint-missing', { run: source?.from ?? runId });
	}
	unpackTensors(stored.manifest.tensors, stored.bytes, weights);
}
