/**
 * The golden conventions in plain loops of float64: an oracle that shares no code with the shelf. A problem is a case
 * without an expected value.
 */
export type Shape = readonly [batch: number, height: number, width: number, channels: number];

export interface Problem {
	readonly shape: Shape;
	/** [B, H, W, C] */
	readonly y: readonly number[];
	/** [B, H, W, C] the case's yPred. */
	readonly x: readonly number[];
	readonly params: Readonly<Record<string, unknown>>;
}

/** The outputs of a loss, in the order of a case's `expected`. */
export type Oracle = (problem: Problem) => number[];

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;

export function num({ params }: Problem, key: string, otherwise: number): number {
	const value = params[key];
	return typeof value === 'number' ? value : otherwise;
}

export function list({ params }: Problem, key: string): number[] | undefined {
	const value = params[key];
	return Array.isArray(value) ? value.flat(4).map(Number) : undefined;
}

export const is = ({ params }: Problem, key: string): boolean => params[key] === true;

/** Places of an image and channel in the flat lists. */
export function places([, height, width, channels]: Shape, n: number, c: number): number[] {
	return range(height * width).map((i) => (n * height * width + i) * channels + c);
}

/** The lists of each pixel's channels. */
export function pixels(values: readonly number[], [, , , channels]: Shape): number[][] {
	return range(values.length / channels).map((pixel) => values.slice(pixel * channels, (pixel + 1) * channels));
}

export const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
export const sigma = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

export function logSoftmax(z: readonly number[]): number[] {
	const largest = Math.max(...z);
	const log = largest + Math.log(sum(z.map((value) => Math.exp(value - largest))));
	return z.map((value) => value - log);
}

export const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Probabilities, or what the case takes for them [B, H, W, C]. */
export function activated({ x, shape, params }: Problem): number[] {
	switch (params.activation) {
		case 'sigmoid':
			return x.map(sigma);
		case 'tanh':
			return x.map(Math.tanh);
		case 'softmax':
			return pixels(x, shape).flatMap((z) => logSoftmax(z).map(Math.exp));
		case 'logSoftmax':
			return pixels(x, shape).flatMap(logSoftmax);
		default:
			return [...x];
	}
}

/** Logits of each pixel: as given, or behind probabilities. */
export function pixelLogits({ x, shape, params }: Problem): number[][] {
	const given = pixels(x, shape);
	if (params.predKind !== 'probabilities') return given;
	return shape[3] === 1
		? given.map(([p = 0]) => [Math.log(clip(p, 1e-7, 1)) - Math.log(clip(1 - p, 1e-7, 1))])
		: given.map((p) => p.map((value) => Math.log(clip(value, 1e-7, 1))));
}

/** Cross-entropy of each pixel: binary for one channel, categorical for more. */
export function pixelEntropies(problem: Problem): number[] {
	const truth = pixels(problem.y, problem.shape);
	return pixelLogits(problem).map((z, i) => {
		const [g = 0] = truth[i]!;
		const [first = 0] = z;
		if (z.length === 1) return g * softplus(-first) + (1 - g) * softplus(first);
		return -sum(logSoftmax(z).map((log, c) => truth[i]![c]! * log));
	});
}

/** Keeps channels from the second on. */
export function withoutFirst(values: readonly number[], shape: Shape): number[] {
	return pixels(values, shape).flatMap((pixel) => pixel.slice(1));
}

/** Reduces a list of points: mean, sum or the list itself. */
export function reduced(problem: Problem, values: readonly number[]): number[] {
	const { reduction } = problem.params;
	if (reduction === 'none') return [...values];
	return [reduction === 'sum' ? sum(values) : mean(values)];
}
