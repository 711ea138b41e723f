/** Golden keys of losses with learned numbers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '../../contract.ts';
import { uncertaintySum } from '../../weighted-sum.ts';
import { elementView } from './inputs.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import { ours } from './recipe.ts';
import type { Recipe } from './recipe.ts';
import { readPointwise, reducePoints } from './reductions.ts';
import { numbersOf } from './types.ts';

/** The smallest α of ours stands for −∞. */
function readShape(read: ParamReader): number {
	const alpha = read.value('alpha');
	return alpha === '-inf' || alpha === '-Infinity' ? -100 : read.number('alpha', 1);
}

/** ln Z(α) at the ends, where the adaptive loss does not reach: the normal density and Cauchy's. */
const logPartitionAtEnd = (alpha: number): number => (alpha === 2 ? Math.log(2 * Math.PI) / 2 : Math.log(Math.PI * Math.SQRT2));

/** Barron's loss with ln c + ln Z(α): inside (0, 2) our adaptive one, held at this shape and scale. */
function robustLikelihood(read: ParamReader, alpha: number, c: number): Recipe {
	const rules = readPointwise(read);
	const isEnd = alpha === 0 || alpha === 2;
	if (!isEnd && (alpha <= 0.001 || alpha >= 1.999)) throw new Unsupported(`the area under the density for α = ${alpha}`);
	const loss = isEnd ? ours('generalRobust', { alpha, scale: c }) : ours('adaptiveRobust', { initialScale: c, smallestScale: 0.001 });
	const constant = isEnd ? Math.log(c) + logPartitionAtEnd(alpha) : 0;
	// Shape and scale are what the sigmoid and the softplus of the loss make of its variables.
	const share = (alpha - 0.001) / 1.998;
	return {
		losses: [isEnd ? 'generalRobust' : 'adaptiveRobust'],
		outputs(layout) {
			const variables = isEnd ? {} : { shape: tf.scalar(Math.log(share / (1 - share))), scale: tf.scalar(0) };
			const view = { ...elementView(layout, 'values'), variables };
			return reducePoints(layout, { unit: 'elements', view, loss: (input) => tf.add(loss(input), constant) }, rules);
		},
	};
}

function generalRobust(read: ParamReader): Recipe {
	read.choice('predKind', ['values', 'probabilities'], 'values');
	const [alpha, c] = [readShape(read), read.number('c', 1)];
	if (read.flag('nll')) return robustLikelihood(read, alpha, c);
	const rules = readPointwise(read);
	const loss = ours('generalRobust', { alpha, scale: c });
	return {
		losses: ['generalRobust'],
		outputs: (layout) => reducePoints(layout, { unit: 'elements', view: elementView(layout, 'values'), loss }, rules),
	};
}

/** The sum that a weighted sum of ours learns: yPred holds its log-variances, the losses are constants. */
function uncertaintyWeighting(read: ParamReader): Recipe {
	read.choice('predKind', ['values', 'logits'], 'values');
	const given = read.nested('losses');
	const losses = given === undefined ? [] : numbersOf(given);
	const halved = read.choice('form', ['gal', 'kendall'], 'gal') === 'kendall';
	return {
		losses: [],
		outputs({ x }) {
			const flat = tf.reshape(x, [-1]);
			if (flat.size !== losses.length) throw new Unsupported('not one log-variance for each loss');
			const logVariances = losses.map((_, i): Scalar => tf.reshape(tf.slice(flat, [i], [1]), []));
			return [
				uncertaintySum(
					tf,
					losses.map((loss) => tf.scalar(loss)),
					logVariances,
					halved,
				),
			];
		},
	};
}

export const adaptiveRecipes = { generalRobust, uncertaintyWeighting } as const satisfies Readonly<
	Record<string, (read: ParamReader) => Recipe>
>;
