/** The shelf of losses. Each is one file; a new one is one line here. */
import { asymmetricFocal } from './asymmetric-focal.ts';
import { adaptiveRobust } from './adaptive-robust.ts';
import { asymmetricFocalTversky } from './asymmetric-focal-tversky.ts';
import { asymmetricSimilarity } from './asymmetric-similarity.ts';
import { balancedCrossEntropy } from './balanced-cross-entropy.ts';
import { borderWeightedCrossEntropy } from './border-weighted-cross-entropy.ts';
import { boundary } from './boundary.ts';
import { boundaryDou } from './boundary-dou.ts';
import { categoricalHinge } from './categorical-hinge.ts';
import { cauchy } from './cauchy.ts';
import { charbonnier } from './charbonnier.ts';
import { clDice } from './cl-dice.ts';
import { classBalancedCrossEntropy } from './class-balanced-cross-entropy.ts';
import { combo } from './combo.ts';
import type { AnyLoss } from './contract.ts';
import { crossEntropy } from './cross-entropy.ts';
import { dice } from './dice.ts';
import { diceCrossEntropy } from './dice-cross-entropy.ts';
import { diceFocal } from './dice-focal.ts';
import { dataWeightedCrossEntropy } from './data-weighted-cross-entropy.ts';
import { dicePlusPlus } from './dice-plus-plus.ts';
import { diceTopK } from './dice-top-k.ts';
import { distancePenalisedCrossEntropy } from './distance-penalised-cross-entropy.ts';
import { exponentialLogarithmic } from './exponential-logarithmic.ts';
import { focal } from './focal.ts';
import { focalTversky } from './focal-tversky.ts';
import { gemanMcClure } from './geman-mcclure.ts';
import { generalRobust } from './general-robust.ts';
import { generalizedCrossEntropy } from './generalized-cross-entropy.ts';
import { generalizedDice } from './generalized-dice.ts';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { hausdorffErosion } from './hausdorff-erosion.ts';
import { hinge } from './hinge.ts';
import { huber } from './huber.ts';
import { jaccard } from './jaccard.ts';
import { jsDivergence } from './js-divergence.ts';
import { kerasDice } from './keras-dice.ts';
import { kerasTversky } from './keras-tversky.ts';
import { klDivergence } from './kl-divergence.ts';
import { logCosh } from './log-cosh.ts';
import { logCoshDice } from './log-cosh-dice.ts';
import { logDice } from './log-dice.ts';
import { lovaszHinge } from './lovasz-hinge.ts';
import { lovaszSoftmax } from './lovasz-softmax.ts';
import { mcc } from './mcc.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { nacl } from './nacl.ts';
import { noiseRobustDice } from './noise-robust-dice.ts';
import { penaltyGeneralizedDice } from './penalty-generalized-dice.ts';
import { poly1 } from './poly1.ts';
import { sensitivitySpecificity } from './sensitivity-specificity.ts';
import { smoothL1 } from './smooth-l1.ts';
import { softLabelTversky } from './soft-label-tversky.ts';
import { squaredHinge } from './squared-hinge.ts';
import { steeredTversky } from './steered-tversky.ts';
import { symmetricCrossEntropy } from './symmetric-cross-entropy.ts';
import { topKCrossEntropy } from './top-k-cross-entropy.ts';
import { totalVariation } from './total-variation.ts';
import { tukey } from './tukey.ts';
import { tversky } from './tversky.ts';
import { unifiedFocal } from './unified-focal.ts';
import { wassersteinDice } from './wasserstein-dice.ts';
import { welsch } from './welsch.ts';

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
	asymmetricFocal,
	// Region: overlap of areas.
	jaccard,
	softLabelTversky,
	focalTversky,
	asymmetricFocalTversky,
	asymmetricSimilarity,
	generalizedDice,
	penaltyGeneralizedDice,
	wassersteinDice,
	lovaszHinge,
	lovaszSoftmax,
	mcc,
	sensitivitySpecificity,
	noiseRobustDice,
	dicePlusPlus,
	logCoshDice,
	logDice,
	kerasDice,
	kerasTversky,
	// Boundary: distances, contours, topology.
	boundary,
	hausdorffDistance,
	hausdorffErosion,
	boundaryDou,
	clDice,
	totalVariation,
	borderWeightedCrossEntropy,
	distancePenalisedCrossEntropy,
	// Compound: sums of the above.
	diceCrossEntropy,
	diceFocal,
	diceTopK,
	combo,
	exponentialLogarithmic,
	unifiedFocal,
	// Regression: functions of the residual.
	meanSquaredError,
	meanAbsoluteError,
	huber,
	smoothL1,
	logCosh,
	charbonnier,
	cauchy,
	gemanMcClure,
	welsch,
	tukey,
	generalRobust,
	// Adaptive: weights or shape follow the run.
	steeredTversky,
	dataWeightedCrossEntropy,
	adaptiveRobust,
];

/** The loss with this id, if the shelf has it. */
export function findLoss(id: string): AnyLoss | undefined {
	return lossShelf.find((loss) => loss.id === id);
}
