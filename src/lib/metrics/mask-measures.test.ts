import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maskMeasures, maskPair } from './mask-measures.ts';
import type { Mask } from './surface.ts';

const choice = { tolerance: 1, rule: 'half' } as const;
const measure = (prediction: Mask, truth: Mask): Record<string, number | null> => {
	const pair = maskPair(prediction, truth, choice);
	return Object.fromEntries(maskMeasures(choice).map(({ id, compute }) => [id, compute(pair)]));
};

function mask(...lines: string[]): Mask {
	return { data: Uint8Array.from(lines.join(''), (mark) => (mark === '#' ? 1 : 0)), width: lines[0]?.length ?? 0, height: lines.length };
}

describe('measures of masks', () => {
	it('follow their definitions', () => {
		// One true pixel; marked are it and another 4 to its right.
		expect(measure(mask('#...#.'), mask('#.....'))).toMatchObject({
			dice: 2 / 3,
			hausdorff95: expect.closeTo(3.8, 12),
			averageSurfaceDistance: 1,
			hausdorffDistance: 4,
			surfaceDice1: 2 / 3,
			boundaryIou: 1 / 2,
			objectRecall: 1,
			objectPrecision: 1 / 2,
		});
	});

	it('are not defined of two empty masks, and infinite distances where one is empty', () => {
		expect(new Set(Object.values(measure(mask('...'), mask('...'))))).toEqual(new Set([null]));
		expect(measure(mask('...'), mask('.#.'))).toEqual({
			dice: 0,
			hausdorff95: Infinity,
			averageSurfaceDistance: Infinity,
			hausdorffDistance: Infinity,
			surfaceDice1: 0,
			boundaryIou: 0,
			objectRecall: 0,
			objectPrecision: null,
		});
	});
});

interface Golden {
	readonly computed: readonly {
		readonly id: string;
		readonly spacing?: unknown;
		readonly yTrue: readonly (readonly number[])[];
		readonly yPred: readonly (readonly number[])[];
		readonly expected: Readonly<Record<string, number>>;
	}[];
}
const file = `${process.env.OVERLAP_SHARED ?? '../shared'}/golden/metrics.json`;
const golden: Golden = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { computed: [] };

describe.skipIf(!existsSync(file))('measures of golden masks (skipped without the shared golden files)', () => {
	const cases = golden.computed.filter(({ spacing, expected }) => spacing === undefined && 'hd95_maxDirected' in expected);

	it('has cases', () => expect(cases.length).toBeGreaterThan(5));

	it.each(cases)('$id', ({ yTrue, yPred, expected }) => {
		const maskOf = (rows: readonly (readonly number[])[]): Mask => ({
			data: Uint8Array.from(rows.flat()),
			width: rows[0]?.length ?? 0,
			height: rows.length,
		});
		const found = measure(maskOf(yPred), maskOf(yTrue));
		const names = [
			['dice', 'dice'],
			['hausdorff95', 'hd95_maxDirected'],
			['averageSurfaceDistance', 'assd_meanOfMeans'],
			['hausdorffDistance', 'hd'],
			['surfaceDice1', 'nsd_tau1'],
			// Of 16 × 16 pixels, 2 % of the diagonal is less than a pixel.
			['boundaryIou', 'boundaryIoU_d1'],
		] as const;
		for (const [own, theirs] of names) expect(found[own], own).toBeCloseTo(expected[theirs] ?? NaN, 5);
	});
});
