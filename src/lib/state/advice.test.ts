import { describe, expect, it } from 'vitest';
import { isValidValue } from '#lib/core/params.ts';
import { findLoss } from '#lib/losses/index.ts';
import { adviceFor } from './advice.ts';
import type { MaskFacts } from './mask-facts.ts';

const facts: MaskFacts = {
	images: 20,
	empty: 0,
	classes: 2,
	foreground: 0.2,
	rarest: 0.2,
	objects: 60,
	medianObject: 0.01,
	elongation: 2,
};
const losses = (patch: Partial<MaskFacts>, rough = false): string[] => adviceFor({ ...facts, ...patch }, rough).map(({ loss }) => loss);

describe('advice', () => {
	it('follows what the masks are like', () => {
		expect(losses({})).toEqual(['crossEntropy', 'diceCrossEntropy', 'dice']);
		expect(losses({ foreground: 0.005 })).toEqual(['tversky', 'diceCrossEntropy', 'dice']);
		expect(losses({ foreground: 0.12, elongation: 30 })[0]).toBe('clDice');
		expect(losses({ empty: 5, foreground: 0.05 })[0]).toBe('dice');
		expect(losses({ classes: 4, rarest: 0.01 })[0]).toBe('diceTopK');
		expect(losses({}, true)[0]).toBe('noiseRobustDice');
	});

	it('gives two or three losses of the shelf, each once, with values that they take', () => {
		for (const empty of [0, 10])
			for (const foreground of [0, 0.001, 0.05, 0.5])
				for (const elongation of [null, 2, 40])
					for (const classes of [2, 5])
						for (const rough of [false, true]) {
							const advice = adviceFor({ ...facts, empty, foreground, elongation, classes, rarest: foreground }, rough);
							expect(advice.length).toBeGreaterThanOrEqual(2);
							expect(new Set(advice.map(({ loss }) => loss)).size).toBe(advice.length);
							for (const { loss, values } of advice) {
								const { params = {} } = findLoss(loss) ?? {};
								for (const [key, value] of Object.entries(values)) expect(isValidValue(params[key]!, value), `${loss}.${key}`).toBe(true);
							}
						}
	});
});
