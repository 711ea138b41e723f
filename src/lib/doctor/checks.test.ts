import { describe, expect, it } from 'vitest';
import type { Check, Finding } from './check.ts';
import { copies } from './copies.ts';
import { emptyMasks } from './empty-masks.ts';
import type { DatasetFacts } from './facts.ts';
import { checks, diagnose } from './index.ts';
import { interpolatedLabels } from './interpolated-labels.ts';
import { leaks } from './leaks.ts';
import { lookAlikes } from './look-alikes.ts';
import { lookOf } from './look.ts';
import { mixedSamples } from './mixed-samples.ts';
import { mixedSizes } from './mixed-sizes.ts';
import { brightnessOutliers, foregroundOutliers } from './outliers.ts';
import { polarity } from './polarity.ts';
import { rareClasses } from './rare-classes.ts';
import { smallObjects } from './small-objects.ts';
import { facts, image, picture, pixels, twoClasses } from './testing.ts';
import { uncounted } from './uncounted.ts';

const several = (count: number) => Array.from({ length: count }, (_, index) => image(index));
const ids = (finding: Finding | undefined) => finding?.images.map(({ id }) => id);
const only = (check: Check, of: DatasetFacts): Finding => {
	const found = check.find(of);
	expect(found).toHaveLength(1);
	return found[0]!;
};

describe('the shelf of checks', () => {
	it('has nothing to say about a set in which nothing is wrong, with its pixels or before they were looked at', () => {
		expect(diagnose(facts(several(10)))).toEqual([]);
		expect(diagnose(facts(several(10).map((entry) => ({ ...entry, pixels: null }))))).toEqual([]);
		expect(diagnose(facts([]))).toEqual([]);
	});

	it('names each check once', () => {
		expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
	});

	it('puts the gravest finding first', () => {
		const set = several(10).map((entry) => ({ ...entry, classPixels: [4000, 0] }));
		const found = diagnose(facts([...set.slice(1), { ...set[0]!, width: 32 }]));
		expect(found.map(({ key }) => key)).toEqual(['empty-masks-0', 'mixed-sizes-0']);
	});
});

describe('masks', () => {
	it('without foreground are counted and named', () => {
		const set = [...several(3), image(3, { classPixels: [4000, 0] })];
		const finding = only(emptyMasks, facts(set));
		expect(finding).toMatchObject({ severity: 'info', title: '1 mask is empty, of 4' });
		expect(ids(finding)).toEqual(['3']);
	});

	it('that are all empty teach nothing', () => {
		expect(only(emptyMasks, facts([image(0, { classPixels: [4000, 0] })])).severity).toBe('error');
	});

	it('of which no pixel counts can be left out', () => {
		const set = facts([image(0), image(1, { classPixels: [0, 0] })]);
		expect(only(uncounted, set).mend).toMatchObject({ kind: 'set-parts', parts: { 1: 'unused' } });
		expect(emptyMasks.find(set)).toEqual([]);
	});

	it('of which nearly all are mostly foreground may be exchanged', () => {
		const full = { classPixels: [400, 3600] };
		expect(only(polarity, facts(several(9).map((entry) => ({ ...entry, ...full })))).mend?.kind).toBe('flip-polarity');
		// 8 of 10 are no rule.
		expect(polarity.find(facts([...several(2), ...Array.from({ length: 8 }, (_, index) => image(index + 2, full))]))).toEqual([]);
	});

	it('that frame their images may be exchanged, however much they cover', () => {
		const framed = several(4).map((entry, index) => ({ ...entry, pixels: pixels(index, { borderForeground: 1 }) }));
		expect(only(polarity, facts(framed)).meaning).toContain('fills the whole border in 4 of 4');
		const three = { ...twoClasses, classes: [...twoClasses.classes, { name: 'third', values: [1] }] };
		expect(polarity.find(facts(framed, { scheme: three }))).toEqual([]);
	});

	it('with a rare class, and with a class that no training image shows', () => {
		// 40 of 4000 pixels are 1 %.
		const rare = only(rareClasses, facts([image(0, { classPixels: [3960, 40] })]));
		expect(rare.title).toBe('The class “cell” covers little: 1 % of the pixels');
		const unseen = only(rareClasses, facts([image(0, { classPixels: [4000, 0] }), image(1, { part: 'test' })]));
		expect(unseen).toMatchObject({ severity: 'warning', images: [{ id: '1', detail: 'test' }] });
	});

	it('that lie in one fold are not there to learn from when it validates', () => {
		const inFold = (number: number, fold: number, cells: number) =>
			image(number, { part: 'validation', fold, classPixels: [4000 - cells, cells] });
		const unseen = only(rareClasses, facts([inFold(0, 1, 400), inFold(1, 1, 400), inFold(2, 2, 0)]));
		expect(unseen.title).toBe('In a fold, no training image shows “cell”');
		expect(unseen.images).toEqual([0, 1].map((id) => ({ id: String(id), detail: 'fold 1' })));
		expect(rareClasses.find(facts([inFold(0, 1, 400), inFold(1, 2, 400)]))).toEqual([]);
		expect(rareClasses.find(facts([inFold(0, 1, 0), image(1)]))).toEqual([]);
	});
});

describe('objects', () => {
	const set = (...sides: number[]) => [
		image(0, {
			width: 128,
			height: 128,
			pixels: pixels(0, { objects: sides.map((side) => ({ area: side * side, width: side, height: side })) }),
		}),
	];

	it('are measured as the net sees them', () => {
		// 128 → 64 halves every side: 15 becomes 7.5, less than 2³ pixels; 16 becomes 8 and stays.
		const finding = only(smallObjects, facts(set(15, 16, 40)));
		expect(finding.title).toBe('1 of 3 objects (33 %) are smaller than 8 pixels as the net sees them');
		expect(finding.images).toEqual([{ id: '0', detail: '1 of 3' }]);
		expect(smallObjects.find(facts(set(15, 16, 40), { depth: 2 }))).toEqual([]);
		expect(smallObjects.find(facts(set(15, 16, 40), { prepare: { size: 64, sizing: 'crop' } }))).toEqual([]);
	});

	it('are told the size at which nine of ten are large enough', () => {
		// The smallest of ten may stay small; the second, of 5 pixels, fills 8 at 64 · 8 / 2.5 = 204.8, that is at 208.
		const finding = only(smallObjects, facts(set(1, 5, 6, 7, 8, 20, 20, 20, 20, 20)));
		expect(finding.remedy).toContain('At a size of 208 (now 64)');
		// 1 pixel of 128 becomes half a pixel.
		expect(finding.meaning).toContain('1 is thinner than one pixel');
	});

	it('that are few among larger ones may be specks', () => {
		const finding = only(smallObjects, facts(set(4, ...Array.from({ length: 20 }, () => 30))));
		expect(finding.severity).toBe('info');
		expect(finding.remedy).toContain('specks');
	});

	it('keep their proportions where the image is padded', () => {
		// 128 × 64 padded to 64²: both sides halve. Stretched, the height would stay.
		const tall = [image(0, { width: 128, height: 64, pixels: pixels(0, { objects: [{ area: 30, width: 3, height: 10 }] }) })];
		expect(smallObjects.find(facts(tall))).toEqual([]);
		expect(smallObjects.find(facts(tall, { prepare: { size: 64, sizing: 'pad' } }))).toHaveLength(1);
	});
});

describe('images', () => {
	it('of several sizes are a warning where stretching bends them apart', () => {
		const set = [...several(3), image(3, { width: 160 })];
		// 160 : 64 over 64 : 64 is 2.5.
		expect(only(mixedSizes, facts(set))).toMatchObject({ severity: 'warning', images: [{ id: '3', detail: '160 × 64' }] });
		expect(only(mixedSizes, facts(set, { prepare: { size: 64, sizing: 'pad' } })).severity).toBe('info');
	});

	it('of several kinds of pixels are named, and the odd ones can be left out', () => {
		const finding = only(mixedSamples, facts([...several(3), image(3, { maxValue: 65535 }), image(4, { channels: 3 })]));
		expect(finding.title).toBe('The images have 3 kinds of pixels; most are grey, 8 bit');
		expect(finding.images).toEqual([
			{ id: '3', detail: 'grey, 16 bit' },
			{ id: '4', detail: 'RGB, 8 bit' },
		]);
		expect(finding.mend).toMatchObject({ parts: { 3: 'unused', 4: 'unused' } });
		// Half and half: neither is odd.
		expect(only(mixedSamples, facts([image(0), image(1, { channels: 3 })]))).toMatchObject({ images: [], mend: null });
	});

	it('far brighter than the others are named, by the median absolute deviation', () => {
		// Median 0.5; deviations 0, 0.01 … 0.04 twice and 0.4: their median is 0.02. 0.6745 · 0.4 / 0.02 = 13.5; 0.04 gives 1.3.
		const levels = [0.46, 0.47, 0.48, 0.49, 0.5, 0.51, 0.52, 0.53, 0.9];
		const set = levels.map((brightness, index) => image(index, { pixels: pixels(index, { brightness }) }));
		expect(ids(only(brightnessOutliers, facts(set)))).toEqual(['8']);
		expect(brightnessOutliers.find(facts(set.slice(2)))).toEqual([]);
	});

	it('with far less foreground than the others are named; empty masks are not', () => {
		const counts = [300, 320, 340, 360, 380, 400, 420, 440, 4, 0];
		const set = counts.map((count, index) => image(index, { classPixels: [4000 - count, count] }));
		expect(only(foregroundOutliers, facts(set)).images).toEqual([{ id: '8', detail: '0.1 % foreground' }]);
	});
});

describe('the same picture', () => {
	const brighter = { ...picture(1), data: picture(1).data.map((level) => 0.2 + 0.7 * level) };
	const copy = pixels(8, { look: lookOf(brighter) });

	it('pixel by pixel is a copy', () => {
		const finding = only(copies, facts([...several(3), image(3, { pixels: pixels(1) })]));
		expect(finding.images).toEqual([{ id: '3', detail: 'the same as 1.png' }]);
		expect(finding.mend).toMatchObject({ parts: { 3: 'unused' } });
	});

	it('in two parts of the split is a leak, even when it was re-exposed; one click puts it into one part', () => {
		const set = facts([...several(3), image(3, { part: 'test', pixels: copy })]);
		const finding = only(leaks, set);
		expect(ids(finding)).toEqual(['1', '3']);
		expect(finding.mend).toMatchObject({ kind: 'set-parts', parts: { 1: 'train', 3: 'train' } });
		expect(lookAlikes.find(set)).toEqual([]);
	});

	it('leaks between validation and test without training', () => {
		const set = facts([image(1, { part: 'test' }), image(2), image(3, { part: 'validation', pixels: copy })]);
		expect(only(leaks, set).mend).toMatchObject({ parts: { 1: 'validation', 3: 'validation' } });
	});

	it('leaks between folds, which learn from one another', () => {
		const fold = (number: number, of: number, change = {}) => image(number, { part: 'validation', fold: of, ...change });
		const finding = only(leaks, facts([fold(1, 1), fold(2, 2), fold(3, 2, { pixels: copy })]));
		expect(finding.images.map(({ detail }) => detail)).toEqual(['group 1, fold 1', 'group 1, fold 2']);
		expect(finding.mend).toMatchObject({ parts: { 1: 'train', 3: 'train' } });
		expect(leaks.find(facts([fold(1, 1), fold(2, 2), fold(3, 1, { pixels: copy })]))).toEqual([]);
	});

	it('in one part is good to know', () => {
		const set = facts([...several(3), image(3, { pixels: copy })]);
		expect(ids(only(lookAlikes, set))).toEqual(['1', '3']);
		expect([...leaks.find(set), ...copies.find(set)]).toEqual([]);
	});

	it('is not seen in images without contrast', () => {
		const flat = lookOf({ ...picture(0), data: new Float32Array(18 * 18).fill(0.5) });
		const set = [0, 1].map((index) => image(index, { pixels: pixels(index, { look: flat }) }));
		expect(lookAlikes.find(facts(set))).toEqual([]);
	});
});

describe('labels', () => {
	const ramp: DatasetFacts['scheme'] = { ...twoClasses, classes: [...twoClasses.classes, { name: 'rim', values: [128] }] };
	const withValues = (between: number) => [
		image(0, {
			classPixels: [3000, 900, 100],
			pixels: pixels(0, {
				values: [
					{ value: 0, pixels: 3000, between: 0 },
					{ value: 128, pixels: 100, between },
					{ value: 255, pixels: 900, between: 0 },
				],
			}),
		}),
	];

	it('that lie only between two others are blurred edges', () => {
		const finding = only(interpolatedLabels, facts(withValues(98), { scheme: ramp }));
		expect(finding.title).toBe('The mask value 128 looks like blurred edges');
		expect(finding.meaning).toContain('“rim”');
	});

	it('with an inside of their own are classes', () => {
		expect(interpolatedLabels.find(facts(withValues(60), { scheme: ramp }))).toEqual([]);
	});
});
