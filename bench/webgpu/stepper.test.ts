import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { timeSteps, type Stepper } from './stepper.ts';

/** Takes `takeMs` to record a step and `readMs` to wait for some; keeps how many were read together. */
function clockwork(takeMs: number, readMs: number): Stepper<number> & { readonly reads: number[] } {
	const reads: number[] = [];
	let count = 0;
	return {
		parameters: 7,
		reads,
		take: () => {
			vi.advanceTimersByTime(takeMs);
			return count++;
		},
		read: async (taken) => {
			vi.advanceTimersByTime(readMs);
			reads.push(taken.length);
			return taken.map((step) => 1 / (1 + step));
		},
		close: () => undefined,
	};
}

describe('timing steps', () => {
	beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
	afterEach(() => void vi.useRealTimers());

	it('reads back one by one while warming up, then every quarter of a second', async () => {
		const stepper = clockwork(10, 40);
		const times = await timeSteps(stepper, { warm: 4, steps: 12, rounds: 2, mostMs: 1e9 });
		// 50 ms a step read one by one: five fit into 250 ms. 12 steps then take 12·10 + 3·40 = 240 ms, 20 a step, so that the second round takes
		// them all at once: 12·10 + 40 = 160 ms.
		expect(stepper.reads).toEqual([1, 1, 1, 1, 5, 5, 2, 12]);
		expect(times.rounds).toEqual([20, 160 / 12]);
		expect(times.msPerStep).toBeCloseTo((20 + 160 / 12) / 2);
		expect(times).toMatchObject({ hostMs: 10, eachReadMs: 50, losses: [1, 1 / 2, 1 / 3, 1 / 4], parameters: 7 });
	});

	it('begins no further round when the time is used up', async () => {
		const stepper = clockwork(100, 200);
		const { rounds } = await timeSteps(stepper, { warm: 1, steps: 2, rounds: 3, mostMs: 500 });
		// A step and its read take 300 ms, so that each of the two is read alone: the first round ends after 600 ms.
		expect(rounds).toEqual([300]);
	});
});
