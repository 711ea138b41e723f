import { describe, expect, it } from 'vitest';
import { prepareTarget } from '#lib/pixels/targets.ts';
import { TargetCache } from './target-cache.ts';

/** A 4 × 4 mask with one true pixel. */
const mask = (place: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => (i === place ? 1 : 0));

/** A cache that counts how often a map was prepared. */
function countingCache(limitBytes?: number) {
	let count = 0;
	const prepare: typeof prepareTarget = (...arguments_) => {
		count++;
		return prepareTarget(...arguments_);
	};
	return { cache: new TargetCache(prepare, limitBytes), prepared: () => count };
}

describe('the cache of target maps', () => {
	it('prepares a mask once, wherever its copy comes from', () => {
		const { cache, prepared } = countingCache();
		const first = cache.get('signedDistance', mask(5), 4, 1);
		expect(cache.get('signedDistance', mask(5), 4, 1)).toBe(first);
		expect(prepared()).toBe(1);
		expect([first[5], first[4], first[7]]).toEqual([-1, 1, 2]); // inside, next to it, two away
	});

	it('tells masks, maps and outputs apart', () => {
		const { cache, prepared } = countingCache();
		cache.get('signedDistance', mask(5), 4, 1);
		cache.get('signedDistance', mask(6), 4, 1);
		cache.get('instanceGap', mask(5), 4, 1);
		expect(cache.get('signedDistance', mask(5), 4, 3)).toHaveLength(48);
		expect(prepared()).toBe(4);
	});

	it('keeps its own copy of the mask', () => {
		const { cache, prepared } = countingCache();
		const changing = mask(5);
		cache.get('signedDistance', changing, 4, 1);
		changing.set(mask(10));
		cache.get('signedDistance', changing, 4, 1);
		cache.get('signedDistance', mask(5), 4, 1);
		expect(prepared()).toBe(2);
	});

	it('drops what was used longest ago when it is full', () => {
		const { cache, prepared } = countingCache(2 * (16 + 64)); // two masks of 16 bytes with maps of 64
		for (const place of [1, 2, 1, 3]) cache.get('signedDistance', mask(place), 4, 1);
		expect(prepared()).toBe(3);
		cache.get('signedDistance', mask(1), 4, 1);
		expect(prepared()).toBe(3);
		cache.get('signedDistance', mask(2), 4, 1);
		expect(prepared()).toBe(4);
	});
});
