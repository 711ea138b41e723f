/** From what a person chose to the loss that is computed. */
import { weightedSumId, type LossChoice } from '#lib/core/loss-choice.ts';
import type { AnyLoss } from './contract.ts';
import { findLoss } from './index.ts';
import { ownLoss } from './own-loss.ts';
import { weightedSum } from './weighted-sum.ts';

/** A loss of the shelf, a person's own, or the weighted sum of the terms; undefined when a loss is not on the shelf. */
export function resolveLoss({ loss: id, terms = [], own }: Pick<LossChoice, 'loss' | 'terms' | 'own'>): AnyLoss | undefined {
	if (own) return ownLoss(own, findLoss);
	if (id !== weightedSumId) return findLoss(id);
	const found = terms.flatMap(({ loss: termId, values, weight }) => {
		const loss = findLoss(termId);
		return loss ? [{ loss, values, weight }] : [];
	});
	return terms.length > 0 && found.length === terms.length ? weightedSum(found) : undefined;
}
