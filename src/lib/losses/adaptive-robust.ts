import type { Numbers, Scalar, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { barron2019 } from './papers.ts';
import { meanResidual } from './residual.ts';
import { logPartition, robustMap } from './robust-partition.ts';

/** α stays between these; at 0 and 2 its formula is 0/0. */
const [lowestShape, highestShape] = [0.001, 1.999];

/** The variable behind a scale of `initial`: softplus(0.5413…) = 1. */
const shiftToOne = Math.log(Math.expm1(1));

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);

interface ScaleValues {
	readonly initialScale: number;
	readonly smallestScale: number;
}

/** The learned shape and scale in plain numbers. */
function learned(variables: Numbers, { initialScale, smallestScale }: ScaleValues): { alpha: number; scale: number } {
	return {
		alpha: lowestShape + (highestShape - lowestShape) * sigmoid(variables.shape ?? 0),
		scale: smallestScale + (initialScale - smallestScale) * softplus((variables.scale ?? 0) + shiftToOne),
	};
}

function shapeOf(tf: Tf, shape: Scalar): Scalar {
	return tf.add(tf.mul(tf.sigmoid(shape), highestShape - lowestShape), lowestShape);
}

function scaleOf(tf: Tf, scale: Scalar, { initialScale, smallestScale }: ScaleValues): Scalar {
	return tf.add(tf.mul(tf.softplus(tf.add(scale, shiftToOne)), initialScale - smallestScale), smallestScale);
}

/**
 * Barron's robust loss with shape and scale learned: the likelihood of the residuals under the density that fits them best.
 *
 * Formula: mean( ρ(e, α, c) ) + ln c + ln Z(α), α in (0, 2) and c trained beside the net.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const adaptiveRobust = defineLoss({
	id: 'adaptiveRobust',
	name: 'Adaptive robust (Barron)',
	family: 'adaptive',
	summary: 'Learns while it trains how much to trust large residuals: between squared error (α = 2) and Cauchy (α = 0).',
	formula: 'mean( ρ(e, α, c) ) + ln c + ln Z(α)',
	symbols: {
		ρ: '|α − 2|/α·(((e/c)²/|α − 2| + 1)^(α/2) − 1)',
		e: 'p − g, probability less truth',
		α: 'shape, learned',
		c: 'scale, learned',
		Z: 'the area under exp(−ρ), which keeps α from falling',
	},
	takes: 'probabilities',
	range: '(−∞, ∞)',
	canBeNegative: true,
	perfectIsMinimum: true,
	goodWhen: 'Some masks are wrong in places, and you do not know how many to expect.',
	badWhen: 'Foreground is rare: its residuals look like outliers and are given up.',
	edgeCases:
		'Empty and full masks are ordinary. As residuals shrink the scale follows to its lower limit and the value falls below 0: compare runs by their metrics, never by it.',
	sources: [barron2019],
	params: {
		initialScale: {
			kind: 'number',
			label: 'Scale at the start (c)',
			help: 'Residuals below it count by their square at first. The published code begins at 1; probabilities differ by less.',
			min: 0.01,
			max: 10,
			step: 0.05,
			default: 1,
		},
		smallestScale: {
			kind: 'number',
			label: 'Smallest scale',
			help: 'Keeps the loss from chasing ever smaller residuals. The published code has 10⁻⁵, for residuals of any size.',
			min: 0.00001,
			max: 0.009,
			step: 0.001,
			default: 0.001,
		},
	},
	variables: () => ({ shape: 0, scale: 0 }),
	readings(moment, values) {
		const { alpha, scale } = learned(moment.variables, values);
		return { 'shape α': alpha, 'scale c': scale };
	},
	compute(tf, input, values) {
		const { shape, scale: latent } = input.variables;
		if (!shape || !latent) throw new RangeError('the learned shape and scale are missing');
		const alpha = shapeOf(tf, shape);
		const scale = scaleOf(tf, latent, values);
		const mean = meanResidual(tf, input, (error) => robustMap(tf, tf.square(tf.div(error, scale)), alpha));
		return tf.add(tf.add(mean, tf.log(scale)), logPartition(tf, alpha));
	},
});
