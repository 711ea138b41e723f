import { describe, expect, it } from 'vitest';
import { defaultValues } from '#lib/core/params.ts';
import { codeOf } from '#lib/graphs/testing.ts';
import { traceLoss } from '#lib/graphs/trace.ts';
import { findLoss, lossShelf } from '#lib/losses/index.ts';
import { writeLoss, writeOwnLoss } from './loss-code.ts';

describe('losses written out', () => {
	it('write most of the shelf, and say why not for the others', () => {
		const all = lossShelf.map((loss) => ({ id: loss.id, written: writeLoss(loss, defaultValues(loss.params)) }));
		for (const { id, written } of all) {
			for (const { text, reason } of written) {
				expect(text === '', id).toBe(reason !== '');
				expect(text + reason, id).not.toMatch(/undefined|NaN|\[object/u);
			}
		}
		expect(all.filter(({ written }) => written.every(({ text }) => text !== '')).length).toBeGreaterThanOrEqual(50);
		expect(writeLoss(findLoss('boundary')!, {})[0]!.reason).toContain('signedDistance');
	});

	it('writes the values of the parameters', () => {
		const tversky = findLoss('tversky')!;
		const [, keras] = writeLoss(tversky, { ...defaultValues(tversky.params), alpha: 0.25, beta: 0.75 });
		expect(keras!.text).toContain('0.25');
		expect(keras!.text).toContain('0.75');
		expect(keras!.text).toContain('def tversky(y_true, y_pred');
	});

	it('writes built-in losses that a person’s code calls in full', () => {
		const code = codeOf('(yTrue, yPred, { progress }) => losses.dice(yTrue, yPred, { smoothing: 3 }).mul(progress)');
		const { graph } = traceLoss(code, { shape: [2, 4, 4, 1], values: {}, builtIns: { dice: ['smoothing'] } });
		const [formula, , torch] = writeOwnLoss(graph, 'Half Dice');
		expect(formula!.text).toMatch(/\+ 3.*progress/su);
		expect(torch!.text).toContain('def half_dice(y_true, y_pred, progress=0.0, valid=None):');
		expect(torch!.text).not.toContain('builtIn');
	});
});
