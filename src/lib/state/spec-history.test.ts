import { describe, expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { SpecHistory } from './spec-history.ts';

const spec = (epochs: number): ExperimentSpec => ({ ...defaultSpec, training: { ...defaultSpec.training, epochs }, losses: [] });

describe('SpecHistory', () => {
	it('goes back one change at a time and then has nothing left', () => {
		const history = new SpecHistory();
		for (const epochs of [1, 2, 2, 3]) history.record(spec(epochs));
		expect(history.undo()?.training.epochs).toBe(2);
		expect(history.undo()?.training.epochs).toBe(1);
		expect(history.undo()).toBeNull();
	});

	it('takes the restored state as the newest', () => {
		const history = new SpecHistory();
		for (const epochs of [1, 2]) history.record(spec(epochs));
		const back = history.undo();
		if (back) history.record(back);
		expect(history.undo()).toBeNull();
	});
});
