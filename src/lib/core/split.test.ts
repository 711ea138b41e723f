import { describe, expect, it } from 'vitest';
import { defaultSpec, type SplitSpec } from './experiment.ts';
import { splitSamples, type SplitCandidate } from './split.ts';

const spec = (change: Partial<SplitSpec> = {}): SplitSpec => ({ ...defaultSpec.split, ...change });
/** Twenty images whose foreground share grows from 0 to 0.95. */
const candidates: SplitCandidate[] = Array.from({ length: 20 }, (_, i) => ({
	id: `i${i}`,
	name: `${String(19 - i).padStart(2, '0')}.png`,
	foregroundShare: i / 20,
}));
const shareOf = (ids: readonly string[]): number =>
	ids.reduce((sum, id) => sum + (candidates.find((one) => one.id === id)?.foregroundShare ?? 0), 0) / ids.length;

describe('splitSamples', () => {
	it('puts every sample into exactly one part, by the asked shares', () => {
		const { train, validation, test } = splitSamples(candidates, spec());
		expect([train.length, validation.length, test.length]).toEqual([12, 4, 4]);
		expect(new Set([...train, ...validation, ...test]).size).toBe(20);
	});

	it('gives the same split for the same seed and another for another', () => {
		expect(splitSamples(candidates, spec())).toEqual(splitSamples(candidates, spec()));
		const seeds = new Set([1, 2, 3, 4].map((seed) => splitSamples(candidates, spec({ seed })).test.join()));
		expect(seeds.size).toBeGreaterThan(1);
	});

	it('spreads foreground evenly over the parts, whatever the seed', () => {
		// Four picks of twenty, one from each quarter: their mean is off the middle by half a quarter's width at most.
		for (let seed = 0; seed < 20; seed++) {
			const { validation, test } = splitSamples(candidates, spec({ seed }));
			expect(Math.abs(shareOf(test) - 0.475)).toBeLessThanOrEqual(0.125);
			expect(Math.abs(shareOf(validation) - 0.475)).toBeLessThanOrEqual(0.2);
		}
	});

	it('takes names in order: train, then validation, then test', () => {
		const { train, validation, test } = splitSamples(candidates, spec({ mode: 'in-order' }));
		const names = (ids: readonly string[]) => ids.map((id) => candidates.find((one) => one.id === id)?.name ?? '').sort();
		expect(names(train).at(-1)).toBe('11.png');
		expect(names(validation)).toEqual(['12.png', '13.png', '14.png', '15.png']);
		expect(names(test)).toEqual(['16.png', '17.png', '18.png', '19.png']);
	});

	it('never separates what shares a prefix', () => {
		const slices = Array.from({ length: 30 }, (_, i) => ({
			id: `s${i}`,
			name: `patient${Math.floor(i / 5)}_${i}.png`,
			foregroundShare: 0.1,
		}));
		const { train, validation, test } = splitSamples(slices, spec({ groupSeparator: '_' }));
		for (const part of [train, validation, test]) {
			const patients = part.map((id) => slices.find((one) => one.id === id)?.name.split('_')[0]);
			expect(part.length).toBe(new Set(patients).size * 5);
		}
	});

	it('always leaves something to train on, and follows the hand', () => {
		expect(splitSamples(candidates.slice(0, 1), spec())).toEqual({ train: ['i0'], validation: [], test: [] });
		expect(splitSamples(candidates.slice(0, 2), spec()).train).toHaveLength(1);
		const moved = splitSamples(candidates, spec({ overrides: { i3: 'test', i4: 'unused' } }));
		expect(moved.test).toContain('i3');
		expect([...moved.train, ...moved.validation, ...moved.test]).not.toContain('i4');
	});
});
