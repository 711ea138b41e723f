import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { netCost } from '#lib/core/net-cost.ts';
import type { Records } from '#lib/core/records.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import type { Speed, SpeedRequest } from '#lib/core/speed.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { SpeedTest } from './speed-test.svelte.ts';

const loss = (key: string) => ({ key, label: key, loss: 'dice', values: {}, learningRateFactor: 1 });
const spec: ExperimentSpec = { ...defaultSpec, losses: [loss('a'), loss('b')] };
const wasm = { name: 'wasm', device: 'SIMD', reason: '' } as const;
const speed: Speed = { stepMs: 100, squareMs: 30, megapixelMs: 80, saveMs: 20 };

const dataset: DatasetMeta = {
	version: 1,
	id: 'd',
	name: 'd',
	createdAt: 0,
	source: { kind: 'files' },
	samples: [],
	scheme: { kind: 'values', classes: ['a', 'b'].map((name, value) => ({ name, values: [value] })), ignore: [] },
	sizeBytes: 0,
	fingerprint: 'f',
};
const split = { train: Array.from({ length: 10 }, (_, place) => `${place}`), validation: [], test: [] };

/** A promise with what settles it. */
function deferred<T>() {
	let [resolve, reject] = [(_value: T): void => undefined, (_error: unknown): void => undefined];
	const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
	return { promise, resolve: (value: T) => resolve(value), reject: (error: unknown) => reject(error) };
}

/** A measurement that ends when it is told to. */
function bench(records: Records = memoryRecords('a test')) {
	const asked: SpeedRequest[] = [];
	const end = deferred<Speed>();
	const page = { hidden: false };
	const restart = vi.fn(() => Promise.resolve());
	const measure = (request: SpeedRequest): Promise<Speed> => {
		asked.push(request);
		return end.promise;
	};
	const test = new SpeedTest({ records, trainer: { measure }, cores: 4, restart, isHidden: () => page.hidden });
	return { records, asked, end, page, restart, test };
}

async function measured(records?: Records) {
	const parts = bench(records);
	parts.end.resolve(speed);
	await parts.test.measure(wasm, spec, 1);
	return parts;
}

describe('the speed of this computer', () => {
	beforeEach(() => vi.useFakeTimers({ now: 1000 }));
	afterEach(() => vi.useRealTimers());

	it('is not known before it was measured, nor on another backend or device', async () => {
		expect(bench().test.known(wasm, spec, 1)).toBeNull();
		const { test, asked } = await measured();
		expect(asked).toMatchObject([{ spec, outputs: 1, backend: 'wasm' }]);
		expect(test.known({ ...wasm, name: 'webgl' }, spec, 1)).toBeNull();
		expect(test.known({ ...wasm, device: 'SIMD, without our own kernels' }, spec, 1)).toBeNull();
		expect(test.known(wasm, spec, 1)).toMatchObject({ speed, workers: 2, measured: true, from: { measuredAt: 1000, hidden: false } });
	});

	it('is remembered for the next visit', async () => {
		const { records } = await measured();
		const next = bench(records).test;
		await next.load();
		expect(next.known(wasm, spec, 1)).toMatchObject({ speed, measured: true });
		// What takes no part in a step changes nothing.
		expect(next.known(wasm, { ...spec, seeds: [1, 2, 3], training: { ...spec.training, epochs: 99 } }, 1)?.measured).toBe(true);
	});

	it('is reckoned for other choices by what passes through memory', async () => {
		const { test } = await measured();
		const other: ExperimentSpec = { ...spec, net: { ...spec.net, base: 16 }, training: { ...spec.training, batchSize: 8 } };
		const cost = ({ net, prepare, training }: ExperimentSpec) => netCost(net, prepare.size, 1, 1, training.batchSize);
		const times = cost(other).memoryBytes / cost(spec).memoryBytes;
		const known = test.known(wasm, other, 1);
		expect(known).toMatchObject({ measured: false, speed: { stepMs: 100 * times, megapixelMs: 80 } });
		// Batches of 8 in place of 4: a square has half of the step.
		expect(known?.speed.squareMs).toBeCloseTo((30 * times) / 2, 9);
		// What is stored is the net alone.
		expect(known?.speed.saveMs).toBeCloseTo((20 * cost(other).parameters) / cost(spec).parameters, 9);
	});

	it('is that of the most similar choices where several were measured', async () => {
		const { test, records } = await measured();
		const second = bench(records);
		await second.test.load();
		second.end.resolve({ ...speed, stepMs: 900 });
		await second.test.measure(wasm, { ...spec, prepare: { ...spec.prepare, size: 256 } }, 1);
		const near = { ...spec, prepare: { ...spec.prepare, size: 224 } };
		expect(second.test.known(wasm, near, 1)?.from.setting.size).toBe(256);
		expect(test.known(wasm, near, 1)?.from.setting.size).toBe(96);
		// More losses keep more workers busy, which was not measured.
		expect(second.test.known(wasm, { ...spec, losses: [loss('a'), loss('b'), loss('c')] }, 1)).toMatchObject({
			workers: 3,
			measured: false,
		});
	});

	it('tells how long an experiment takes, and what smaller choice does not take long', async () => {
		const { test } = await measured();
		expect(bench().test.estimate(wasm, dataset, split, spec)).toBeNull();
		// Two losses on two of four cores: 20 epochs of 3 batches of 100 ms and a checkpoint of 20 ms, and one more at the end.
		expect(test.estimate(wasm, dataset, split, spec)).toMatchObject({ ms: 20 * 320 + 20, long: false, smaller: null });
		expect(test.expectedStepMs(wasm, dataset, { spec, split }, undefined)).toBeCloseTo(320 / 3, 9);
		// 1874 · 320 + 20 ms are just under ten minutes, one epoch more is long.
		const epochs = (count: number): ExperimentSpec => ({ ...spec, training: { ...spec.training, epochs: count } });
		expect(test.estimate(wasm, dataset, split, epochs(1874))?.long).toBe(false);
		const long = test.estimate(wasm, dataset, split, epochs(1875));
		expect(long).toMatchObject({ ms: 600_020, long: true });
		expect(long?.smaller?.ms).toBeLessThanOrEqual(600_000);
		// Where not even the smallest net on the smallest squares for ten epochs would do, nothing is offered.
		const endless = { ...spec, seeds: [1, 2], training: { ...spec.training, stepsPerEpoch: 100_000 } };
		expect(test.estimate(wasm, dataset, split, endless)).toMatchObject({
			ms: 2 * (20 * (100_000 * 100 + 20) + 20),
			long: true,
			smaller: null,
		});
	});

	it('says how long it has been measuring, and that the tab was in the background meanwhile', async () => {
		const { test, end, page } = bench();
		const done = test.measure(wasm, spec, 1);
		expect(test.elapsedMs).toBe(0);
		await vi.advanceTimersByTimeAsync(1000);
		expect(test.elapsedMs).toBe(1000);
		page.hidden = true;
		await vi.advanceTimersByTimeAsync(500);
		page.hidden = false;
		end.resolve(speed);
		await done;
		expect(test.elapsedMs).toBeNull();
		expect(test.known(wasm, spec, 1)?.from.hidden).toBe(true);
	});

	it('is given up, and the workers ended, when a step takes too long', async () => {
		const { test, end, restart } = bench();
		const done = test.measure(wasm, spec, 1);
		await vi.advanceTimersByTimeAsync(20_000);
		expect([test.tooSlow, restart.mock.calls.length]).toEqual([false, 0]);
		await vi.advanceTimersByTimeAsync(250);
		expect([test.tooSlow, restart.mock.calls.length, test.elapsedMs]).toEqual([true, 1, null]);
		end.reject(new AppError('cancelled'));
		await done;
		expect([test.error, test.known(wasm, spec, 1)]).toEqual([null, null]);
	});

	it('can be cancelled at any moment, without a result and without an error', async () => {
		const { test, end, restart, asked } = bench();
		const ready = deferred<ExperimentSpec>();
		const done = test.measure(wasm, ready.promise, 1);
		await test.cancel();
		ready.resolve(spec);
		await done;
		expect(asked).toEqual([]);
		const again = test.measure(wasm, spec, 1);
		await test.cancel();
		end.resolve(speed);
		await again;
		expect(restart).toHaveBeenCalledTimes(2);
		expect([test.elapsedMs, test.error, test.tooSlow, test.known(wasm, spec, 1)]).toEqual([null, null, false, null]);
		await test.cancel();
		expect(restart).toHaveBeenCalledTimes(2);
	});

	it('says what failed, and starts the workers anew', async () => {
		const { test, end, restart } = bench();
		end.reject(new AppError('out-of-memory'));
		await test.measure(wasm, spec, 1);
		expect(test.error).toMatchObject({ code: 'out-of-memory' });
		expect([restart.mock.calls.length, test.elapsedMs]).toEqual([1, null]);
	});
});
