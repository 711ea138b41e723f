/** The shelf of losses. Each is one file; a new one is one line here. */
import type { AnyLoss } from './contract.ts';
import { crossEntropy } from './cross-entropy.ts';
import { dice } from './dice.ts';
import { focal } from './focal.ts';
import { tversky } from './tversky.ts';

export const lossShelf: readonly AnyLoss[] = [crossEntropy, dice, focal, tversky];

/** The loss with this id, if the shelf has it. */
export function findLoss(id: string): AnyLoss | undefined {
	return lossShelf.find((loss) => loss.id === id);
}
