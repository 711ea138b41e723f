import { expect, test } from 'vitest';
import type { CheckpointTag } from '#lib/core/records.ts';
import { superseded } from './retention.ts';

const kept = (sequence: number, tags: readonly CheckpointTag[], damaged = false) => ({ sequence, manifest: { tags }, damaged });

test('on a full disk only the newest latest stays, and best, final and pinned all stay', () => {
	const checkpoints = [
		kept(1, ['pinned']),
		kept(2, ['latest', 'best']),
		kept(3, ['latest']),
		kept(4, ['latest']),
		kept(5, ['latest']),
		kept(6, ['final']),
	];
	expect(superseded(checkpoints)).toEqual([3]);
	expect(superseded(checkpoints, 'frugal')).toEqual([4, 3]);
});

test('a damaged best one does not stand in for the best before it', () => {
	expect(superseded([kept(1, ['best']), kept(2, ['best'], true)])).toEqual([]);
});
