import { describe, expect, it } from 'vitest';
import { averageSurfaceDistance, averageSurfaceDistancePooled } from './average-surface-distance.ts';
import { boundaryIou } from './boundary-iou.ts';
import { hausdorff95, hausdorff95Pooled } from './hausdorff-95.ts';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { surfaceMetrics } from './index.ts';
import { surfaceDice } from './surface-dice.ts';
import { borderOf, quantile, surfaceDistances } from './surface.ts';
import type { Mask } from './surface.ts';

/** A mask drawn in text: `#` inside. */
function mask(...lines: string[]): Mask {
	const width = lines[0]?.length ?? 0;
	return { data: Uint8Array.from(lines.join(''), (mark) => (mark === '#' ? 1 : 0)), width, height: lines.length };
}

const block = mask('.....', '.###.', '.###.', '.###.', '.....');
const empty = mask('.....', '.....', '.....', '.....', '.....');

describe('borders', () => {
	it('are pixels with a side to the outside; a corner is not enough', () => {
		expect([...borderOf(block)].join('')).toBe('0000001110010100111000000');
	});

	it('run along the image edge, for beyond it is outside', () => {
		expect([...borderOf(mask('###', '###', '###'))].join('')).toBe('111101111');
	});
});

describe('distances between borders', () => {
	// One pixel against two: 0 and 4 to the right of it.
	const truth = mask('#.....');
	const marked = mask('#...#.');
	const distances = surfaceDistances(marked, truth);

	it('are those of both directions', () => {
		expect([...distances.fromPrediction]).toEqual([0, 4]);
		expect([...distances.fromTruth]).toEqual([0]);
	});

	it('give the metrics by their definitions', () => {
		expect(hausdorffDistance.compute(distances)).toBe(4);
		// 95 % of the way from 0 to 4, and from 0 over 0 to 4.
		expect(hausdorff95.compute(distances)).toBeCloseTo(3.8, 12);
		expect(hausdorff95Pooled.compute(distances)).toBeCloseTo(0.9 * 4, 12);
		expect(averageSurfaceDistance.compute(distances)).toBe((2 + 0) / 2);
		expect(averageSurfaceDistancePooled.compute(distances)).toBeCloseTo(4 / 3, 12);
		expect(surfaceDice(3).compute(distances)).toBeCloseTo(2 / 3, 12);
		expect(surfaceDice(4).compute(distances)).toBe(1);
	});

	it('follow the size of a pixel', () => {
		const tall = surfaceDistances(mask('#', '.', '.'), mask('.', '.', '#'), { x: 1, y: 2.5 });
		expect([...tall.fromPrediction]).toEqual([5]);
	});

	it('refuse masks of different sizes', () => {
		expect(() => surfaceDistances(truth, block)).toThrow(RangeError);
		expect(() => boundaryIou(truth, block, 1)).toThrow(RangeError);
	});
});

describe('empty masks', () => {
	it('give infinite distances when one is empty and none when both are', () => {
		for (const metric of surfaceMetrics) {
			expect(metric.compute(surfaceDistances(block, empty))).toBe(Infinity);
			expect(metric.compute(surfaceDistances(empty, block))).toBe(Infinity);
			expect(metric.compute(surfaceDistances(empty, empty))).toBeNull();
		}
	});

	it('give no overlap of borders when one is empty and nothing when both are', () => {
		expect(surfaceDice(1).compute(surfaceDistances(block, empty))).toBe(0);
		expect(surfaceDice(1).compute(surfaceDistances(empty, empty))).toBeNull();
		expect(boundaryIou(block, empty, 1)).toBe(0);
		expect(boundaryIou(empty, empty, 1)).toBeNull();
	});
});

describe('boundary IoU', () => {
	it('compares the bands along the inner side of both contours', () => {
		// The band of the block is its ring of 8; of the block less its middle column, all 6, which lie in that ring.
		const gap = mask('.....', '.#.#.', '.#.#.', '.#.#.', '.....');
		expect(boundaryIou(gap, block, 1)).toBe(6 / 8);
		// Two steps in, the band is the whole block.
		expect(boundaryIou(gap, block, 2)).toBe(6 / 9);
	});
});

describe('quantiles', () => {
	it('lie on the line between neighbours', () => {
		expect(quantile(Float64Array.of(3, 1, 2), 0.5)).toBe(2);
		expect(quantile(Float64Array.of(1, 2), 0.25)).toBe(1.25);
		expect(quantile(Float64Array.of(7), 0.95)).toBe(7);
	});
});
