import { describe, expect, it } from 'vitest';
import { constantWeight, type LossChoice, type WeightSchedule } from '#lib/core/loss-choice.ts';
import { experimentLosses } from './experiment-losses.ts';

const choice = (loss: string): LossChoice => ({ key: 'my-loss', label: 'Mine', loss, values: {}, learningRateFactor: 1 });
const written = (given: LossChoice) => experimentLosses({ losses: [given] }, [2, 6, 5, 1], { classPixels: [40, 20] }, 'torch')[0];

function sum(weight: WeightSchedule, values: LossChoice['values'] = {}): LossChoice {
	return { ...choice('weightedSum'), values, terms: ['dice', 'meanSquaredError'].map((loss) => ({ loss, values: {}, weight })) };
}

describe('the losses of an experiment as Python', () => {
	it('are functions named after their keys', () => {
		expect(written(choice('meanSquaredError'))).toMatchObject({ name: 'loss_my_loss', reason: '', variables: {} });
		expect(written(choice('meanSquaredError'))?.code).toMatch(/^def loss_my_loss\(y_true, y_pred, valid=None\):\n/u);
	});

	it('take the learned weights of a sum under names that Python knows', () => {
		const learned = written(sum(constantWeight(1), { weighting: 'uncertainty' }));
		expect(learned?.variables).toEqual({ '0/logVariance': 0, '1/logVariance': 0 });
		expect(learned?.code).toMatch(/^def loss_my_loss\(y_true, y_pred, term_0_logVariance, term_1_logVariance, valid=None\):\n/u);
	});

	it.each<[string, LossChoice, RegExp]>([
		['compares with prepared maps', choice('boundary'), /prepared from the masks/u],
		['remembers', choice('steeredTversky'), /steers itself by what it saw in earlier steps\.$/u],
		['changes with the run', sum({ curve: 'linear', from: 0, to: 1, begin: 0, end: 1 }), /^Weighted sum changes over the run\.$/u],
		['is not known', choice('noSuchLoss'), /^Mine is not a loss of this version\.$/u],
		[
			'was not recorded',
			{ ...choice('ownLoss'), own: { name: 'Own', code: '', params: {}, graphs: [] } },
			/^Mine has code that was not recorded yet\.$/u,
		],
	])('leave out a loss that %s, and say why', (_, given, reason) => {
		expect(written(given)).toMatchObject({ code: '', reason: expect.stringMatching(reason) });
	});
});
