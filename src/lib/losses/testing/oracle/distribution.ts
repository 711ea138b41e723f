/** The conventions of losses of single pixels. */
import {
	activated,
	clip,
	is,
	list,
	logSoftmax,
	mean,
	num,
	pixelEntropies,
	pixelLogits,
	pixels,
	range,
	reduced,
	sigma,
	softplus,
	sum,
	withoutFirst,
} from './problem.ts';
import type { Oracle, Problem } from './problem.ts';

const eps = 1e-7;

/** Keras' mean over the last axis, then the reduction; ignored entries left out. */
function entries(problem: Problem, values: readonly number[]): number[] {
	const { ignoreIndex, axisMean } = problem.params;
	const kept = ignoreIndex === undefined ? values : values.filter((_, i) => problem.y[i] !== ignoreIndex);
	if (problem.params.ignoreReduction === 'meanAll') return [sum(kept) / values.length];
	if (problem.params.reduction === 'monaiSum') return [mean(kept) * problem.shape[0] * problem.shape[3]];
	return reduced(problem, axisMean === true ? pixels(kept, problem.shape).map(mean) : kept);
}

const binaryCrossEntropy: Oracle = (problem) => {
	const [smooth, flip, weight] = [num(problem, 'labelSmoothing', 0), num(problem, 'labelFlipSmoothing', 0), num(problem, 'posWeight', 1)];
	const losses = problem.x.map((x, i) => {
		const hard = problem.y[i]!;
		const y = flip > 0 ? hard * (1 - flip) + (1 - hard) * flip : hard * (1 - smooth) + smooth / 2;
		if (problem.params.predKind !== 'probabilities') return weight * y * softplus(-x) + (1 - y) * softplus(x);
		const p = clip(x, eps, 1 - eps);
		return -weight * y * Math.log(p) - (1 - y) * Math.log1p(-p);
	});
	return entries(problem, losses);
};

const balancedBCE: Oracle = (problem) => {
	const b = num(problem, 'beta', 0.5);
	return entries(
		problem,
		problem.x.map((z, i) => b * problem.y[i]! * softplus(-z) + (1 - b) * (1 - problem.y[i]!) * softplus(z)),
	);
};

/** Entry by entry: the modulating factor and the loss. */
function focalEntry(problem: Problem, x: number, hard: number): { factor: number; loss: number } {
	const gamma = num(problem, 'gamma', 2);
	const alpha = typeof problem.params.alpha === 'number' ? problem.params.alpha : undefined;
	const smooth = num(problem, 'labelSmoothing', 0);
	const y = hard * (1 - smooth) + smooth / 2;
	const [foreground, background] = alpha === undefined ? [1, 1] : [alpha, 1 - alpha];
	if (problem.params.predKind === 'probabilities') {
		const pt = y === 1 ? x : 1 - x;
		const p = clip(x, eps, 1 - eps);
		const factor = (1 - pt) ** gamma;
		return { factor, loss: factor * (y === 1 ? -foreground * Math.log(p) : -background * Math.log1p(-p)) };
	}
	const [missed, marked] = [y * sigma(-x) ** gamma, (1 - y) * sigma(x) ** gamma];
	return { factor: missed + marked, loss: foreground * missed * softplus(-x) + background * marked * softplus(x) };
}

const binaryFocal: Oracle = (whole) => {
	const drops = whole.params.includeBackground === false && whole.shape[3] > 1;
	const [b, h, w, c] = whole.shape;
	const problem: Problem = drops
		? { ...whole, shape: [b, h, w, c - 1], x: withoutFirst(whole.x, whole.shape), y: withoutFirst(whole.y, whole.shape) }
		: whole;
	const weights = list(problem, 'classWeights');
	const terms = problem.x.map((x, i) => focalEntry(problem, x, problem.y[i]!));
	const losses = terms.map(({ loss }, i) => loss * (weights?.[i % weights.length] ?? 1));
	const divisor = is(problem, 'normalized') ? sum(terms.map(({ factor }) => factor)) : 1;
	return entries(
		problem,
		// Where every pixel is certain and right, the convention divides 0 by 0; a perfect prediction costs nothing.
		losses.map((loss) => (divisor === 0 ? 0 : loss / divisor)),
	);
};

/** Truth with a share spread over the classes, times the class weights; one list a pixel. */
function weighedTruth(problem: Problem, weights: readonly number[] | undefined): number[][] {
	const smooth = num(problem, 'labelSmoothing', 0);
	return pixels(problem.y, problem.shape).map((truth) =>
		truth.map((y, c) => (weights?.[c] ?? 1) * (y * (1 - smooth) + smooth / truth.length)),
	);
}

/** ln p of each pixel: of a softmax, or of given probabilities. */
function logs(problem: Problem): number[][] {
	const given = pixels(problem.x, problem.shape);
	if (problem.params.predKind !== 'probabilities') return given.map(logSoftmax);
	const divisor = (p: readonly number[]): number => (problem.params.renormalize === false ? 1 : sum(p));
	return given.map((p) => p.map((value) => Math.log(clip(value / divisor(p), eps, 1 - eps))));
}

const categoricalCrossEntropy: Oracle = (problem) => {
	const weights = list(problem, 'classWeights');
	const log = logs(problem);
	const truth = weighedTruth(problem, weights);
	const losses = truth.map((y, i) => -sum(y.map((value, c) => value * log[i]![c]!)));
	const mask = list(problem, 'validMask');
	const kept = mask === undefined ? losses : losses.filter((_, i) => mask[i] === 1);
	if (!is(problem, 'weightedMean')) return reduced(problem, kept);
	return [sum(losses) / sum(pixels(problem.y, problem.shape).flatMap((y) => y.map((value, c) => value * (weights?.[c] ?? 1))))];
};

const categoricalFocal: Oracle = (problem) => {
	const { alpha } = problem.params;
	const gamma = num(problem, 'gamma', 2);
	const weights = list(problem, 'alpha') ?? problem.shape.map(() => 1);
	const scale = typeof alpha === 'number' ? alpha : 1;
	const log = logs(problem);
	const terms = weighedTruth(problem, weights).map((y, i) =>
		y.map((value, c) => -scale * value * (1 - Math.exp(log[i]![c]!)) ** gamma * log[i]![c]!),
	);
	return reduced(problem, problem.params.sumClasses === false ? terms.flat() : terms.map(sum));
};

const topK: Oracle = (problem) => {
	const losses = pixelEntropies(problem).sort((a, b) => b - a);
	return [mean(losses.slice(0, Math.max(1, Math.floor((losses.length * num(problem, 'kPercent', 10)) / 100 + 1e-9))))];
};

/** Probability of the true class of each pixel. */
function trueProbabilities(problem: Problem): number[] {
	const truth = pixels(problem.y, problem.shape);
	return pixelLogits(problem).map((z, i) => {
		const [y = 0] = truth[i]!;
		const [first = 0] = z;
		if (z.length === 1) return y * sigma(first) + (1 - y) * sigma(-first);
		return sum(logSoftmax(z).map((log, c) => truth[i]![c]! * Math.exp(log)));
	});
}

const poly1CE: Oracle = (problem) => {
	const doubt = trueProbabilities(problem).map((p) => 1 - p);
	return reduced(
		problem,
		pixelEntropies(problem).map((loss, i) => loss + num(problem, 'epsilon', 1) * doubt[i]!),
	);
};

const generalizedCE: Oracle = (problem) => {
	const q = num(problem, 'q', 0.7);
	return reduced(
		problem,
		trueProbabilities(problem).map((p) => -Math.expm1(q * Math.log(p)) / q),
	);
};

const symmetricCE: Oracle = (problem) => {
	const [alpha, beta, zero] = [num(problem, 'alpha', 0.1), num(problem, 'beta', 1), num(problem, 'A', -4)];
	const truth = pixels(problem.y, problem.shape);
	const reverse = pixelLogits(problem).map((z, i) => {
		const p = z.length === 1 ? [sigma(-z[0]!), sigma(z[0]!)] : logSoftmax(z).map(Math.exp);
		const y = z.length === 1 ? [1 - truth[i]![0]!, truth[i]![0]!] : truth[i]!;
		return -sum(p.map((value, c) => value * (y[c] === 0 ? zero : Math.log(y[c]!))));
	});
	return reduced(
		problem,
		pixelEntropies(problem).map((loss, i) => alpha * loss + beta * reverse[i]!),
	);
};

const divergence = (a: readonly number[], b: readonly number[]): number =>
	sum(a.map((value, c) => clip(value, eps, 1) * Math.log(clip(value, eps, 1) / clip(b[c]!, eps, 1))));

const klDivergence: Oracle = (problem) => {
	const p = pixels(problem.x, problem.shape);
	return reduced(
		problem,
		pixels(problem.y, problem.shape).map((y, i) => divergence(y, p[i]!)),
	);
};

const jsDivergence: Oracle = (problem) => {
	const p = pixels(problem.x, problem.shape);
	const values = pixels(problem.y, problem.shape).map((y, i) => {
		const middle = y.map((value, c) => (value + p[i]![c]!) / 2);
		return (divergence(y, middle) + divergence(p[i]!, middle)) / 2;
	});
	return reduced(problem, values);
};

const signs = (problem: Problem): number[] => problem.y.map((y) => (problem.params.labels === 'plusMinusOne' ? y : 2 * y - 1));

const hinge: Oracle = (problem) => {
	const sign = signs(problem);
	return entries(
		problem,
		problem.x.map((z, i) => Math.max(0, 1 - sign[i]! * z)),
	);
};

const squaredHinge: Oracle = (problem) => {
	const sign = signs(problem);
	return entries(
		problem,
		problem.x.map((z, i) => Math.max(0, 1 - sign[i]! * z) ** 2),
	);
};

const categoricalHinge: Oracle = (problem) => {
	const truth = pixels(problem.y, problem.shape);
	const values = pixels(problem.x, problem.shape).map((z, i) => {
		const rival = Math.max(...z.map((value, c) => (1 - truth[i]![c]!) * value));
		return Math.max(0, rival - sum(z.map((value, c) => truth[i]![c]! * value)) + 1);
	});
	return reduced(problem, values);
};

const classBalancedCE: Oracle = (problem) => {
	const [counts, beta] = [list(problem, 'samplesPerClass') ?? [], num(problem, 'betaCB', 0)];
	const raw = counts.map((n) => (1 - beta) / (1 - beta ** n));
	const scale = problem.params.normalizeToC === false ? 1 : raw.length / sum(raw);
	return categoricalCrossEntropy({ ...problem, params: { ...problem.params, classWeights: raw.map((weight) => weight * scale) } });
};

/** The mean of each pixel's 3 × 3 … neighbourhood of the truth, zero outside. */
function blurred({ y, shape }: Problem, reach: number, weight: (dy: number, dx: number) => number): number[] {
	const [batch, height, width, channels] = shape;
	const at = (n: number, row: number, column: number, c: number): number =>
		row < 0 || column < 0 || row >= height || column >= width ? 0 : y[((n * height + row) * width + column) * channels + c]!;
	const offsets = range(2 * reach + 1).map((i) => i - reach);
	return range(batch * height * width * channels).map((i) => {
		const [c, column] = [i % channels, Math.floor(i / channels) % width];
		const row = Math.floor(i / (channels * width)) % height;
		const n = Math.floor(i / (channels * width * height));
		return sum(offsets.flatMap((dy) => offsets.map((dx) => weight(dy, dx) * at(n, row + dy, column + dx, c))));
	});
}

const nacl: Oracle = (problem) => {
	const size = num(problem, 'kernelSize', 3);
	const soft = blurred(problem, (size - 1) / 2, () => 1 / size ** 2);
	const apart = problem.x.map((z, i) => Math.abs(soft[i]! - z));
	const penalty = mean(problem.params.distance === 'l2' ? apart.map((value) => value ** 2) : apart);
	return [mean(pixelEntropies(problem)) + num(problem, 'alpha', 0.1) * penalty];
};

/** [1 − p, p] of each pixel, clipped. */
const twoClasses = (problem: Problem): number[][] => activated(problem).map((p) => [clip(1 - p, eps, 1 - eps), clip(p, eps, 1 - eps)]);

export const asymmetricFocal: Oracle = (problem) => {
	const [delta, gamma] = [num(problem, 'delta', 0.6), num(problem, 'gamma', 0.5)];
	const losses = twoClasses(problem).map(([p0 = 0, p1 = 0], i) => {
		const y = problem.y[i]!;
		const focus = is(problem, 'symmetric') ? (1 - p1) ** gamma : 1;
		return -(1 - delta) * (1 - p0) ** gamma * (1 - y) * Math.log(p0) - delta * focus * y * Math.log(p1);
	});
	return [mean(losses)];
};

export const asymmetricFocalTversky: Oracle = (problem) => {
	const [delta, gamma] = [num(problem, 'delta', 0.6), num(problem, 'gamma', 0.5)];
	const p = twoClasses(problem);
	const [batch, height, width] = problem.shape;
	const losses = range(batch).map((n) => {
		const inImage = range(height * width).map((i) => n * height * width + i);
		const index = (c: number): number => {
			const truth = (i: number): number => (c === 1 ? problem.y[i]! : 1 - problem.y[i]!);
			const hits = sum(inImage.map((i) => p[i]![c]! * truth(i)));
			const missed = sum(inImage.map((i) => (1 - p[i]![c]!) * truth(i)));
			const marked = sum(inImage.map((i) => p[i]![c]! * (1 - truth(i))));
			return 1 - (hits + eps) / (hits + delta * missed + (1 - delta) * marked + eps);
		};
		const background = is(problem, 'symmetric') ? index(0) ** (1 - gamma) : index(0);
		return (background + index(1) ** (1 - gamma)) / 2;
	});
	return [mean(losses)];
};

export const distributionOracles: Readonly<Record<string, Oracle>> = {
	binaryCrossEntropy,
	balancedBCE,
	binaryFocal,
	categoricalCrossEntropy,
	categoricalFocal,
	topK,
	poly1CE,
	generalizedCE,
	symmetricCE,
	klDivergence,
	jsDivergence,
	hinge,
	squaredHinge,
	categoricalHinge,
	classBalancedCE,
	nacl,
	asymmetricFocal,
	asymmetricFocalTversky,
};
