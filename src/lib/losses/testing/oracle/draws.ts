/** Random problems: shapes, truths, predictions and parameters within each convention. */
import { RandomStream } from '#lib/core/random.ts';
import { logSoftmax, range, sigma } from './problem.ts';
import type { Problem, Shape } from './problem.ts';

type Choices = Readonly<Record<string, readonly unknown[]>>;

/** What a convention allows: how many channels, what yPred holds, and the values of each key; undefined leaves a key out. */
export interface Convention {
	readonly channels: readonly number[];
	/** `values` are residuals or hinge margins, `perfect` may also be exactly 0 or 1. */
	readonly inputs: readonly ('logits' | 'probabilities' | 'values')[];
	readonly truths: readonly ('hard' | 'soft' | 'values')[];
	readonly keys?: Choices;
	/** Keys that follow from the shape. */
	readonly shaped?: (shape: Shape, draw: Draw) => Readonly<Record<string, unknown>>;
	/** What the other keys allow no longer. */
	readonly unless?: (params: Readonly<Record<string, unknown>>, shape: Shape) => boolean;
}

/** Draws in order. */
export class Draw {
	readonly #stream: RandomStream;
	#count = 0;

	constructor(seed: number) {
		this.#stream = new RandomStream(seed, 'sample');
	}

	uniform(low = 0, high = 1): number {
		return low + (high - low) * this.#stream.uniform(this.#count++);
	}

	normal(): number {
		return this.#stream.normal(1e6 + this.#count++);
	}

	pick<T>(options: readonly T[]): T {
		return options[Math.floor(this.uniform() * options.length)]!;
	}
}

/** A number that float32 holds exactly, so that both sides compute with the same. */
const exact = (value: number): number => Math.round(value * 64) / 64;

function truthOf(kind: 'hard' | 'soft' | 'values', [batch, height, width, channels]: Shape, draw: Draw): number[] {
	const pixelCount = batch * height * width;
	if (kind === 'values') return range(pixelCount * channels).map(() => exact(2 * draw.normal()));
	if (channels === 1) return range(pixelCount).map(() => (kind === 'soft' ? exact(draw.uniform()) : Number(draw.uniform() < 0.4)));
	const present = range(channels).filter((c) => c === 0 || draw.uniform() < 0.8);
	return range(pixelCount).flatMap(() => {
		const own = draw.pick(present);
		const share = kind === 'soft' ? exact(draw.uniform(0.5, 1)) : 1;
		return range(channels).map((c) => (c === own ? share : (1 - share) / (channels - 1)));
	});
}

function predictionOf(kind: 'logits' | 'probabilities' | 'values', [batch, height, width, channels]: Shape, draw: Draw): number[] {
	const z = range(batch * height * width * channels).map(() => exact(2 * draw.normal()));
	if (kind !== 'probabilities') return z;
	if (channels === 1) return z.map((value) => exact(Math.min(0.95, Math.max(0.05, sigma(value)))));
	return range(batch * height * width).flatMap((pixel) => logSoftmax(z.slice(pixel * channels, (pixel + 1) * channels)).map(Math.exp));
}

type InputKind = Convention['inputs'][number];

/** Parameters within the convention for this shape; undefined when its keys do not go together. */
function drawParams(convention: Convention, shape: Shape, kind: InputKind, draw: Draw): Readonly<Record<string, unknown>> | undefined {
	const keys = Object.entries(convention.keys ?? {}).map(([key, values]) => [key, draw.pick(values)] as const);
	const params = {
		...(kind === 'values' ? {} : { predKind: kind }),
		...Object.fromEntries(keys.filter(([, value]) => value !== undefined)),
		...convention.shaped?.(shape, draw),
	};
	return convention.unless?.(params, shape) === true ? undefined : params;
}

/** Draws until the parameters go together. */
function untilDrawn<T>(seed: number, make: (draw: Draw) => T | undefined): T {
	for (let attempt = 0; ; attempt++) {
		const made = make(new Draw(seed * 1000 + attempt));
		if (made !== undefined) return made;
	}
}

/** A problem within the convention. */
export function drawProblem(convention: Convention, seed: number): Problem {
	return untilDrawn(seed, (draw) => {
		const shape: Shape = [draw.pick([1, 2, 3]), draw.pick([2, 3, 4]), draw.pick([2, 3, 5]), draw.pick(convention.channels)];
		const kind = draw.pick(convention.inputs);
		const params = drawParams(convention, shape, kind, draw);
		if (params === undefined) return undefined;
		return { shape, params, y: truthOf(draw.pick(convention.truths), shape, draw), x: predictionOf(kind, shape, draw) };
	});
}

/** What a truth and a prediction of this shape are, so that conventions can be chosen for them. */
export interface Given {
	readonly shape: Shape;
	readonly kind: InputKind;
	readonly y: readonly number[];
	readonly x: readonly number[];
}

/** Whether the convention speaks of such a truth and prediction. */
export function fits({ channels, inputs, truths }: Convention, { shape, kind, y }: Given): boolean {
	const isHard = y.every((value) => value === 0 || value === 1);
	const truth = kind === 'values' && truths.includes('values') ? 'values' : isHard ? 'hard' : 'soft';
	return channels.includes(shape[3]) && inputs.includes(kind) && (truths.includes(truth) || (isHard && truths.includes('soft')));
}

/** The given truth and prediction with parameters within the convention. */
export function drawOn(convention: Convention, { shape, kind, y, x }: Given, seed: number): Problem {
	return untilDrawn(seed, (draw) => {
		const params = drawParams(convention, shape, kind, draw);
		return params === undefined ? undefined : { shape, params, y, x };
	});
}
