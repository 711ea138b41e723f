/** Weighted sums that are well known, to begin with. */
import { constantWeight, type LossChoice, type LossTerm, type WeightSchedule } from '#lib/core/loss-choice.ts';
import type { ParamValue } from '#lib/core/params.ts';

export interface SumTemplate {
	readonly id: string;
	readonly name: string;
	readonly values: LossChoice['values'];
	readonly terms: LossTerm[];
}

const term = (loss: string, weight: WeightSchedule = constantWeight(1), values: Record<string, ParamValue> = {}): LossTerm => ({
	loss,
	values,
	weight,
});

/** From one weight to another over the whole run. */
const moving = (from: number, to: number): WeightSchedule => ({ curve: 'linear', from, to, begin: 0, end: 1 });

/** The first is what a new sum is. */
export const sumTemplates: readonly [SumTemplate, ...SumTemplate[]] = [
	{ id: 'dice-ce', name: 'Dice + cross-entropy', values: {}, terms: [term('dice'), term('crossEntropy')] },
	{
		// Kervadec et al. 2019, the rebalancing: (1 − α)·Dice + α·boundary while α rises from 0.01 by 0.01 an epoch.
		id: 'dice-boundary',
		name: 'Dice, then boundary',
		values: {},
		terms: [term('dice', moving(0.99, 0.01)), term('boundary', moving(0.01, 0.99), { companion: 'none' })],
	},
	{ id: 'dice-focal', name: 'Dice + focal', values: {}, terms: [term('dice'), term('focal')] },
	{
		// Kendall, Gal, Cipolla 2018: each weight is learnt along with the net.
		id: 'dice-ce-learned',
		name: 'Dice + cross-entropy, weights learned',
		values: { weighting: 'uncertainty' },
		terms: [term('dice'), term('crossEntropy')],
	},
];
