import { describe, expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from './experiment.ts';
import { canonicalJson, comparisonHash, fingerprintOf, pixelsHash, sha256 } from './hash.ts';
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

	const origin = (checkpoint: string) => ({
		experimentId: 'e',
		experimentName: 'E',
		which: 'best' as const,
		runs: [{ runId: 'dice-s1', from: 'dice-s1', epoch: 1, checkpoint }],
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
			comparisonHash(spec, dataset, split, origin('x')),
			comparisonHash(spec, dataset, split, origin('y')),
		];
		const hashes = new Set([base, ...(await Promise.all(others))]);
		expect(hashes.size).toBe(11);
	});

	it('does not depend on the order of keys', () => {
		expect(canonicalJson({ b: 1, a: { d: 2, c: [3, 1] } })).toBe('{"a":{"c":[3,1],"d":2},"b":1}');
	});
});

describe('fingerprints of data', () => {
	const pair = {
		image: { width: 1, height: 1, channels: 1, maxValue: 255, data: Uint8Array.of(7) },
		mask: { width: 1, height: 1, data: Uint8Array.of(1) },
	};

	it('of a pair see every pixel and the width of the stored values', async () => {
		const hashes = await Promise.all([
			pixelsHash(pair),
			pixelsHash({ ...pair, image: { ...pair.image, data: Uint8Array.of(8) } }),
			pixelsHash({ ...pair, mask: { ...pair.mask, data: Uint8Array.of(2) } }),
			pixelsHash({ ...pair, mask: { ...pair.mask, data: Uint16Array.of(1) } }),
		]);
		expect(new Set(hashes).size).toBe(4);
	});

	it('of a data set see the order', async () => {
		expect(await fingerprintOf(['a', 'b'])).not.toBe(await fingerprintOf(['b', 'a']));
	});
});
