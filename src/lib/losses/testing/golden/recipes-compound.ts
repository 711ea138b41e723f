/** Golden keys of sums of losses. */
import * as tf from '@tensorflow/tfjs-core';
import { elementView, readActivated, readPredKind, classView } from './inputs.ts';
import { overlapWeights, readAbsent, readClassWeights, readSmoothing, readSums } from './overlap.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import { readDiceForm, readOverlap } from './recipes-region.ts';
import { ours, spelled, times } from './recipe.ts';
import type { Recipe } from './recipe.ts';
import { withoutFirstChannel } from './slices.ts';
import { numbersOf } from './types.ts';

/** −score instead of 1 − score, as nnU-Net has it. */
const readNegated = (read: ParamReader): number => (read.flag('negate') ? 1 : 0);

/** Dice in the forms that the compound losses of ours have built in: plain, with one constant. */
function isBuiltIn(read: ParamReader): boolean {
	const exotic = ['squared', 'softLabel', 'jaccard', 'log'].some((key) => read.value(key) === true);
	const { numerator, denominator } = readSmoothing(read);
	return !exotic && (numerator === denominator || numerator === 0);
}

/** The region parameters of a compound loss of ours, smoothed in Dice's form. */
function readBuiltIn(read: ParamReader) {
	const { numerator, denominator } = readSmoothing(read);
	const sums = readSums(read);
	const weights = readClassWeights(read);
	const absentClasses = readAbsent(read);
	return (channels: number) => ({
		smoothing: denominator / 2,
		smoothNumerator: numerator !== 0 || denominator === 0,
		absentClasses,
		...sums,
		...overlapWeights(weights, channels, sums.includeBackground),
	});
}

function readCrossEntropy(read: ParamReader) {
	const weights = read.nested('ceClassWeights');
	return {
		positiveWeight: read.number('posWeight', 1),
		labelSmoothing: read.number('labelSmoothing', 0),
		classWeights: spelled(weights === undefined ? undefined : numbersOf(weights)),
		divideByWeights: weights !== undefined,
	};
}

function diceCE(read: ParamReader): Recipe {
	const builtIn = isBuiltIn(read);
	const form = readDiceForm(read);
	const [diceWeight, crossEntropyWeight] = [read.number('lambdaDice', 1), read.number('lambdaCE', 1)];
	const crossEntropy = readCrossEntropy(read);
	const region = readBuiltIn(read);
	const overlap = readOverlap(read, form);
	const view = readActivated(read);
	const by = diceWeight * readNegated(read);
	return {
		losses: builtIn ? ['diceCrossEntropy'] : [form.id, 'crossEntropy'],
		outputs(layout) {
			const input = view(layout);
			const channels = input.yTrue.shape[3];
			if (builtIn) {
				const values = { ...crossEntropy, ...region(channels), diceWeight, crossEntropyWeight };
				return [tf.sub(ours('diceCrossEntropy', values)(input), by)];
			}
			const dice = times(overlap.loss(channels, true)(input), diceWeight);
			return [tf.sub(tf.add(dice, times(ours('crossEntropy', crossEntropy)(input), crossEntropyWeight)), by)];
		},
	};
}

/**
 * Dice and focal. `focalKind` sigmoid takes every channel as a sigmoid of its own, also beside a softmax Dice, which two
 * losses of ours express.
 */
function diceFocal(read: ParamReader): Recipe {
	const builtIn = isBuiltIn(read);
	const form = readDiceForm(read);
	const [diceWeight, focalWeight] = [read.number('lambdaDice', 1), read.number('lambdaFocal', 1)];
	const alpha = read.optionalNumber('alpha');
	const focal = { gamma: read.number('gamma', 2), classBalancing: alpha !== null, alpha: alpha ?? 0.25 };
	const focalKind = read.choice('focalKind', ['sigmoid', 'softmax'], 'sigmoid');
	const region = readBuiltIn(read);
	const overlap = readOverlap(read, form);
	const { includeBackground } = overlap.sums;
	const view = readActivated(read);
	const by = diceWeight * readNegated(read);
	return {
		losses: builtIn ? ['diceFocal'] : [form.id, 'focal'],
		outputs(layout) {
			const input = view(layout);
			const channels = input.yTrue.shape[3];
			const isSoftmax = focalKind === 'softmax' && channels > 1;
			if (isSoftmax && !includeBackground) throw new Unsupported('a softmax focal loss without the background');
			if (builtIn && (channels === 1 || isSoftmax)) {
				return [tf.sub(ours('diceFocal', { ...focal, ...region(channels), diceWeight, focalWeight })(input), by)];
			}
			const counted = includeBackground ? layout : withoutFirstChannel(layout);
			const terms = ours('focal', focal)(isSoftmax ? input : elementView(counted, 'logits'));
			return [tf.sub(tf.add(times(overlap.loss(channels, true)(input), diceWeight), times(terms, focalWeight)), by)];
		},
	};
}

function diceTopK(read: ParamReader): Recipe {
	const builtIn = isBuiltIn(read);
	const form = readDiceForm(read);
	const [diceWeight, topKWeight] = [read.number('lambdaDice', 1), read.number('lambdaTopK', 1)];
	const percent = read.number('kPercent', 10);
	const region = readBuiltIn(read);
	const overlap = readOverlap(read, form);
	const view = readActivated(read);
	const by = diceWeight * readNegated(read);
	return {
		losses: builtIn ? ['diceTopK'] : [form.id, 'topKCrossEntropy'],
		outputs(layout) {
			const input = view(layout);
			const channels = input.yTrue.shape[3];
			if (builtIn) return [tf.sub(ours('diceTopK', { ...region(channels), percent, diceWeight, topKWeight })(input), by)];
			const dice = times(overlap.loss(channels, true)(input), diceWeight);
			return [tf.sub(tf.add(dice, times(ours('topKCrossEntropy', { percent })(input), topKWeight)), by)];
		},
	};
}

function combo(read: ParamReader): Recipe {
	const view = readActivated(read, 'probabilities');
	const loss = ours('combo', {
		alpha: read.number('alpha', 0.5),
		beta: read.number('beta', 0.5),
		smoothing: read.number('smooth', 1) / 2,
		batchSums: true,
	});
	return { losses: ['combo'], outputs: (layout) => [loss(view(layout))] };
}

function exponentialLogarithmic(read: ParamReader): Recipe {
	const gamma = read.number('gamma', 0.3);
	const predKind = readPredKind(read);
	const loss = ours('exponentialLogarithmic', {
		diceWeight: read.number('wDice', 0.8),
		crossWeight: read.number('wCross', 0.2),
		gamma,
		crossGamma: read.number('gammaCross', gamma),
		smoothing: read.number('smooth', 1) / 2,
	});
	return { losses: ['exponentialLogarithmic'], outputs: (layout) => [loss(classView(layout, predKind))] };
}

export const compoundRecipes = { diceCE, diceFocal, diceTopK, combo, exponentialLogarithmic } as const satisfies Readonly<
	Record<string, (read: ParamReader) => Recipe>
>;
