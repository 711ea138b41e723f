import { describe, expect, it } from 'vitest';
import { formulaOf } from './formula.ts';
import { codeOf } from './testing.ts';
import { traceLoss } from './trace.ts';

const formula = (code: string): readonly string[] =>
	formulaOf(traceLoss(codeOf(code), { shape: [2, 4, 4, 1], values: {}, builtIns: {} }).graph);

describe('a recorded loss as a formula', () => {
	it('is the textbook’s Dice', () => {
		const dice = `(yTrue, yPred) => {
			const overlap = tf.sum(tf.mul(yTrue, yPred));
			return tf.sub(1, overlap.mul(2).add(1).div(tf.sum(yTrue).add(tf.sum(yPred)).add(1)));
		}`;
		expect(formula(dice)).toEqual(['L = 1 − ((Σ y·p)·2 + 1) / (Σ y + Σ p + 1)']);
	});

	it('names what is used twice, and keeps brackets where they matter', () => {
		expect(formula('(y, p) => { const e = tf.sub(y, p); return tf.mean(tf.where(e.abs().less(0.5), e.square(), e.abs())); }')).toEqual([
			'a = y − p',
			'L = mean(a² if |a| < 0.5 else |a|)',
		]);
		expect(formula('(y, p) => tf.sum(p.sub(y.sub(0.25)).div(p.mul(y).add(1)))')).toEqual(['L = Σ ((p − (y − 0.25)) / (p·y + 1))']);
		expect(formula('(y, p) => tf.mean(tf.log(p.add(1e-7)).neg().mul(y).pow(1.5))')).toEqual(['L = mean((−ln(p + 1e−7)·y)^1.5)']);
	});

	it('says over which axes it adds up', () => {
		expect(formula('(y, p) => tf.mean(tf.sum(tf.mul(y, p), [1, 2, 3]))')).toEqual(['L = mean(Σ[row, column, class] y·p)']);
	});
});
