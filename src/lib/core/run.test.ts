import { expect, it } from 'vitest';
import { defaultSpec, type SplitSpec } from './experiment.ts';
import { queuedRuns, repeatInWords } from './run.ts';

const loss = (key: string) => ({ key, label: key, loss: key, values: {}, learningRateFactor: 1 });
const spec = (seeds: number[], folds?: number): { seeds: number[]; split: SplitSpec; losses: ReturnType<typeof loss>[] } => ({
	seeds,
	split: { ...defaultSpec.split, ...(folds === undefined ? {} : { folds }) },
	losses: [loss('a'), loss('b')],
});

it('queues one run per loss and seed, and with folds one per fold of each seed', () => {
	expect(queuedRuns(spec([1, 7])).map(({ id }) => id)).toEqual(['a-s1', 'b-s1', 'a-s7', 'b-s7']);
	expect(queuedRuns(spec([1])).every((run) => !('fold' in run))).toBe(true);
	const runs = queuedRuns(spec([1, 7], 3));
	expect(runs.map(({ id }) => id)).toEqual([
		...['a-s1-f1', 'b-s1-f1', 'a-s1-f2', 'b-s1-f2', 'a-s1-f3', 'b-s1-f3'],
		...['a-s7-f1', 'b-s7-f1', 'a-s7-f2', 'b-s7-f2', 'a-s7-f3', 'b-s7-f3'],
	]);
	expect(runs[3]).toMatchObject({ lossKey: 'b', seed: 1, fold: 2 });
});

it('names a repeat by what there are several of', () => {
	expect(repeatInWords({ seed: 1 }, spec([1]))).toBe('');
	expect(repeatInWords({ seed: 7 }, spec([1, 7]))).toBe('seed 7');
	expect(repeatInWords({ seed: 1, fold: 2 }, spec([1], 5))).toBe('fold 2 of 5');
	expect(repeatInWords({ seed: 7, fold: 2 }, spec([1, 7], 5))).toBe('seed 7, fold 2 of 5');
});
