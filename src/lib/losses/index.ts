/** The shelf of losses. Each is one file; a new one is one line here. */
import { balancedCrossEntropy } from './balanced-cross-entropy.ts';
import { categoricalHinge } from './categorical-hinge.ts';
import { classBalancedCrossEntropy } from './class-balanced-cross-entropy.ts';
import type { AnyLoss } from './contract.ts';
import { crossEntropy } from './cross-entropy.ts';
import { dice } from './dice.ts';
import { focal } from './focal.ts';
import { generalizedCrossEntropy } from './generalized-cross-entropy.ts';
import { hinge } from './hinge.ts';
import { jsDivergence } from './js-divergence.ts';
import { klDivergence } from './kl-divergence.ts';
import { nacl } from './nacl.ts';
import { poly1 } from './poly1.ts';
import { squaredHinge } from './squared-hinge.ts';
import { symmetricCrossEntropy } from './symmetric-cross-entropy.ts';
import { topKCrossEntropy } from './top-k-cross-entropy.ts';
import { tversky } from './tversky.ts';

export const lossShelf: readonly AnyLoss[] = [
	crossEntropy,
	dice,
	focal,
	tversky,
	// Distribution: pixel by pixel.
	balancedCrossEntropy,
	classBalancedCrossEntropy,
	topKCrossEntropy,
	poly1,
	generalizedCrossEntropy,
	symmetricCrossEntropy,
	nacl,
	klDivergence,
	jsDivergence,
	hinge,
	squaredHinge,
	categoricalHinge,
];

/** The loss with this id, if the shelf has it. */
export function findLoss(id: string): AnyLoss | undefined {
	return lossShelf.find((loss) => loss.id === id);
}
