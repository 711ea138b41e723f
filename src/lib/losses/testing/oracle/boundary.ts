/** The conventions of losses that look at borders and distances, by looking at every pair of pixels. */
import { activated, is, list, mean, num, places, range, reduced, softplus, sum } from './problem.ts';
import type { Oracle, Problem } from './problem.ts';

/** For each place of an image and channel the distance to the other side of its mask; 0 where a side is missing. */
function distances({ shape }: Problem, inside: readonly boolean[]): number[] {
	const width = shape[2];
	const apart = (a: number, b: number): number => Math.hypot((a % width) - (b % width), Math.floor(a / width) - Math.floor(b / width));
	const side = (wanted: boolean): number[] => range(inside.length).filter((i) => inside[i] === wanted);
	const [own, other] = [side(true), side(false)];
	if (own.length === 0 || other.length === 0) return inside.map(() => 0);
	return inside.map((isInside, i) => Math.min(...(isInside ? other : own).map((j) => apart(i, j))));
}

/** Lists of every image and channel. */
function grid(problem: Problem, formula: (at: readonly number[]) => number): number[][] {
	const [batch, , , channels] = problem.shape;
	const drops = problem.params.includeBackground === false && channels > 1;
	const classes = range(channels).filter((c) => !drops || c > 0);
	return range(batch).map((n) => classes.map((c) => formula(places(problem.shape, n, c))));
}

const boundary: Oracle = (problem) => {
	const [p, offset] = [activated(problem), num(problem, 'innerOffset', 1)];
	const rows = grid(problem, (at) => {
		const inside = at.map((i) => problem.y[i]! > 0.5);
		const isMixed = inside.includes(true) && inside.includes(false);
		const distance = distances(problem, inside);
		const phi = distance.map((value, k) => (!isMixed ? 0 : inside[k] ? -(value - offset) : value));
		return mean(at.map((i, k) => p[i]! * phi[k]!));
	});
	const classes = list(problem, 'classes');
	return [mean(rows.flatMap((row) => (classes === undefined ? row : classes.map((c) => row[c]!))))];
};

const hausdorffDT: Oracle = (problem) => {
	const [p, alpha] = [activated(problem), num(problem, 'alpha', 2)];
	const rows = grid(problem, (at) => {
		const ofPrediction = distances(
			problem,
			at.map((i) => p[i]! > 0.5),
		);
		const ofTruth = distances(
			problem,
			at.map((i) => problem.y[i]! > 0.5),
		);
		return mean(at.map((i, k) => (p[i]! - problem.y[i]!) ** 2 * (ofPrediction[k]! ** alpha + ofTruth[k]! ** alpha)));
	});
	const values = reduced(problem, rows.flat());
	return is(problem, 'logHD') ? values.map(Math.log1p) : values;
};

const binaryEntropy = (z: number, y: number): number => y * softplus(-z) + (1 - y) * softplus(z);

const distancePenalizedCE: Oracle = (problem) => {
	const rows = grid(problem, (at) => {
		const inside = at.map((i) => problem.y[i]! > 0.5);
		const distance = distances(problem, inside);
		const largest = (wanted: boolean): number => Math.max(0, ...distance.filter((_, k) => inside[k] === wanted));
		const weight = distance.map((value, k) => (value === 0 ? 0 : (largest(inside[k]!) - value) / largest(inside[k]!)));
		return mean(at.map((i, k) => (1 + weight[k]!) * binaryEntropy(problem.x[i]!, problem.y[i]!)));
	});
	return [mean(rows.flat())];
};

/** Foreground pixels with at least one of their four neighbours off the class, or off the image. */
function borderPixels({ shape, y }: Problem, c: number): number {
	const [batch, height, width, channels] = shape;
	const at = (n: number, row: number, column: number): number =>
		row < 0 || column < 0 || row >= height || column >= width ? 0 : y[((n * height + row) * width + column) * channels + c]!;
	return sum(
		range(batch * height * width).map((i) => {
			const [n, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
			const around = [at(n, row - 1, column), at(n, row + 1, column), at(n, row, column - 1), at(n, row, column + 1)];
			return at(n, row, column) === 1 && around.includes(0) ? 1 : 0;
		}),
	);
}

const boundaryDoU: Oracle = (problem) => {
	const p = activated(problem);
	const losses = range(problem.shape[3]).map((c) => {
		const at = range(problem.shape[0]).flatMap((n) => places(problem.shape, n, c));
		const area = sum(at.map((i) => problem.y[i]!));
		const a = Math.min(2 * (1 - (borderPixels(problem, c) + 1e-5) / (area + 1e-5)) - 1, 0.8);
		const squares = sum(at.map((i) => p[i]! ** 2 + problem.y[i]! ** 2));
		const hits = sum(at.map((i) => p[i]! * problem.y[i]!));
		return (squares - 2 * hits + 1e-5) / (squares - (1 + a) * hits + 1e-5);
	});
	return [mean(losses)];
};

/** Smallest (or largest) of a window around each pixel; nothing lies beyond the image. */
function pooled(
	values: readonly number[],
	[height, width]: readonly [number, number],
	window: readonly (readonly [number, number])[],
	largest: boolean,
): number[] {
	return range(height * width).map((i) => {
		const [row, column] = [Math.floor(i / width), i % width];
		const around = window.flatMap(([dy, dx]) => {
			const [y, x] = [row + dy, column + dx];
			return y < 0 || x < 0 || y >= height || x >= width ? [] : [values[y * width + x]!];
		});
		return largest ? Math.max(...around) : Math.min(...around);
	});
}

const plus = [
	[0, 0],
	[1, 0],
	[-1, 0],
	[0, 1],
	[0, -1],
] as const;
const square = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dy, dx] as const));

/** Soft skeleton of one image and channel. */
function skeleton(image: readonly number[], size: readonly [number, number], iterations: number): number[] {
	const opened = (values: readonly number[]): number[] => pooled(pooled(values, size, plus, false), size, square, true);
	const thin = (values: readonly number[]): number[] => opened(values).map((value, i) => Math.max(0, values[i]! - value));
	let [eroded, found] = [[...image], thin(image)];
	for (let k = 0; k < iterations; k++) {
		eroded = pooled(eroded, size, plus, false);
		const more = thin(eroded);
		found = found.map((value, i) => value + Math.max(0, more[i]! - value * more[i]!));
	}
	return found;
}

const softClDice: Oracle = (problem) => {
	const [iterations, s, alpha] = [num(problem, 'iterations', 3), num(problem, 'smooth', 1), num(problem, 'alpha', 1)];
	const p = activated(problem);
	const size = [problem.shape[1], problem.shape[2]] as const;
	let [hitsP, areaP, hitsG, areaG] = [s, s, s, s];
	grid(problem, (at) => {
		const ofPrediction = skeleton(
			at.map((i) => p[i]!),
			size,
			iterations,
		);
		const ofTruth = skeleton(
			at.map((i) => problem.y[i]!),
			size,
			iterations,
		);
		hitsP += sum(at.map((i, k) => ofPrediction[k]! * problem.y[i]!));
		areaP += sum(ofPrediction);
		hitsG += sum(at.map((i, k) => ofTruth[k]! * p[i]!));
		areaG += sum(ofTruth);
		return 0;
	});
	const [precision, sensitivity] = [hitsP / areaP, hitsG / areaG];
	const line = 1 - (2 * precision * sensitivity) / (precision + sensitivity);
	const overlap = (2 * sum(p.map((value, i) => value * problem.y[i]!)) + s) / (sum(p) + sum(problem.y) + s);
	return [(1 - alpha) * (1 - overlap) + alpha * line];
};

const totalVariation: Oracle = (problem) => {
	const [height, width] = [problem.shape[1], problem.shape[2]];
	const rows = grid(problem, (at) => {
		const value = (row: number, column: number): number => problem.x[at[row * width + column]!]!;
		const down = range(height - 1).flatMap((row) => range(width).map((column) => Math.abs(value(row + 1, column) - value(row, column))));
		const across = range(height).flatMap((row) => range(width - 1).map((column) => Math.abs(value(row, column + 1) - value(row, column))));
		return sum(down) + sum(across);
	});
	return reduced(problem, rows.flat());
};

/** Weighted by the gap between the two nearest labelled instances. */
const unetWeightedCE: Oracle = (problem) => {
	const [, height, width] = problem.shape;
	const labels = list(problem, 'instances') ?? [];
	const [background = 1, foreground = 1] = list(problem, 'classWeights') ?? [];
	const [w0, s] = [num(problem, 'w0', 10), num(problem, 'sigma', 5)];
	const losses = problem.x.map((z, i) => {
		const image = Math.floor(i / (height * width)) * height * width;
		const own = range(height * width);
		const nearest = [...new Set(own.map((k) => labels[image + k]!))]
			.filter((label) => label > 0)
			.map((label) =>
				Math.min(
					...own
						.filter((k) => labels[image + k] === label)
						.map((k) => Math.hypot((k % width) - ((i - image) % width), Math.floor(k / width) - Math.floor((i - image) / width))),
				),
			)
			.sort((a, b) => a - b);
		const [first = Infinity, second = Infinity] = nearest;
		const y = problem.y[i]!;
		const weight = background * (1 - y) + foreground * y + (1 - y) * w0 * Math.exp(-((first + second) ** 2) / (2 * s ** 2));
		return weight * binaryEntropy(z, y);
	});
	return [mean(losses)];
};

/** A function of each residual. */
const residual =
	(rho: (e: number, problem: Problem) => number): Oracle =>
	(problem) =>
		reduced(
			problem,
			problem.x.map((x, i) => rho(x - problem.y[i]!, problem)),
		);

const scaled = (rho: (squares: number) => number, c: number): Oracle => residual((e, problem) => rho((e / num(problem, 'c', c)) ** 2));

const generalRobust = residual((e, problem) => {
	const { alpha } = problem.params;
	const s = (e / num(problem, 'c', 1)) ** 2;
	const constant = is(problem, 'nll')
		? Math.log(num(problem, 'c', 1)) + Math.log(alpha === 2 ? Math.sqrt(2 * Math.PI) : Math.PI * Math.SQRT2)
		: 0;
	if (alpha === '-inf') return 1 - Math.exp(-s / 2);
	if (alpha === 2) return s / 2 + constant;
	if (alpha === 0) return Math.log1p(s / 2) + constant;
	const a = num(problem, 'alpha', 1);
	const b = Math.abs(a - 2);
	return (b / a) * ((s / b + 1) ** (a / 2) - 1);
});

export const residualOracles: Readonly<Record<string, Oracle>> = {
	meanSquaredError: residual((e) => e ** 2),
	meanAbsoluteError: residual(Math.abs),
	huber: residual((e, problem) => {
		const [a, d] = [Math.abs(e), num(problem, 'delta', 1)];
		return a <= d ? a ** 2 / 2 : d * a - d ** 2 / 2;
	}),
	smoothL1: residual((e, problem) => {
		const [a, b] = [Math.abs(e), num(problem, 'beta', 1)];
		return a < b ? a ** 2 / (2 * b) : a - b / 2;
	}),
	logCosh: residual((e) => Math.abs(e) + Math.log1p(Math.exp(-2 * Math.abs(e))) - Math.LN2),
	charbonnier: scaled((s) => Math.sqrt(s + 1) - 1, 1),
	cauchy: scaled((s) => Math.log1p(s / 2), 1),
	gemanMcClure: scaled((s) => (2 * s) / (s + 4), 1),
	welsch: scaled((s) => -Math.expm1(-s / 2), 1),
	tukey: residual((e, problem) => {
		const c = num(problem, 'c', 4.685);
		return Math.abs(e) <= c ? (c ** 2 / 6) * (1 - (1 - (e / c) ** 2) ** 3) : c ** 2 / 6;
	}),
	generalRobust,
};

export const boundaryOracles: Readonly<Record<string, Oracle>> = {
	boundary,
	hausdorffDT,
	distancePenalizedCE,
	boundaryDoU,
	softClDice,
	totalVariation,
	unetWeightedCE,
};
