import { describe, expect, it } from 'vitest';
import { latestOnly } from './latest-only.ts';

describe('latestOnly', () => {
	it('answers the first at once, then only the newest of those that came meanwhile', async () => {
		const answered: number[] = [];
		const doors: (() => void)[] = [];
		const ask = latestOnly<number>(async (question) => {
			answered.push(question);
			await new Promise<void>((open) => doors.push(open));
		});
		const whole = ask(1);
		await ask(2);
		await ask(3);
		expect(answered).toEqual([1]);
		doors[0]!();
		await Promise.resolve();
		await Promise.resolve();
		expect(answered).toEqual([1, 3]);
		doors[1]!();
		await whole;
		const again = ask(4);
		expect(answered).toEqual([1, 3, 4]);
		doors[2]!();
		await again;
	});

	it('goes on after an answer that failed', async () => {
		const ask = latestOnly<boolean>((fails) => (fails ? Promise.reject(new Error('no')) : Promise.resolve()));
		await expect(ask(true)).rejects.toThrow('no');
		await expect(ask(false)).resolves.toBeUndefined();
	});
});
