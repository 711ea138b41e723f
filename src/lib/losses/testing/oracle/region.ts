/** The conventions of losses that compare areas, and of their sums with others. */
import { asymmetricFocal, asymmetricFocalTversky, distributionOracles } from './distribution.ts';
import { activated, is, list, mean, num, pixelEntropies, pixels, places, range, reduced, sigma, softplus, sum } from './problem.ts';
import type { Oracle, Problem } from './problem.ts';

/** Places that are summed together, by image (or batch) and class. */
function areas(problem: Problem): number[][][] {
	const [batch, , , channels] = problem.shape;
	const drops = problem.params.includeBackground === false && channels > 1;
	const classes = range(channels).filter((c) => !drops || c > 0);
	const samples = problem.params.batchDice === true ? [range(batch)] : range(batch).map((n) => [n]);
	return samples.map((sample) => classes.map((c) => sample.flatMap((n) => places(problem.shape, n, c))));
}

interface Counts {
	readonly tp: number;
	readonly p: number;
	readonly g: number;
}

/** Soft counts in the variant that the case names. */
function counts(problem: Problem, p: readonly number[], at: readonly number[]): Counts {
	const [own, truth] = [at.map((i) => p[i]!), at.map((i) => problem.y[i]!)];
	if (is(problem, 'softLabel')) {
		const apart = sum(own.map((value, i) => Math.abs(value - truth[i]!)));
		return { tp: (sum(own) + sum(truth) - apart) / 2, p: sum(own), g: sum(truth) };
	}
	const tp = sum(own.map((value, i) => value * truth[i]!));
	const power = is(problem, 'squared') ? 2 : 1;
	return { tp, p: sum(own.map((value) => value ** power)), g: sum(truth.map((value) => value ** power)) };
}

/** 1 − (tp + num) / (tp + α·fp + β·fn + den). */
function tverskyLoss(problem: Problem, { tp, p, g }: Counts, alpha: number, beta: number, factor = 1): number {
	const denominator = tp + alpha * (p - tp) + beta * (g - tp) + num(problem, 'smoothDen', 1e-5) * factor;
	return 1 - (tp + num(problem, 'smoothNum', 1e-5) * factor) / Math.max(denominator, num(problem, 'denClamp', 0));
}

/** Applies the rules after the formula: absent classes, class weights, reductions. */
function perClass(problem: Problem, loss: (counts: Counts) => number): number[] {
	const p = activated(problem);
	const weights = list(problem, 'classWeights');
	const grid = areas(problem).map((row) =>
		row.map((at, c) => {
			const own = counts(problem, p, at);
			if (problem.params.emptyClass === 'zeroLoss' && own.g === 0) return 0;
			return (weights?.[c % weights.length] ?? 1) * loss(own);
		}),
	);
	const { pickClass } = problem.params;
	if (typeof pickClass === 'number') return [mean(grid.map((row) => row[pickClass]!))];
	return reduced(problem, grid.flat());
}

function diceLoss(problem: Problem, own: Counts): number {
	const isJaccard = is(problem, 'jaccard');
	const weight = isJaccard ? 1 : 0.5;
	const loss = tverskyLoss(problem, own, weight, weight, isJaccard && !is(problem, 'jaccardDoubled') ? 1 : 0.5);
	if (is(problem, 'log')) return -Math.log(Math.max(1 - loss, num(problem, 'eps', 1e-7)));
	return is(problem, 'negate') ? loss - 1 : loss;
}

const dice: Oracle = (problem) => perClass(problem, (own) => diceLoss(problem, own));
const jaccard: Oracle = (problem) => dice({ ...problem, params: { ...problem.params, jaccard: true } });

const tversky: Oracle = (problem) =>
	perClass(problem, (own) => tverskyLoss(problem, own, num(problem, 'alpha', 0.5), num(problem, 'beta', 0.5)));

const focalTversky: Oracle = (problem) =>
	perClass(
		problem,
		(own) => tverskyLoss(problem, own, num(problem, 'alpha', 0.3), num(problem, 'beta', 0.7)) ** num(problem, 'exponent', 0.75),
	);

const asymmetricSimilarity: Oracle = (problem) => {
	const square = num(problem, 'betaF', 1.5) ** 2;
	return perClass(problem, (own) => tverskyLoss(problem, own, 1 / (1 + square), square / (1 + square)));
};

const logCoshDice: Oracle = (problem) => [Math.log(Math.cosh(dice(problem)[0]!))];

const maskedDice: Oracle = (problem) => {
	const mask = list(problem, 'mask') ?? [];
	const channels = problem.shape[3];
	const at = (i: number): number => (mask.length === problem.x.length ? mask[i]! : mask[Math.floor(i / channels)]!);
	const y = problem.y.map((value, i) => value * at(i));
	if (problem.params.maskStage === 'beforeActivation') return dice({ ...problem, y, x: problem.x.map((value, i) => value * at(i)) });
	const p = activated(problem).map((value, i) => value * at(i));
	return dice({ ...problem, y, x: p, params: { ...problem.params, activation: 'none' } });
};

/** Keras: what is left of the axes that are not summed over. */
function kerasGroups({ shape, params }: Problem): number[][] {
	const axes = Array.isArray(params.axis) ? params.axis.map((axis: number) => (axis < 0 ? axis + 4 : axis)) : [0, 1, 2, 3];
	const strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1];
	const groups = new Map<string, number[]>();
	for (const i of range(shape[0] * shape[1] * shape[2] * shape[3])) {
		const at = strides.map((stride, axis) => Math.floor(i / stride) % shape[axis]!);
		const key = at.filter((_, axis) => !axes.includes(axis)).join();
		groups.set(key, [...(groups.get(key) ?? []), i]);
	}
	return [...groups.values()];
}

const kerasTversky: Oracle = (problem) => {
	const [alpha, beta] = [num(problem, 'alpha', 0.5), num(problem, 'beta', 0.5)];
	const losses = kerasGroups(problem).map((at) => {
		const { tp, p, g } = counts(problem, problem.x, at);
		return 1 - tp / (tp + alpha * (p - tp) + beta * (g - tp) + 1e-7);
	});
	return reduced(problem, losses);
};

const kerasDice: Oracle = (problem) => {
	const losses = kerasGroups(problem).map((at) => {
		const { tp, p, g } = counts(problem, problem.x, at);
		return 1 - (2 * tp) / (p + g + 1e-7);
	});
	return reduced(problem, losses);
};

/** Generalised Dice of each image: loss values. */
function generalized(problem: Problem): number[] {
	const p = activated(problem);
	return areas(problem).map((row) => {
		const all = row.map((at) => counts(problem, p, at));
		const raw = all.map(({ g }) =>
			problem.params.weightType === 'uniform' ? 1 : problem.params.weightType === 'simple' ? 1 / g : 1 / g ** 2,
		);
		const largest = Math.max(0, ...raw.filter(Number.isFinite));
		const w = raw.map((weight) => (Number.isFinite(weight) ? weight : problem.params.emptyClassWeight === 'zero' ? 0 : largest));
		const hits = 2 * sum(all.map(({ tp }, c) => w[c]! * tp)) + num(problem, 'smoothNum', 1e-5);
		return 1 - hits / (sum(all.map((own, c) => w[c]! * (own.p + own.g))) + num(problem, 'smoothDen', 1e-5));
	});
}

const generalizedDice: Oracle = (problem) => reduced(problem, generalized(problem));

const penaltyGeneralizedDice: Oracle = (problem) => {
	const k = num(problem, 'k', 2.5);
	return reduced(
		problem,
		generalized(problem).map((loss) => 1 - (1 - loss) / (1 + k * loss)),
	);
};

const generalizedWassersteinDice: Oracle = (problem) => {
	const classes = problem.shape[3];
	const matrix = list(problem, 'distMatrix') ?? [];
	const largest = Math.max(...matrix);
	const [truth, p] = [pixels(problem.y, problem.shape), pixels(activated(problem), problem.shape)];
	const perImage = problem.shape[1] * problem.shape[2];
	const smooth = num(problem, 'smoothDen', 1e-5);
	const losses = range(problem.shape[0]).map((n) => {
		const at = range(perImage).map((i) => n * perImage + i);
		const distance = (i: number): number =>
			sum(truth[i]!.flatMap((y, c) => p[i]!.map((value, d) => (y * matrix[c * classes + d]! * value) / largest)));
		const volumes = range(classes).map((c) => sum(at.map((i) => truth[i]![c]!)));
		const weight = (i: number): number =>
			problem.params.weightingMode === 'GDL' ? sum(truth[i]!.map((y, c) => y / (volumes[c]! + 1))) : 1 - truth[i]![0]!;
		const hits = sum(at.map((i) => weight(i) * (1 - distance(i))));
		const area =
			problem.params.weightingMode === 'GDL'
				? sum(at.map((i) => weight(i) * (2 - distance(i))))
				: 2 * hits + sum(at.map((i) => distance(i)));
		return 1 - (2 * hits + smooth) / (area + smooth);
	});
	return reduced(problem, losses);
};

/** The Lovász extension of Jaccard by its definition: errors falling, differences of 1 − I/U. */
function lovasz(errors: readonly number[], truth: readonly number[]): number {
	const order = range(errors.length).sort((a, b) => errors[b]! - errors[a]!);
	const total = sum(truth);
	let [intersection, union, before, value] = [total, total, 0, 0];
	for (const i of order) {
		intersection -= truth[i]!;
		union += 1 - truth[i]!;
		const jaccardLoss = 1 - intersection / union;
		value += errors[i]! * (jaccardLoss - before);
		before = jaccardLoss;
	}
	return value;
}

const imageRows = (problem: Problem, perImage: boolean): number[][] => {
	const [batch] = problem.shape;
	return perImage ? range(batch).map((n) => [n]) : [range(batch)];
};

const lovaszHinge: Oracle = (problem) => {
	const rows = imageRows(problem, problem.params.perImage !== false);
	const losses = rows.map((images) => {
		const at = images.flatMap((n) => places(problem.shape, n, 0));
		const errors = at.map((i) => 1 - problem.x[i]! * (2 * problem.y[i]! - 1));
		const ranked = at.map((_, i) => i).sort((a, b) => errors[b]! - errors[a]!);
		// relu after the order was found: clipped errors keep their rank.
		const order = ranked.map((i) => ({ error: Math.max(0, errors[i]!), truth: problem.y[at[i]!]! }));
		return lovaszOrdered(order);
	});
	return [mean(losses)];
};

function lovaszOrdered(order: readonly { readonly error: number; readonly truth: number }[]): number {
	const total = sum(order.map(({ truth }) => truth));
	let [intersection, union, before, value] = [total, total, 0, 0];
	for (const { error, truth } of order) {
		intersection -= truth;
		union += 1 - truth;
		const jaccardLoss = 1 - intersection / union;
		value += error * (jaccardLoss - before);
		before = jaccardLoss;
	}
	return value;
}

const lovaszSoftmax: Oracle = (problem) => {
	const p = activated(problem);
	const losses = imageRows(problem, is(problem, 'perImage')).map((images) => {
		const perClassLoss = range(problem.shape[3]).flatMap((c) => {
			const at = images.flatMap((n) => places(problem.shape, n, c));
			const truth = at.map((i) => problem.y[i]!);
			if (problem.params.classes !== 'all' && sum(truth) === 0) return [];
			return [
				lovasz(
					at.map((i, k) => Math.abs(truth[k]! - p[i]!)),
					truth,
				),
			];
		});
		return perClassLoss.length === 0 ? 0 : mean(perClassLoss);
	});
	return [mean(losses)];
};

/** A loss of each area from its probabilities and truth. */
const perArea =
	(formula: (problem: Problem, p: readonly number[], g: readonly number[]) => number): Oracle =>
	(problem) => {
		const p = activated(problem);
		const grid = areas(problem).map((row) =>
			row.map((at) =>
				formula(
					problem,
					at.map((i) => p[i]!),
					at.map((i) => problem.y[i]!),
				),
			),
		);
		return reduced(problem, grid.flat());
	};

const sensitivitySpecificity = perArea((problem, p, g) => {
	const [r, s] = [num(problem, 'r', 0.05), num(problem, 'smooth', 1e-5)];
	const inside = sum(g.map((y, i) => (y - p[i]!) ** 2 * y)) / (sum(g) + s);
	const outside = sum(g.map((y, i) => (y - p[i]!) ** 2 * (1 - y))) / (sum(g.map((y) => 1 - y)) + s);
	return r * inside + (1 - r) * outside;
});

function correlationLoss(p: readonly number[], g: readonly number[], inCounts: number, underRoot: number): number {
	const total = (of: (value: number, y: number) => number): number => sum(p.map((value, i) => of(value, g[i]!))) + inCounts;
	const [tp, tn] = [total((v, y) => v * y), total((v, y) => (1 - v) * (1 - y))];
	const [fp, fn] = [total((v, y) => v * (1 - y)), total((v, y) => (1 - v) * y)];
	return 1 - (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn) + underRoot);
}

const mcc: Oracle = (problem) => {
	if (is(problem, 'epsInCounts')) return [correlationLoss(activated(problem), problem.y, num(problem, 'eps', 1e-5), 0)];
	return perArea((own, p, g) => {
		const isPerfect = is(own, 'perfectIsZero') && p.every((value, i) => value === g[i] && (value === 0 || value === 1));
		return isPerfect ? 0 : correlationLoss(p, g, 0, num(own, 'smoothDen', 1e-5));
	})(problem);
};

const noiseRobustDice = perArea((problem, p, g) => {
	const errors = sum(p.map((value, i) => Math.abs(value - g[i]!) ** num(problem, 'gamma', 1.5)));
	return errors / (sum(p.map((value) => value ** 2)) + sum(g.map((y) => y ** 2)) + num(problem, 'smoothDen', 1e-5));
});

const dicePlusPlus = perArea((problem, p, g) => {
	const [gamma, s] = [num(problem, 'gamma', 2), num(problem, 'smooth', 1e-7)];
	const tp = sum(p.map((value, i) => value * g[i]!));
	const missed = sum(p.map((value, i) => (g[i]! * (1 - value)) ** gamma));
	const marked = sum(p.map((value, i) => ((1 - g[i]!) * value) ** gamma));
	return 1 - (tp + s) / (tp + missed / 2 + marked / 2 + s);
});

const only = (outputs: readonly number[]): number => outputs[0] ?? Number.NaN;

const diceCE: Oracle = (problem) => {
	const region = dice({ ...problem, params: { ...problem.params, reduction: 'mean' } });
	const entropy =
		problem.shape[3] === 1
			? distributionOracles.binaryCrossEntropy!({ ...problem, params: { posWeight: num(problem, 'posWeight', 1) } })
			: distributionOracles.categoricalCrossEntropy!({
					...problem,
					params: { classWeights: problem.params.ceClassWeights, weightedMean: problem.params.ceClassWeights !== undefined },
				});
	return [num(problem, 'lambdaDice', 1) * only(region) + num(problem, 'lambdaCE', 1) * only(entropy)];
};

const diceFocal: Oracle = (problem) => {
	const params = { gamma: num(problem, 'gamma', 2), alpha: problem.params.alpha, includeBackground: problem.params.includeBackground };
	const kind = problem.params.focalKind === 'softmax' && problem.shape[3] > 1 ? 'categoricalFocal' : 'binaryFocal';
	const focal = distributionOracles[kind]!({ ...problem, params });
	return [num(problem, 'lambdaDice', 1) * only(dice(problem)) + num(problem, 'lambdaFocal', 1) * only(focal)];
};

const diceTopK: Oracle = (problem) => [
	num(problem, 'lambdaDice', 1) * only(dice(problem)) + num(problem, 'lambdaTopK', 1) * only(distributionOracles.topK!(problem)),
];

const combo: Oracle = (problem) => {
	const [alpha, b, s] = [num(problem, 'alpha', 0.5), num(problem, 'beta', 0.5), num(problem, 'smooth', 1)];
	const entropy = mean(problem.x.map((z, i) => b * problem.y[i]! * softplus(-z) + (1 - b) * (1 - problem.y[i]!) * softplus(z)));
	const p = problem.x.map(sigma);
	const score = (2 * sum(p.map((value, i) => value * problem.y[i]!)) + s) / (sum(p) + sum(problem.y) + s);
	return [alpha * entropy - (1 - alpha) * score];
};

const exponentialLogarithmic: Oracle = (problem) => {
	const [gamma, s] = [num(problem, 'gamma', 0.3), num(problem, 'smooth', 1)];
	const p = pixels(problem.x, problem.shape).flatMap((z) => {
		const largest = Math.max(...z);
		const total = sum(z.map((value) => Math.exp(value - largest)));
		return z.map((value) => Math.exp(value - largest) / total);
	});
	const classes = range(problem.shape[3]);
	const at = (c: number): number[] => range(problem.shape[0]).flatMap((n) => places(problem.shape, n, c));
	const scores = classes.map((c) => {
		const tp = sum(at(c).map((i) => p[i]! * problem.y[i]!));
		return (2 * tp + s) / (sum(at(c).map((i) => p[i]! + problem.y[i]!)) + s);
	});
	const f = classes.map((c) => sum(at(c).map((i) => problem.y[i]!)));
	const weights = f.map((count) => (count === 0 ? 0 : Math.sqrt(sum(f) / count)));
	const truth = pixels(problem.y, problem.shape);
	const crossGamma = num(problem, 'gammaCross', gamma);
	const cross = pixelEntropies(problem).map((loss, i) => sum(truth[i]!.map((y, c) => y * weights[c]!)) * loss ** crossGamma);
	return [
		num(problem, 'wDice', 0.8) * mean(scores.map((score) => (-Math.log(score)) ** gamma)) + num(problem, 'wCross', 0.2) * mean(cross),
	];
};

const unifiedFocal: Oracle = (problem) => {
	const lambda = num(problem, 'lambda', 0.5);
	return [lambda * only(asymmetricFocalTversky(problem)) + (1 - lambda) * only(asymmetricFocal(problem))];
};

export const regionOracles: Readonly<Record<string, Oracle>> = {
	dice,
	jaccard,
	tversky,
	focalTversky,
	asymmetricSimilarity,
	logCoshDice,
	maskedDice,
	kerasDice,
	kerasTversky,
	generalizedDice,
	penaltyGeneralizedDice,
	generalizedWassersteinDice,
	lovaszHinge,
	lovaszSoftmax,
	sensitivitySpecificity,
	mcc,
	noiseRobustDice,
	dicePlusPlus,
	diceCE,
	diceFocal,
	diceTopK,
	combo,
	exponentialLogarithmic,
	unifiedFocal,
};
