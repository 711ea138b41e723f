import { describe, expect, it } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
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

	it('leaves out which images were moved by hand', () => {
		const moved = { ...spec, split: { ...spec.split, overrides: { '00001': 'test' as const } } };
		expect(specFromHash(specToHash(moved))).toEqual(spec);
	});

	it('reads no experiment in another hash, and refuses a broken one by name', () => {
		expect(specFromHash('#top')).toBeNull();
		expect(specFromHash('')).toBeNull();
		for (const broken of ['#experiment=%%', '#experiment=e30', `#experiment=${'A'.repeat(40_000)}`]) {
			expect(() => specFromHash(broken)).toThrow(AppError);
		}
	});
});
