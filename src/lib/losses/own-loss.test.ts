import '@tensorflow/tfjs-backend-cpu';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { lossGraphSchema } from '#lib/core/loss-graph.ts';
import { startWasm } from '#lib/engine/kernels/wasm/testing-node.ts';
import { operations } from '#lib/graphs/ops.ts';
import { codeOf } from '#lib/graphs/testing.ts';
import { traceLoss } from '#lib/graphs/trace.ts';
import type { AnyLoss } from './contract.ts';
import { findLoss } from './index.ts';
import { ownLoss } from './own-loss.ts';
import { randomBatch } from './testing/batches.ts';
import { evaluate, type PlainBatch } from './testing/inputs.ts';
import { expectSameOn } from './testing/same-on-backend.ts';

const builtIns = { dice: ['smoothing'], focal: ['gamma', 'alpha'] };

/** The loss of a piece of code, through JSON as a stored experiment has it. */
function lossOf(body: string, shape: PlainBatch['shape'] = [2, 4, 5, 1], values = {}): AnyLoss {
	const { graph } = traceLoss(codeOf(body), { shape, values, builtIns });
	const stored = v.parse(lossGraphSchema, JSON.parse(JSON.stringify(graph)));
	expect(stored).toEqual(graph);
	return ownLoss({ name: 'test', code: body, params: {}, graphs: [{ batch: 0, graph: stored }] }, findLoss);
}

const dice = `(yTrue, yPred) => {
	const overlap = tf.sum(yTrue.mul(yPred));
	return tf.sub(1, overlap.mul(2).add(2).div(tf.sum(yTrue).add(tf.sum(yPred)).add(2)));
}`;

describe('a loss of one’s own', () => {
	beforeAll(async () => {
		await startWasm();
		await tf.setBackend('cpu');
	});

	it('is the built-in Dice when the code is', async () => {
		const batch = randomBatch(1, 3);
		const [own, shelf] = [await evaluate(lossOf(dice), batch), await evaluate(findLoss('dice')!, batch, { smoothing: 1 })];
		expect(own.value).toBeCloseTo(shelf.value, 6);
		own.gradient.forEach((slope, at) => expect(slope).toBeCloseTo(shelf.gradient[at]!, 6));
	});

	it('runs built-in losses inside its code', async () => {
		const batch = randomBatch(1, 3);
		const sum = lossOf('(yTrue, yPred) => losses.dice(yTrue, yPred).mul(2).add(losses.focal(yTrue, yPred, { gamma: 1 }))');
		const [own, first, second] = [
			await evaluate(sum, batch),
			await evaluate(findLoss('dice')!, batch),
			await evaluate(findLoss('focal')!, batch, { gamma: 1 }),
		];
		expect(own.value).toBeCloseTo(2 * first.value + second.value, 5);
		own.gradient.forEach((slope, at) => expect(slope).toBeCloseTo(2 * first.gradient[at]! + second.gradient[at]!, 5));
	});

	it('gives ignored pixels no say', async () => {
		const batch = randomBatch(1, 3);
		const valid = batch.yTrue.map((_, at) => (at % 3 === 0 ? 0 : 1));
		const changed = { ...batch, valid, yPred: batch.yPred.map((z, at) => (at % 3 === 0 ? -z : z)) };
		for (const code of [dice, '(y, p) => y.sub(p).square()']) {
			const [first, second] = [await evaluate(lossOf(code), { ...batch, valid }), await evaluate(lossOf(code), changed)];
			expect(first.value).toBe(second.value);
			valid.forEach((counts, at) => {
				if (counts === 0) expect(first.gradient[at]).toBe(0);
			});
		}
	});

	it('averages over the pixels that count', async () => {
		const shape = [1, 1, 2, 1] as const;
		const batch = { shape, yTrue: [1, 1], yPred: [0.5, 0.25], valid: [1, 0], activation: 'none' as const };
		// One pixel counts: (1 − 0.5)² = 0.25.
		expect((await evaluate(lossOf('(y, p) => y.sub(p).square()', shape), batch)).value).toBeCloseTo(0.25, 6);
	});

	it('refuses a graph that nobody recorded', async () => {
		const graph = { nodes: [{ op: 'fetch', inputs: [], attrs: {}, shape: [], line: 1 }], output: 0, variables: {} };
		const loss = ownLoss({ name: 'x', code: '', params: {}, graphs: [{ batch: 0, graph }] }, findLoss);
		await expect(evaluate(loss, randomBatch(1, 1))).rejects.toMatchObject({ code: 'spec-invalid' });
	});
});

describe('every operation that a loss may use', () => {
	/** Code in which the operation gets numbers that it is defined for: p in (0, 1), y in {0, 1}. */
	const special: Record<string, string> = {
		where: '(y, p) => tf.where(y.greater(0.5), p.square(), p.mul(3)).mean()',
		clipByValue: '(y, p) => p.clipByValue(0.2, 0.8).mean()',
		cast: "(y, p) => p.cast('float32').mean()",
		reshape: '(y, p) => p.reshape([-1]).square().mean()',
		transpose: '(y, p) => p.transpose().mul(p.transpose([3, 2, 1, 0])).mean()',
		slice: '(y, p) => p.slice([0, 1, 1, 0], [2, 2, -1, 1]).square().mean()',
		concat: '(y, p) => tf.concat([y, p.square()], 3).square().mean()',
		matMul: '(y, p) => p.reshape([2, 4, 5]).matMul(p.reshape([2, 5, 4])).mean()',
		maxPool: "(y, p) => p.maxPool(3, 1, 'same').square().mean()",
		avgPool: "(y, p) => p.avgPool(2, 2, 'valid').square().mean()",
	};
	const codeFor = (name: string): string => {
		const operation = operations[name]!;
		if (special[name]) return special[name];
		const call = operation.tensors === 2 ? `tf.${name}(p.add(0.1), y.add(0.3))` : `tf.${name}(p)`;
		if (operation.truth === true) return `(y, p) => tf.where(${call}, p, p.mul(2)).mean()`;
		return operation.gradient === 'none' ? `(y, p) => ${call}.mul(p).mean()` : `(y, p) => ${call}.square().mean()`;
	};

	beforeAll(startWasm);

	it.each(Object.keys(operations))('%s has the value and gradient of the cpu backend on WebAssembly', async (name) => {
		await expectSameOn('wasm', lossOf(codeFor(name), randomBatch(1, 11).shape), 1, {}, 1e-4);
	});
});

const goldenFile = join(process.env.OVERLAP_SHARED ?? '../shared', 'golden', 'custom_losses.json');

interface GoldenLoss {
	readonly id: string;
	readonly yPredKind: 'probabilities' | 'logits';
	readonly yTrue: number[][][][];
	readonly yPred: number[][][][];
	readonly expected: number;
	readonly grad: number[][][][];
	readonly tol: { readonly rtol: number; readonly atol: number };
	readonly gradTol: { readonly rtolOfMax: number; readonly atol: number };
}

/** The code that the file describes in words. */
const goldenCode: Record<string, string> = {
	'fn-mse': '(yTrue, yPred) => tf.mean(tf.square(tf.sub(yTrue, yPred)))',
	'fn-persample-vector': '(yTrue, yPred) => yTrue.sub(yPred).square().mean([1, 2, 3])',
	'fn-dice-logits': '(yTrue, yPred) => tf.sub(1, tf.sum(yTrue.mul(yPred)).mul(2).add(1).div(tf.sum(yTrue).add(tf.sum(yPred)).add(1)))',
	'class-focal-logits': `class Focal extends Loss {
		constructor({ alpha = 0.25, gamma = 2 } = {}) { super(); this.alpha = alpha; this.gamma = gamma; }
		call(yTrue, yPred, { logits }) {
			const pt = tf.where(yTrue.greater(0.5), yPred, tf.sub(1, yPred));
			const weight = yTrue.mul(this.alpha).add(tf.sub(1, yTrue).mul(1 - this.alpha));
			return weight.mul(tf.sub(1, pt).pow(this.gamma)).mul(tf.softplus(logits).sub(logits.mul(yTrue)));
		}
	}`,
	'fn-compound': `(yTrue, yPred, { logits }) => {
		const bce = tf.softplus(logits).sub(logits.mul(yTrue)).mean();
		const dice = tf.sum(yTrue.mul(yPred)).mul(2).add(1).div(tf.sum(yTrue).add(tf.sum(yPred)).add(1));
		const [b, h, w, c] = yPred.shape;
		const dx = yPred.slice([0, 0, 1, 0]).sub(yPred.slice([0, 0, 0, 0], [b, h, w - 1, c])).abs().mean();
		const dy = yPred.slice([0, 1, 0, 0]).sub(yPred.slice([0, 0, 0, 0], [b, h - 1, w, c])).abs().mean();
		return bce.mul(0.5).add(tf.sub(1, dice).mul(0.5)).add(dx.add(dy).mul(0.01));
	}`,
	'fn-where': '(yTrue, yPred) => tf.where(yTrue.greater(0), tf.scalar(3), tf.scalar(1)).mul(tf.square(yTrue.sub(yPred))).mean()',
	'fn-log-exp': '(yTrue, yPred) => tf.log(tf.add(1, tf.exp(yTrue.sub(yPred).abs().mean().sub(0.3).mul(5))))',
	'fn-multiclass-ce': '(yTrue, yPred, { logits }) => yTrue.mul(tf.logSoftmax(logits)).sum(-1).neg().mean()',
};

describe.skipIf(!existsSync(goldenFile))('golden losses of one’s own (skipped without the shared golden files)', () => {
	const { numeric } = (existsSync(goldenFile) ? JSON.parse(readFileSync(goldenFile, 'utf8')) : { numeric: [] }) as {
		numeric: GoldenLoss[];
	};

	it.each(numeric.map((golden) => [golden.id, golden] as const))(
		'%s',
		async (id, { yPredKind, yTrue, yPred, expected, grad, tol, gradTol }) => {
			await tf.setBackend('cpu');
			const shape = [yTrue.length, yTrue[0]!.length, yTrue[0]![0]!.length, yTrue[0]![0]![0]!.length] as const;
			const activation = yPredKind === 'probabilities' ? ({ activation: 'none' } as const) : {};
			const batch = { shape, yTrue: yTrue.flat(3), yPred: yPred.flat(3), ...activation };
			const { value, gradient } = await evaluate(lossOf(goldenCode[id]!, shape), batch);
			expect(Math.abs(value - expected)).toBeLessThanOrEqual(tol.atol + tol.rtol * Math.abs(expected));
			const slopes = grad.flat(3);
			const largest = Math.max(...slopes.map(Math.abs));
			slopes.forEach((slope, at) =>
				expect(Math.abs(gradient[at]! - slope)).toBeLessThanOrEqual(gradTol.atol + gradTol.rtolOfMax * largest),
			);
		},
	);
});
