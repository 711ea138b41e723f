import { describe, expect, it } from 'vitest';
import { defaultSpec, type SplitSpec } from './experiment.ts';
import { foldsById, splitOfFold, splitSamples, type SplitCandidate } from './split.ts';

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

	describe('of tiles', () => {
		const tilesOf = (path: string, count: number): SplitCandidate[] =>
			Array.from({ length: count }, (_, i) => ({
				id: `${path} ${i}`,
				name: `${path.split('/').at(-1)} (tile 1-${i})`,
				tileOf: path,
				foregroundShare: i / count,
			}));
		const pictures = (ids: readonly string[]) => new Set(ids.map((id) => id.split(' ')[0]));

		it('never separates those of one picture, with folds or without', () => {
			// Ten pictures of four tiles: a fifth of the pictures tests and a fifth validates.
			const tiles = Array.from({ length: 10 }, (_, i) => tilesOf(`slides/s${i}`, 4)).flat();
			const { train, validation, test } = splitSamples(tiles, spec());
			expect([train, validation, test].map((ids) => [ids.length, pictures(ids).size])).toEqual([
				[24, 6],
				[8, 2],
				[8, 2],
			]);
			const { folds = [] } = splitSamples(tiles, spec({ test: 0, folds: 5 }));
			expect(folds.map((ids) => [ids.length, pictures(ids).size])).toEqual(Array.from({ length: 5 }, () => [8, 2]));
		});

		it('never separates them whatever belongs together by name', () => {
			// “-” is in the tiles' own names, “_” joins the pictures of a patient.
			const tiles = ['p1_a', 'p1_b', 'p2_a', 'p2_b', 'p3_a', 'p3_b'].flatMap((path) => tilesOf(path, 3));
			const byDash = splitSamples(tiles, spec({ groupSeparator: '-' }));
			for (const ids of [byDash.train, byDash.validation, byDash.test]) expect(ids).toHaveLength(pictures(ids).size * 3);
			const byPatient = splitSamples(tiles, spec({ groupSeparator: '_' }));
			for (const ids of [byPatient.train, byPatient.validation, byPatient.test]) expect(ids).toHaveLength(6);
		});

		it('tells pictures of the same name in two folders apart', () => {
			const tiles = ['a/x', 'b/x', 'c/x', 'd/x', 'e/x'].flatMap((path) => tilesOf(path, 2));
			const { train, validation, test } = splitSamples(tiles, spec());
			expect([train, validation, test].map((ids) => pictures(ids).size)).toEqual([3, 1, 1]);
		});

		it('splits those of the only picture, which leaves whole pictures as they are', () => {
			const { train, validation, test } = splitSamples(tilesOf('slide', 10), spec());
			expect([train.length, validation.length, test.length]).toEqual([6, 2, 2]);
			const named = candidates.map((candidate) => ({ ...candidate, tileOf: undefined }));
			expect(splitSamples(named, spec())).toEqual(splitSamples(candidates, spec()));
		});
	});

	it('always leaves something to train on, and follows the hand', () => {
		expect(splitSamples(candidates.slice(0, 1), spec())).toEqual({ train: ['i0'], validation: [], test: [] });
		expect(splitSamples(candidates.slice(0, 2), spec()).train).toHaveLength(1);
		const moved = splitSamples(candidates, spec({ overrides: { i3: 'test', i4: 'unused' } }));
		expect(moved.test).toContain('i3');
		expect([...moved.train, ...moved.validation, ...moved.test]).not.toContain('i4');
	});
});

describe('folds', () => {
	it('validate every image that is not tested once, and test the same images as without them', () => {
		const split = splitSamples(candidates, spec({ folds: 5 }));
		expect(split.test).toEqual(splitSamples(candidates, spec()).test);
		expect(split.train).toEqual([]);
		// 16 images over 5 folds: one of each block of five along the foreground, and one more for one fold.
		expect(split.folds?.map((ids) => ids.length).sort()).toEqual([3, 3, 3, 3, 4]);
		expect(split.folds?.flat().sort()).toEqual([...split.validation].sort());
		expect(new Set([...split.validation, ...split.test]).size).toBe(20);
	});

	it('take one of every three neighbours in foreground, whatever the seed', () => {
		for (let seed = 0; seed < 20; seed++) {
			const byId = foldsById(splitSamples(candidates.slice(0, 9), spec({ seed, test: 0, folds: 3 })));
			for (const block of [0, 3, 6]) expect(new Set([0, 1, 2].map((i) => byId.get(`i${block + i}`)))).toEqual(new Set([1, 2, 3]));
		}
	});

	it('are the same for the same seed and others for another', () => {
		const dealt = (seed: number) => JSON.stringify(splitSamples(candidates, spec({ seed, test: 0, folds: 4 })).folds);
		expect(dealt(1)).toBe(dealt(1));
		expect(new Set([1, 2, 3].map(dealt)).size).toBe(3);
	});

	it('by name are neighbours: the first names are fold 1, and the last ones test', () => {
		// Names fall as the ids rise: i19 is 00.png. A fifth of ten tests, the other eight are dealt as 3, 3 and 2.
		const ten = candidates.slice(10);
		const { folds, test } = splitSamples(ten, spec({ mode: 'in-order', folds: 3 }));
		expect(folds).toEqual([
			['i17', 'i18', 'i19'],
			['i14', 'i15', 'i16'],
			['i12', 'i13'],
		]);
		expect(test).toEqual(['i10', 'i11']);
	});

	it('give a run its own images to validate and all others to train on', () => {
		const split = { train: ['always'], validation: ['a', 'b', 'c', 'd'], test: ['t'], folds: [['a', 'c'], ['b'], ['d']] };
		expect(splitOfFold(split, 1)).toEqual({ train: ['always', 'b', 'd'], validation: ['a', 'c'], test: ['t'] });
		expect(splitOfFold(split, 3)).toEqual({ train: ['always', 'a', 'b', 'c'], validation: ['d'], test: ['t'] });
		expect(splitOfFold(split, undefined)).toBe(split);
	});

	it('never separate what shares a prefix', () => {
		const slices = Array.from({ length: 30 }, (_, i) => ({ id: `s${i}`, name: `patient${i % 6}_${i}.png`, foregroundShare: i / 30 }));
		const { folds = [] } = splitSamples(slices, spec({ groupSeparator: '_', test: 0, folds: 3 }));
		const patients = folds.map((ids) => new Set(ids.map((id) => slices.find((one) => one.id === id)?.name.split('_')[0])));
		expect(patients.map((some) => some.size)).toEqual([2, 2, 2]);
		expect(new Set(patients.flatMap((some) => [...some])).size).toBe(6);
	});

	it('follow the hand, and are empty where images are too few', () => {
		const moved = splitSamples(candidates, spec({ folds: 3, overrides: { i3: 'test', i4: 'unused', i5: 'train' } }));
		expect([moved.train, moved.test.includes('i3')]).toEqual([['i5'], true]);
		for (const id of ['i3', 'i4', 'i5']) expect(moved.folds?.flat()).not.toContain(id);
		const few = splitSamples(candidates.slice(0, 2), spec({ test: 0, folds: 3 }));
		expect(few.folds?.map((ids) => ids.length).sort()).toEqual([0, 1, 1]);
	});
});
