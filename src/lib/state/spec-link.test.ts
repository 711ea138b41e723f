import { describe, expect, it } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { mostTerms, weightedSumId } from '#lib/core/loss-choice.ts';
import { defaultValues } from '#lib/core/params.ts';
import { lossShelf } from '#lib/losses/index.ts';
import { specFromHash, specToHash } from './spec-link.ts';

const spec: ExperimentSpec = {
	...defaultSpec,
	seeds: [0, 7],
	losses: [{ key: 'tversky', label: 'Tversky α → β', loss: 'tversky', values: { alpha: 0.1 }, learningRateFactor: 2 }],
};

describe('the link to an experiment', () => {
	it('carries every choice there and back', () => {
		expect(specFromHash(specToHash(spec))).toEqual(spec);
		expect(specToHash(spec)).toMatch(/^#experiment=[A-Za-z0-9_-]+$/);
	});

	it('carries folds, and opens links that were made before there were any', () => {
		const folded = { ...spec, split: { ...spec.split, folds: 5 } };
		expect(specFromHash(specToHash(folded))).toEqual(folded);
		expect(specFromHash(specToHash(spec))?.split).not.toHaveProperty('folds');
		for (const folds of [0, 2, 11, 3.5])
			expect(() => specFromHash(specToHash({ ...spec, split: { ...spec.split, folds } }))).toThrow(AppError);
	});

	it('carries twelve sums of six terms with every parameter, with room to spare', () => {
		const longestFirst = lossShelf.map((loss) => ({ loss: loss.id, values: defaultValues(loss.params) }));
		longestFirst.sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
		const weight = { curve: 'cosine', from: 0.12345, to: 999.12345, begin: 0.12345, end: 0.98765 } as const;
		const terms = longestFirst.slice(0, mostTerms).map((term) => ({ ...term, weight }));
		const losses = Array.from({ length: 12 }, (_, place) => ({
			key: `weighted-sum-${place}`,
			label: 'α'.repeat(60),
			loss: weightedSumId,
			values: { weighting: 'uncertaintyHalved' },
			terms,
			learningRateFactor: 1,
		}));
		const hash = specToHash({ ...spec, losses });
		expect(specFromHash(hash)).toEqual({ ...spec, losses });
		expect(hash.length).toBeLessThan(50_000);
	});

	it('leaves out which images were moved by hand', () => {
		const moved = { ...spec, split: { ...spec.split, overrides: { '00001': 'test' as const } } };
		expect(specFromHash(specToHash(moved))).toEqual(spec);
	});

	it('reads no experiment in another hash, and refuses a broken one by name', () => {
		expect(specFromHash('#top')).toBeNull();
		expect(specFromHash('')).toBeNull();
		for (const broken of ['#experiment=%%', '#experiment=e30', `#experiment=${'A'.repeat(100_000)}`]) {
			expect(() => specFromHash(broken)).toThrow(AppError);
		}
	});
});
