/** Which checkpoints of a run are kept. */
import type { CheckpointManifest } from '#lib/core/records.ts';

/** What retention looks at. */
export interface KeptCheckpoint {
	/** Rises by one with every checkpoint of a run: the order of writing, which clocks and resumed steps do not give. */
	readonly sequence: number;
	readonly manifest: Pick<CheckpointManifest, 'tags'>;
	/** A reader found that its hashes do not hold. */
	readonly damaged: boolean;
}

/** `normal` keeps two `latest`; `frugal`, after a full disk, keeps one. */
export type Thrift = 'normal' | 'frugal';

/**
 * Sequences of the checkpoints that may go: all but the two newest `latest`, the newest `best`, the newest `final` and
 * every `pinned`. Damaged ones neither count towards these nor go: they are kept for export.
 */
export function superseded(checkpoints: readonly KeptCheckpoint[], thrift: Thrift = 'normal'): number[] {
	const intact = checkpoints.filter((checkpoint) => !checkpoint.damaged).toSorted((a, b) => b.sequence - a.sequence);
	const newest = (tag: 'latest' | 'best' | 'final', count: number) =>
		intact.filter((checkpoint) => checkpoint.manifest.tags.includes(tag)).slice(0, count);
	const kept = new Set([
		...newest('latest', thrift === 'normal' ? 2 : 1),
		...newest('best', 1),
		...newest('final', 1),
		...intact.filter((checkpoint) => checkpoint.manifest.tags.includes('pinned')),
	]);
	return intact.filter((checkpoint) => !kept.has(checkpoint)).map((checkpoint) => checkpoint.sequence);
}

/** The place of the next checkpoint: after all that are there. */
export function nextSequence(checkpoints: readonly { readonly sequence: number }[]): number {
	return Math.max(0, ...checkpoints.map(({ sequence }) => sequence)) + 1;
}
