/**
 * Real data sets, opened by their top folder through the same code as in the app. Pixel counts are those of an independent
 * reading with Pillow 12.3 and NumPy; shapes are compared with scikit-image 0.26 and pycocotools 2.0.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LocalDecoder } from './decoder.ts';
import type { DecodePhoto } from './format.ts';
import type { OpenedFile } from './opened-file.ts';
import { scanFiles } from './open-files.ts';
import type { ImportProposal } from './proposal.ts';

const data = join(process.env.OVERLAP_SHARED ?? '../shared', 'data');

function filesIn(folder: string): OpenedFile[] {
	return readdirSync(join(data, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.map((path) => ({ path: relative(data, path), bytes: async () => new Uint8Array(readFileSync(path)) }));
}

/** Stands in for the browser's decoder of photos: images are not looked at here. */
const decodePhoto: DecodePhoto = async ({ width, height, channels }) => ({
	width,
	height,
	channels,
	maxValue: 255,
	data: new Uint8Array(width * height * channels),
});

const openFolder = (folder: string) => scanFiles(filesIn(folder), { decoder: new LocalDecoder({ decodePhoto }) });

const classNames = ({ labels }: ImportProposal) => labels?.scheme.classes.map(({ name }) => name);
const counts = ({ labels }: ImportProposal) => Object.fromEntries(labels?.counts ?? []);

/** Nothing left over, nothing wrong. */
function expectWhole(proposal: ImportProposal, pairs: number, questions: number): void {
	expect(proposal.pairs).toHaveLength(pairs);
	expect(proposal.problems).toEqual([]);
	expect([...proposal.unmatchedImages, ...proposal.unmatchedMasks]).toEqual([]);
	expect(proposal.questions.length + (proposal.labels?.polarity ? 1 : 0)).toBe(questions);
}

describe.skipIf(!existsSync(data))('real data sets (skipped where the shared data are missing)', () => {
	test('wbc: three classes in grey levels, no question', async () => {
		const proposal = await openFolder('wbc');
		expectWhole(proposal, 120, 0);
		expect(proposal.labels?.scheme).toMatchObject({
			kind: 'values',
			classes: [{ values: [0] }, { values: [128] }, { values: [255] }],
			ignore: [],
		});
		expect(counts(proposal)).toEqual({ 0: 1_120_840, 128: 285_732, 255: 236_868 });
	});

	test('isbi2012: the polarity is the one question; the membrane is 22 % of the pixels', async () => {
		const proposal = await openFolder('isbi2012');
		expectWhole(proposal, 24, 1);
		expect(counts(proposal)).toEqual({ 0: 1_418_245, 255: 4_873_211 });
		// 1,418,245 of 24 × 512 × 512 pixels are membrane: 22.5 %.
		expect(1 - (proposal.labels?.polarity?.share ?? 0)).toBeCloseTo(0.2254, 4);
	});

	test('magnetic-tile: soft edges cut at 127, no question', async () => {
		const proposal = await openFolder('magnetic-tile/MT_Blowhole');
		expectWhole(proposal, 115, 0);
		expect(proposal.labels?.scheme).toMatchObject({ kind: 'threshold', threshold: 127, inverted: false });
		expect(proposal.labels?.notes.join()).toContain('a pixel above 127 counts as foreground');
		const above = proposal.labels?.counts.filter(([value]) => value > 127) ?? [];
		const total = proposal.labels?.counts.reduce((sum, [, count]) => sum + count, 0) ?? 0;
		// Pooled over the 115 masks, with Pillow: 0.1503 %.
		expect((100 * above.reduce((sum, [, count]) => sum + count, 0)) / total).toBeCloseTo(0.1503, 4);
		const both = await openFolder('magnetic-tile');
		expectWhole(both, 139, 0);
		expect(both.labels?.scheme).toMatchObject({ kind: 'threshold', threshold: 127 });
	});

	test('magnetic-tile without a defect: empty masks are masks', async () => {
		const proposal = await openFolder('magnetic-tile/MT_Free');
		expectWhole(proposal, 24, 0);
		expect(proposal.labels?.notes).toContain('Every mask is empty: there is nothing to learn.');
	});

	test('DRIVE: one question, in which the labels and the field of view can be told apart', async () => {
		const proposal = await openFolder('DRIVE');
		expectWhole(proposal, 12, 1);
		expect(proposal.questions[0]?.options.map(({ label }) => label)).toEqual([
			'folder “1st_manual”',
			'folder “mask”',
			'folder “1st_manual”, and pixels count only inside folder “mask”',
		]);
		for (const { imagePath, maskPaths } of proposal.pairs) {
			expect(maskPaths).toEqual([`DRIVE/training/1st_manual/${/(\d+)_training/u.exec(imagePath)?.[1]}_manual1.gif`]);
		}
		// 12 × 565 × 584 pixels, of which Pillow finds 8.47 % marked.
		expect(counts(proposal)).toEqual({ 0: 3_624_041, 255: 335_479 });
		const inside = await proposal.revise({ answers: { [proposal.questions[0]?.id ?? '']: proposal.questions[0]?.options[2]?.id ?? '' } });
		expect(inside.labels?.scheme.ignore).toEqual([254]);
		// Vessels lie inside of the field of view, but for a few pixels at its rim.
		expect(counts(inside)[255]).toBeGreaterThan(0.99 * 335_479);
		expect(counts(inside)[254]).toBeGreaterThan(0.25 * 12 * 565 * 584);
	});

	test('dsb2018: the union of all nuclei, or parted where they touch; no question', async () => {
		const proposal = await openFolder('dsb2018');
		expectWhole(proposal, 40, 0);
		expect(counts(proposal)).toEqual({ 0: 3_089_796, 1: 564_028 });
		const parted = await proposal.revise({ reading: 'touching' });
		expect(classNames(parted)).toEqual(['background', 'object', 'touching line']);
		// The lines take from objects and from the gaps between them.
		expect((counts(parted)[1] ?? 0) + (counts(parted)[2] ?? 0)).toBeGreaterThan(564_028);
		expect(counts(parted)[1]).toBeLessThan(564_028);
	});

	test('CamVid: eleven classes by name, 11 ignored, no question', async () => {
		const proposal = await openFolder('CamVid');
		expectWhole(proposal, 31, 0);
		expect(classNames(proposal)).toEqual([
			'sky',
			'building',
			'pole',
			'road',
			'pavement',
			'tree',
			'sign',
			'fence',
			'car',
			'pedestrian',
			'bicyclist',
		]);
		expect(proposal.labels?.scheme.ignore).toEqual([11]);
		expect(Object.values(counts(proposal))).toEqual([
			804_614, 1_386_363, 48_685, 1_591_915, 319_116, 587_080, 49_519, 56_626, 283_923, 41_068, 31_326, 156_565,
		]);
	});

	test('cwfid: one question; the annotations have three colours, the other answer is inverted and says so', async () => {
		const proposal = await openFolder('cwfid');
		expectWhole(proposal, 2, 1);
		expect(proposal.labels?.scheme.classes.map(({ colour }) => colour)).toEqual([undefined, '#ff0000', '#00ff00']);
		expect(counts(proposal)).toEqual({ 0: 2_175_549, 1: 284_883, 2: 43_440 });
		const masks = await proposal.revise({ answers: { [proposal.questions[0]?.id ?? '']: 'masks|_mask' } });
		// Soil is 1, vegetation 0: 82.3 % and 88.6 % of two equally large images.
		expect(masks.labels?.polarity?.share).toBeCloseTo(0.8548, 4);
	});

	test('sandstone: four colours, no question', async () => {
		const proposal = await openFolder('sandstone');
		expectWhole(proposal, 3, 0);
		expect(proposal.labels?.encoding).toEqual({ kind: 'colours', colours: [0x0000ff, 0xff0000, 0x00ff00, 0xffff00], nearest: false });
		expect(counts(proposal)).toEqual({ 0: 1_517_574, 1: 1_393_592, 2: 113_941, 3: 34_605 });
	});

	test('marbles: shapes from COCO or VIA, one or two classes: one question, equal masks', async () => {
		const proposal = await openFolder('marbles');
		expectWhole(proposal, 3, 1);
		expect(classNames(proposal)).toEqual(['background', 'Blue_Marble', 'Non_Blue_Marble']);
		// Exactly scikit-image's polygon2mask at pixel centres; pycocotools has 353,390, 41,062 and 134,548 (IoU 0.9969).
		const twoClasses = { 0: 353_431, 1: 41_058, 2: 134_511 };
		const [question] = proposal.questions;
		for (const option of question?.options ?? []) {
			const answered = await proposal.revise({ answers: { description: option.id } });
			expect(counts(answered)).toEqual(option.label.includes('two_class') ? twoClasses : { 0: 353_459, 1: 175_541 });
		}
		expect(question?.options).toHaveLength(4);
	});
});
