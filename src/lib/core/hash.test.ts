import { describe, expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from './experiment.ts';
import { canonicalJson, comparisonHash, sha256 } from './hash.ts';
import { constantWeight } from './loss-choice.ts';
import type { LabelScheme } from './sample.ts';

const loss = (key: string) => ({ key, label: key, loss: key, values: {}, learningRateFactor: 1 });
const spec: ExperimentSpec = { ...defaultSpec, losses: [loss('dice')] };
const split = { train: ['a'], validation: ['b'], test: [] };
const scheme: LabelScheme = {
	kind: 'values',
	classes: [
		{ name: 'background', values: [0] },
		{ name: 'cell', values: [1] },
	],
	ignore: [],
};
const dataset = { fingerprint: 'f', scheme };

describe('sha256', () => {
	it('gives the published digests', async () => {
		// FIPS 180-2, appendix B.1, and of the empty message.
		expect(await sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
		expect(await sha256(new Uint8Array(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
	});
});

describe('comparisonHash', () => {
	it('does not see the losses', async () => {
		expect(await comparisonHash({ ...spec, losses: [loss('focal'), loss('tversky')] }, dataset, split)).toBe(
			await comparisonHash(spec, dataset, split),
		);
		const terms = [{ loss: 'dice', values: {}, weight: constantWeight(1) }];
		const sum = { ...loss('sum'), loss: 'weightedSum', values: { weighting: 'uncertainty' }, terms };
		expect(await comparisonHash({ ...spec, losses: [sum] }, dataset, split)).toBe(await comparisonHash(spec, dataset, split));
	});

	it('sees everything else', async () => {
		const base = await comparisonHash(spec, dataset, split);
		const others = [
			comparisonHash({ ...spec, seeds: [2] }, dataset, split),
			comparisonHash({ ...spec, net: { ...spec.net, depth: 2 } }, dataset, split),
			comparisonHash({ ...spec, prepare: { ...spec.prepare, size: 64 } }, dataset, split),
			comparisonHash({ ...spec, augment: { ...spec.augment, flip: false } }, dataset, split),
			comparisonHash({ ...spec, optimizer: { ...spec.optimizer, learningRate: 1 } }, dataset, split),
			comparisonHash({ ...spec, training: { ...spec.training, batchSize: 2 } }, dataset, split),
			comparisonHash(spec, { ...dataset, fingerprint: 'g' }, split),
			comparisonHash(spec, dataset, { ...split, train: ['c'] }),
		];
		const hashes = new Set([base, ...(await Promise.all(others))]);
		expect(hashes.size).toBe(9);
	});

	it('does not depend on the order of keys', () => {
		expect(canonicalJson({ b: 1, a: { d: 2, c: [3, 1] } })).toBe('{"a":{"c":[3,1],"d":2},"b":1}');
	});
});
