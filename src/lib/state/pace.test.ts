import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace.svelte.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Takes steps of so many milliseconds each. */
function take(pace: Pace, from: number, steps: number, ms: number): void {
	for (let step = from; step < from + steps; step++) {
		vi.advanceTimersByTime(ms);
		pace.step(step, 1, 4);
	}
}

it('says nothing before two steps where nothing was expected', () => {
	const pace = new Pace();
	pace.begin(0, 100);
	take(pace, 0, 1, 300);
	expect(pace.etaMs).toBeNull();
	take(pace, 1, 1, 100);
	// 400 ms for two steps, 98 are left.
	expect(pace.etaMs).toBe(98 * 200);
});

it('begins with what was expected and is corrected by every step', () => {
	const pace = new Pace();
	pace.begin(0, 100, { expectedStepMs: 50 });
	expect([pace.etaMs, pace.stepMs]).toEqual([5000, 50]);
	// Ten steps of 50 are believed beforehand; ten of 150 make it 100 each for the 90 that are left.
	take(pace, 0, 10, 150);
	expect(pace.etaMs).toBe(90 * 100);
	expect(pace.stepMs).toBe(150);
});

it('counts the seeds and folds that wait', () => {
	const pace = new Pace();
	pace.begin(10, 100, { laterSteps: 200 });
	take(pace, 10, 2, 100);
	expect(pace.etaMs).toBe((88 + 200) * 100);
});
