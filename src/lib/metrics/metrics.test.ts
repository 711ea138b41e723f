import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageEvidence } from '#lib/core/run.ts';
import { confusionMatrix, countsAt, pool } from './confusion.ts';
import { selectionDice } from './selection.ts';
import { collapseOf, summarise } from './summary.ts';
import { checkMetrics } from './testing/golden.ts';
import type { MetricsFile } from './testing/golden.ts';

const goldenFile = join(process.env.OVERLAP_SHARED ?? '../shared', 'golden', 'metrics.json');

/** Evidence of one binary image from probabilities and truth, by the rule of `ImageEvidence`. */
function binaryEvidence(truth: readonly number[], probabilities: readonly number[], sampleId = 'a'): ImageEvidence {
	const histogram = new Uint32Array(512);
	truth.forEach((isForeground, i) => {
		const level = Math.min(255, Math.floor(256 * probabilities[i]!));
		histogram[(isForeground > 0 ? 256 : 0) + level]! += 1;
	});
	return { kind: 'binary', sampleId, histogram };
}

function classEvidence(confusion: readonly number[], sampleId = 'a'): ImageEvidence {
	return { kind: 'classes', sampleId, classes: Math.sqrt(confusion.length), confusion: Uint32Array.from(confusion) };
}

describe('counts', () => {
	it('take a pixel for foreground when its level reaches the threshold', () => {
		// p = 0.5 is level 128: foreground at 128, background at 129.
		const evidence = binaryEvidence([1, 0, 1, 0], [0.5, 0.5, 0.75, 0.25]);
		expect(countsAt(evidence, 128, 1)).toEqual({ truePositives: 2, falsePositives: 1, falseNegatives: 0, trueNegatives: 1 });
		expect(countsAt(evidence, 129, 1)).toEqual({ truePositives: 1, falsePositives: 0, falseNegatives: 1, trueNegatives: 2 });
	});

	it('mark everything at level 0 and nothing at level 256', () => {
		const evidence = binaryEvidence([1, 0, 0], [0, 1, 0.3]);
		expect(countsAt(evidence, 0, 1)).toEqual({ truePositives: 1, falsePositives: 2, falseNegatives: 0, trueNegatives: 0 });
		expect(countsAt(evidence, 256, 1)).toEqual({ truePositives: 0, falsePositives: 0, falseNegatives: 1, trueNegatives: 2 });
	});

	it('see the background as the complement of the foreground', () => {
		const evidence = binaryEvidence([1, 1, 0, 0, 0], [0.9, 0.1, 0.9, 0.1, 0.2]);
		expect(countsAt(evidence, 128, 0)).toEqual({ truePositives: 2, falsePositives: 1, falseNegatives: 1, trueNegatives: 1 });
	});

	it('read a class matrix with truth in rows', () => {
		// Truth 1 has 2 + 5 + 1 = 8 pixels, prediction 1 has 3 + 5 + 4 = 12, all are 30.
		const evidence = classEvidence([6, 3, 0, 2, 5, 1, 1, 4, 8]);
		expect(countsAt(evidence, 128, 1)).toEqual({ truePositives: 5, falsePositives: 7, falseNegatives: 3, trueNegatives: 15 });
	});

	it('of all classes form a matrix with truth in rows, all images together', () => {
		// At level 128: truth 0 has one pixel below and one above, truth 1 one above; the second image adds a missed one.
		const images = [binaryEvidence([0, 0, 1], [0.1, 0.9, 0.6]), binaryEvidence([1], [0.2])];
		expect(confusionMatrix(images, 128)).toEqual([
			[1, 1],
			[1, 1],
		]);
		expect(confusionMatrix([classEvidence([6, 3, 2, 5]), classEvidence([1, 0, 0, 1])], 128)).toEqual([
			[7, 3],
			[2, 6],
		]);
		expect(confusionMatrix([], 128)).toEqual([]);
	});

	it('add up over images', () => {
		const one = { truePositives: 1, falsePositives: 2, falseNegatives: 3, trueNegatives: 4 };
		expect(pool([one, one])).toEqual({ truePositives: 2, falsePositives: 4, falseNegatives: 6, trueNegatives: 8 });
		expect(pool([])).toEqual({ truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 });
	});
});

describe('summaries', () => {
	// Image a: TP 1, FP 1, FN 0: Dice 2/3. Image b: TP 0, FP 0, FN 2: Dice 0. Image c: nothing there, nothing marked.
	const images = [
		binaryEvidence([1, 0, 0], [1, 1, 0], 'a'),
		binaryEvidence([1, 1, 0], [0, 0, 0], 'b'),
		binaryEvidence([0, 0, 0], [0, 0, 0], 'c'),
	];
	const foreground = (id: string) => summarise(images, 128, 2).find((entry) => entry.metric.id === id)?.foreground;

	it('pool counts and average images apart, leaving out images on which the metric is not defined', () => {
		// Pooled: TP 1, FP 1, FN 2: Dice 2/5, precision 1/2, recall 1/3, specificity 5/6.
		expect(foreground('dice')).toEqual({ pooled: 2 / 5, perImageMean: (2 / 3 + 0) / 2, counted: 2, total: 3 });
		expect(foreground('precision')).toEqual({ pooled: 1 / 2, perImageMean: 1 / 2, counted: 1, total: 3 });
		expect(foreground('recall')).toEqual({ pooled: 1 / 3, perImageMean: 1 / 2, counted: 2, total: 3 });
		expect(foreground('specificity')).toEqual({ pooled: 5 / 6, perImageMean: (1 / 2 + 1 + 1) / 3, counted: 3, total: 3 });
	});

	it('average the foreground classes and leave the background out', () => {
		// Class 1: TP 1, FP 0, FN 1: IoU 1/2. Class 2: TP 2, FP 1, FN 0: IoU 2/3.
		const [summary] = summarise([classEvidence([9, 0, 0, 0, 1, 1, 0, 0, 2])], 128, 3).filter((entry) => entry.metric.id === 'iou');
		expect(summary?.classes.map((entry) => entry.pooled)).toEqual([1, 1 / 2, 2 / 3]);
		expect(summary?.foreground.pooled).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
	});

	it('have nothing to say about no images', () => {
		for (const { foreground: none } of summarise([], 128, 2)) {
			expect(none).toEqual({ pooled: null, perImageMean: null, counted: 0, total: 0 });
		}
	});

	it('choose the best epoch by the pooled Dice, mean over foreground classes', () => {
		expect(selectionDice(images, 128)).toBeCloseTo(2 / 5, 12);
		// Class 1: TP 1, FP 0, FN 1: Dice 2/3. Class 2: TP 2, FP 1, FN 0: Dice 4/5.
		expect(selectionDice([classEvidence([9, 0, 0, 0, 1, 1, 0, 0, 2])], 128)).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
		expect(selectionDice([], 128)).toBeNull();
		expect(selectionDice([binaryEvidence([0], [0])], 128)).toBeNull();
	});

	it('name a net that gave up', () => {
		expect(collapseOf([binaryEvidence([1, 0], [0, 0])], 128)).toBe('predicts no foreground');
		expect(collapseOf([binaryEvidence([1, 0], [1, 1])], 128)).toBe('predicts everything foreground');
		expect(collapseOf([binaryEvidence([1, 0], [1, 0])], 128)).toBeNull();
		expect(collapseOf([binaryEvidence([0, 0], [0, 0])], 128)).toBeNull();
		expect(collapseOf([binaryEvidence([1, 1], [1, 1])], 128)).toBeNull();
		expect(collapseOf([classEvidence([5, 0, 0, 2, 0, 0, 2, 0, 0])], 128)).toBe('predicts no foreground');
		expect(collapseOf([], 128)).toBeNull();
	});
});

describe.skipIf(!existsSync(goldenFile))('golden metrics (skipped without the shared golden files)', () => {
	const golden: MetricsFile = existsSync(goldenFile) ? JSON.parse(readFileSync(goldenFile, 'utf8')) : {};
	const outcomes = checkMetrics(golden);

	it('has cases', () => {
		expect(outcomes.length).toBeGreaterThan(30);
	});

	it.each(outcomes.map((outcome) => [outcome.id, outcome] as const))('%s', (_id, { verdict, detail }) => {
		if (verdict === 'unsupported') console.info(detail);
		else expect(detail).toBeUndefined();
	});
});
