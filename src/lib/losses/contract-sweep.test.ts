/** What every loss owes its callers over many truths, predictions and parameters. A new loss is covered by being listed. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { isValidValue } from '#lib/core/params.ts';
import type { Param, ParamValue } from '#lib/core/params.ts';
import { RandomStream } from '#lib/core/random.ts';
import type { AnyLoss } from './contract.ts';
import { lossShelf } from './index.ts';
import { count, oneHot, randomBatch } from './testing/batches.ts';
import { evaluate as evaluatePlain, valueOf as valueOfPlain } from './testing/inputs.ts';
import type { PlainBatch } from './testing/inputs.ts';
import { targetsOf } from './testing/targets.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

type Values = Readonly<Record<string, ParamValue>>;

/** The batch with the maps that the loss asks for. */
const prepared = (loss: AnyLoss, batch: PlainBatch): PlainBatch => ({
	...batch,
	targets: batch.targets ?? targetsOf(batch, loss.targets ?? []),
});

const evaluate = (loss: AnyLoss, batch: PlainBatch, values: Values = {}): ReturnType<typeof evaluatePlain> =>
	evaluatePlain(loss, prepared(loss, batch), values);

const valueOf = (loss: AnyLoss, batch: PlainBatch, values: Values = {}): Promise<number> =>
	valueOfPlain(loss, prepared(loss, batch), values);

/** Logits that are `size` at the true class and −size elsewhere. */
const confident = (yTrue: readonly number[], size: number): number[] => yTrue.map((g) => (g > 0.5 ? size : -size));

function withClasses(batch: PlainBatch, classOf: (pixel: number) => number): PlainBatch {
	return {
		...batch,
		yTrue: oneHot(
			Array.from({ length: count(batch.shape, 1) }, (_, i) => classOf(i)),
			batch.shape[3],
		),
	};
}

/** Random, empty, full, and one true pixel. */
function truths(channels: number): PlainBatch[] {
	const batch = randomBatch(channels, 20);
	const other = Math.max(1, channels - 1);
	return [batch, withClasses(batch, () => 0), withClasses(batch, () => other), withClasses(batch, (i) => (i === 7 ? other : 0))];
}

/** The two images of a batch exchanged. */
function exchanged(batch: PlainBatch): PlainBatch {
	const turn = (data: readonly number[]): number[] => [...data.slice(data.length / 2), ...data.slice(0, data.length / 2)];
	return { ...batch, yTrue: turn(batch.yTrue), yPred: turn(batch.yPred) };
}

/** Values that a parameter can take besides its default: every option, both ends of a range. */
function alternatives(param: Param): ParamValue[] {
	switch (param.kind) {
		case 'number':
			return [param.min, param.max];
		case 'boolean':
			return [!param.default];
		case 'choice':
			return param.options.map((option) => option.value).filter((value) => value !== param.default);
		case 'numbers':
			return [];
		default:
			return param satisfies never;
	}
}

/** Each parameter changed alone, and all booleans and choices changed together. */
function variants(loss: AnyLoss): Values[] {
	const single = Object.entries(loss.params).flatMap(([key, param]) => alternatives(param).map((value) => ({ [key]: value })));
	const switched = Object.entries(loss.params).flatMap(([key, param]) => {
		const value = param.kind === 'number' ? undefined : alternatives(param).at(-1);
		return value === undefined ? [] : [[key, value] as const];
	});
	return [...single, Object.fromEntries(switched)];
}

/** Keys of lists with one number for each pair of classes; others have one for each class. */
const pairwise = ['distances'];

/** A value between the default and half-way to either end, any option, or a list of numbers of the right length. */
function drawn(key: string, param: Param, channels: number, draw: (n: number) => number): ParamValue {
	switch (param.kind) {
		case 'number': {
			const share = draw(0) - 0.5;
			// Towards a far end by a tenth of the way at most: ranges are wide, and slopes at their ends beyond finite differences.
			const end = share < 0 ? param.min : Math.min(param.max, param.default + 10 * Math.max(1, Math.abs(param.default)));
			return param.default + Math.abs(share) * (end - param.default);
		}
		case 'boolean':
			return draw(0) < 0.5;
		case 'choice':
			return param.options[Math.floor(draw(0) * param.options.length)]?.value ?? param.default;
		case 'numbers': {
			const classes = Math.max(2, channels);
			const length = pairwise.includes(key) ? classes * classes : classes;
			const list = Array.from({ length }, (_, i) => Math.max(param.min, 0.5 + 2 * draw(i + 1)).toFixed(3));
			return draw(0) < 0.5 ? '' : list.join(', ');
		}
		default:
			return param satisfies never;
	}
}

/** Seeded sets of valid values, all parameters changed at once. */
function drawnSets(loss: AnyLoss, channels: number, sets: number): Values[] {
	const stream = new RandomStream(77, 'sample');
	return Array.from({ length: sets }, (_set, set) =>
		Object.fromEntries(
			Object.entries(loss.params).map(([key, param], place) => [
				key,
				drawn(key, param, channels, (n) => stream.uniform(10_000 * set + 100 * place + n)),
			]),
		),
	);
}

/** Values below those of the truth itself, for the losses that have such. */
const betterThanPerfect: Readonly<Record<string, () => { readonly perfect: PlainBatch; readonly better: PlainBatch }>> = {
	// Far logits leave the neighbourhood of 0 and 1.
	nacl: () => {
		const batch = randomBatch(1, 22);
		return {
			perfect: { ...batch, yPred: confident(batch.yTrue, 50) },
			better: { ...batch, yPred: confident(batch.yTrue, 5) },
		};
	},
	// One true pixel of 4,096: at p = 0.99 its four steps lose 4·10⁻⁴·0.01, and cross-entropy gains 0.01 / 4096.
	totalVariation: () => {
		const pixels = 64 * 64;
		const yTrue = Array.from({ length: pixels }, (_, i) => (i === 2080 ? 1 : 0));
		const perfect: PlainBatch = { shape: [1, 64, 64, 1], yTrue, yPred: confident(yTrue, 50) };
		return { perfect, better: { ...perfect, yPred: perfect.yPred.map((z, i) => (i === 2080 ? Math.log(99) : z)) } };
	},
};

describe.each(lossShelf.map((loss) => [loss.id, loss] as const))('%s', (_id, loss) => {
	describe.each([1, 3])('with %i channel(s)', (channels) => {
		it('does not care in which order the images of a batch come', async () => {
			const batch = randomBatch(channels, 21);
			const [one, other] = [await evaluate(loss, batch), await evaluate(loss, exchanged(batch))];
			expect(Math.abs(one.value - other.value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(one.value)));
			const largest = Math.max(...one.gradient.map(Math.abs));
			const half = one.gradient.length / 2;
			one.gradient.forEach((slope, i) => {
				expect(Math.abs(slope - other.gradient[(i + half) % one.gradient.length]!)).toBeLessThanOrEqual(1e-4 * largest);
			});
		});

		if (loss.perfectIsMinimum)
			it('has its smallest value at the truth, whatever the truth', async () => {
				for (const truth of truths(channels)) {
					const perfect = await valueOf(loss, { ...truth, yPred: confident(truth.yTrue, 50) });
					const others = [
						confident(truth.yTrue, -50),
						...[1, 2, 3].map((seed) => randomBatch(channels, 30 + seed).yPred),
						truth.yTrue.map(() => 0),
						...truths(channels).map(({ yTrue }) => confident(yTrue, 8)),
					];
					for (const yPred of others) {
						expect(await valueOf(loss, { ...truth, yPred })).toBeGreaterThanOrEqual(perfect - 1e-6 * Math.max(1, Math.abs(perfect)));
					}
				}
			});

		it('has the gradient that finite differences give, whatever its parameters', async () => {
			const batch = randomBatch(channels, 23);
			const stream = new RandomStream(5, 'sample');
			const direction = batch.yPred.map((_, i) => 2 * stream.uniform(i) - 1);
			const h = 1 / 512;
			for (const values of drawnSets(loss, channels, 4)) {
				for (const [key, value] of Object.entries(values)) expect(isValidValue(loss.params[key]!, value), key).toBe(true);
				const { value, gradient } = await evaluate(loss, batch, values);
				const along = (by: number): Promise<number> =>
					valueOf(loss, { ...batch, yPred: batch.yPred.map((x, i) => x + by * direction[i]!) }, values);
				const slope = ((await along(h)) - (await along(-h))) / (2 * h);
				const terms = direction.map((d, i) => d * gradient[i]!);
				const expected = terms.reduce((sum, term) => sum + term, 0);
				// Rounding a float32 value costs 6e-8 of it, twice; curvature and kinks cost a share of the slopes.
				const allowed = (4e-7 * Math.max(1, Math.abs(value))) / h + 0.02 * terms.reduce((sum, term) => sum + Math.abs(term), 0);
				expect(Math.abs(slope - expected), JSON.stringify(values)).toBeLessThan(allowed);
			}
		});

		if (!loss.canBeNegative)
			it('is never below 0', async () => {
				for (const truth of truths(channels)) {
					for (const yPred of [truth.yPred, confident(truth.yTrue, 50), confident(truth.yTrue, -50)]) {
						expect(await valueOf(loss, { ...truth, yPred })).toBeGreaterThanOrEqual(-1e-6);
					}
				}
			});

		it('stays finite with its gradient for every option and at both ends of every parameter', { timeout: 60_000 }, async () => {
			const [random, ...others] = truths(channels);
			const cases = [
				random!,
				...others,
				{ ...random!, yPred: confident(random!.yTrue, 10000) },
				{ ...random!, yPred: confident(random!.yTrue, -10000) },
			];
			for (const values of [...variants(loss), ...drawnSets(loss, channels, 3)]) {
				for (const batch of cases) {
					const { value, gradient } = await evaluate(loss, batch, values);
					expect(Number.isFinite(value) && gradient.every(Number.isFinite), `${JSON.stringify(values)} gives ${value}`).toBe(true);
				}
			}
		});
	});

	if (!loss.perfectIsMinimum)
		it('has smaller values than that of the truth', async () => {
			const { perfect, better } = betterThanPerfect[loss.id]!();
			expect(await valueOf(loss, better)).toBeLessThan(await valueOf(loss, perfect));
		});

	if (loss.canBeNegative)
		it('has values below 0', async () => {
			const wide = withClasses(randomBatch(1, 24), (pixel) => (pixel % 5 < 4 ? 1 : 0));
			const small = Object.fromEntries(Object.keys(loss.variables({})).map((name) => [name, -5]));
			const perfect = { ...wide, yPred: confident(wide.yTrue, 50), progress: 1, variables: small };
			expect(await valueOf(loss, perfect)).toBeLessThan(0);
		});
});
