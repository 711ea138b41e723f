import { describe, expect, it, vi } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { RandomStream } from '#lib/core/random.ts';
import type { PreparedPair } from '#lib/pixels/augment.ts';
import { identity } from '#lib/pixels/symmetry.ts';
import { prepareTarget } from '#lib/pixels/targets.ts';
import type * as Targets from '#lib/pixels/targets.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { BatchSource, type TrainingSample } from './batches.ts';
import { nodePlatform } from './platform-node.ts';
import { TargetMaps } from './target-maps.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from './testing/experiments.ts';
import { EngineTrainer } from './trainer.ts';

vi.mock('#lib/pixels/targets.ts', async (original) => {
	const real = await original<typeof Targets>();
	return { ...real, prepareTarget: vi.fn(real.prepareTarget) };
});

/** A 4 × 4 mask with one true pixel. */
const mask = (place: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => (i === place ? 1 : 0));

const pairOf = (classes: Uint8Array): PreparedPair => ({
	size: 4,
	channels: 1,
	image: new Float32Array(16),
	classes,
	origin: { classes, symmetry: identity },
});

/** Maps that count how often one was prepared. */
function counting(limitBytes?: number) {
	let count = 0;
	const prepare: typeof prepareTarget = (...arguments_) => {
		count++;
		return prepareTarget(...arguments_);
	};
	const maps = new TargetMaps(prepare, limitBytes);
	const write = (pair: PreparedPair, name = 'signedDistance', outputs = 1): Float32Array => {
		const target = new Float32Array(pair.classes.length * outputs);
		maps.write(name, pair, outputs, target);
		return target;
	};
	return { write, prepared: () => count };
}

describe('the maps that are kept', () => {
	it('are prepared once per mask, wherever its copy comes from', () => {
		const { write, prepared } = counting();
		const first = write(pairOf(mask(5)));
		expect(write(pairOf(mask(5)))).toEqual(first);
		expect(prepared()).toBe(1);
		expect([first[5], first[4], first[7]]).toEqual([-1, 1, 2]); // inside, next to it, two away
	});

	it('tell masks, names and outputs apart', () => {
		const { write, prepared } = counting();
		write(pairOf(mask(5)));
		write(pairOf(mask(6)));
		write(pairOf(mask(5)), 'instanceGap');
		write(pairOf(mask(5)), 'signedDistance', 3);
		expect(prepared()).toBe(4);
	});

	it('do not follow what becomes of the mask later', () => {
		const { write, prepared } = counting();
		const changing = mask(5);
		write(pairOf(changing));
		changing.set(mask(10));
		write(pairOf(changing));
		write(pairOf(mask(5)));
		expect(prepared()).toBe(2);
	});

	it('go when they were used longest ago and there is no room', () => {
		const { write, prepared } = counting(2 * (16 + 64)); // two masks of 16 bytes with maps of 64
		for (const place of [1, 2, 1, 3]) write(pairOf(mask(place)));
		expect(prepared()).toBe(3);
		write(pairOf(mask(1)));
		expect(prepared()).toBe(3);
		write(pairOf(mask(2)));
		expect(prepared()).toBe(4);
	});
});

describe('in training', () => {
	const size = 16;
	const samples = Array.from({ length: 5 }, (_, seed): TrainingSample => {
		const draw = new RandomStream(seed, 'sample');
		const classes = Uint8Array.from({ length: size * size }, (_pixel, i) => Number(draw.uniform(i) < 0.2));
		return { image: { width: size, height: size, channels: 1, data: new Float32Array(size * size) }, classes };
	});
	const source = (change: Partial<ExperimentSpec> = {}): BatchSource => {
		const prepare = { ...defaultSpec.prepare, size };
		return new BatchSource(
			samples,
			{ ...defaultSpec, prepare, losses: [], training: { ...defaultSpec.training, batchSize: 5 }, ...change },
			1,
		);
	};

	it('no map is prepared again in later epochs, and each is to the bit what its mask would give', () => {
		const { write, prepared } = counting();
		const batches = source();
		for (let epoch = 0; epoch < 20; epoch++) {
			for (const pair of batches.pairs(epoch)) expect(write(pair)).toEqual(prepareTarget('signedDistance', pair.classes, size, size, 1));
			expect(prepared()).toBe(5);
		}
	});

	it.each<[string, Partial<ExperimentSpec>]>([
		['crops', { prepare: { ...defaultSpec.prepare, size: 8, sizing: 'crop' } }],
		['zooms', { augment: { ...defaultSpec.augment, scale: 0.3 } }],
	])('%s at random places have maps of their own', (_, change) => {
		const { write, prepared } = counting();
		const batches = source({ prepare: { ...defaultSpec.prepare, size }, ...change });
		for (const pair of [0, 1].flatMap((step) => batches.pairs(step))) {
			expect(write(pair)).toEqual(prepareTarget('signedDistance', pair.classes, pair.size, pair.size, 1));
		}
		expect(prepared()).toBe(10);
	});

	it('every image of the training and the validation part is prepared once, for all runs and epochs', async () => {
		const records = memoryRecords('a test');
		const spec = tinySpec({ losses: [lossChoice('boundary'), lossChoice('hausdorffDistance')] });
		const { split } = await storeExperiment(records, await storeSample(records), spec);
		vi.mocked(prepareTarget).mockClear();
		const trainer = new EngineTrainer(records, nodePlatform);
		const runIds = ['boundary-s1', 'hausdorffdistance-s1'];
		await trainer.open({ experimentId: 'experiment', runIds, backend: 'wasm' }, () => undefined);
		expect((await trainer.advance(Infinity)).done).toBe(true);
		await trainer.checkpoint({ final: true });
		await trainer.close();
		expect(vi.mocked(prepareTarget)).toHaveBeenCalledTimes(split.train.length + split.validation.length);
	});
});
