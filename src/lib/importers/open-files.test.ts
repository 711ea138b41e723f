import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildDataset } from './build-dataset.ts';
import { LocalDecoder } from './decoder.ts';
import type { DecodePhoto } from './format.ts';
import type { OpenedFile } from './opened-file.ts';
import { scanFiles } from './open-files.ts';
import type { ImportProposal } from './proposal.ts';
import { encodePng } from './png-encode.ts';

const data = join(process.env.OVERLAP_SHARED ?? '../shared', 'data');

function filesIn(folder: string): OpenedFile[] {
	return readdirSync(join(data, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.map((path) => ({ path: relative(data, path), bytes: async () => new Uint8Array(readFileSync(path)) }));
}

function file(path: string, bytes: Uint8Array<ArrayBuffer> | string): OpenedFile {
	const content = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
	return { path, bytes: async () => content };
}

const picture = (values: readonly number[], width = values.length) => encodePng(width, values.length / width, Uint8Array.from(values));

/** Where every file ended up, once per appearance. */
function placesOf(proposal: ImportProposal): string[] {
	return [
		...proposal.pairs.flatMap((pair) => [pair.imagePath, ...pair.maskPaths]),
		...[...proposal.unmatchedImages, ...proposal.unmatchedMasks, ...proposal.ignored].map((entry) => entry.path),
		...proposal.problems.flatMap((problem) => problem.paths),
	].sort();
}

const codes = (proposal: ImportProposal) =>
	Object.fromEntries(proposal.problems.map((problem) => [problem.paths.join(' + '), problem.code]));

describe.skipIf(!existsSync(data))('real data sets (skipped where the shared data are missing)', () => {
	test('wbc: 120 pairs in three classes', async () => {
		const files = filesIn('wbc');
		const proposal = await scanFiles(files);
		expect(proposal.pairs).toHaveLength(120);
		expect(placesOf(proposal)).toEqual(files.map((entry) => entry.path).sort());
		expect(proposal.labels?.scheme).toMatchObject({ kind: 'values', classes: [{ values: [0] }, { values: [128] }, { values: [255] }] });
		const { image, mask } = await proposal.readPair(proposal.pairs[0]!);
		expect([image.width, image.height, image.channels]).toEqual([120, 120, 3]);
		expect([...new Set(mask.data)].sort((a, b) => a - b)).toEqual([0, 128, 255]);
	});

	test('isbi2012: 0 is the membrane, 22 % of all pixels', async () => {
		const proposal = await scanFiles(filesIn('isbi2012'));
		expect(proposal.pairs).toHaveLength(24);
		const counts = new Map<number, number>();
		for (const [value, count] of proposal.pairs.flatMap((pair) => pair.masks.flatMap((mask) => mask.counts))) {
			counts.set(value, (counts.get(value) ?? 0) + count);
		}
		expect([...counts.keys()].sort()).toEqual([0, 255]);
		expect(Math.floor((100 * (counts.get(0) ?? 0)) / (24 * 512 * 512))).toBe(22);
		// The rest, 77 %, is taken for foreground: the polarity is asked about.
		expect(Math.floor(100 * (proposal.labels?.polarity?.share ?? 0))).toBe(77);
	});

	test('CamVid: eleven classes, 11 ignored', async () => {
		const { labels, pairs } = await scanFiles(filesIn('CamVid'));
		expect(pairs).toHaveLength(31);
		expect(labels?.scheme.classes).toHaveLength(11);
		expect(labels?.scheme.ignore).toEqual([11]);
	});

	test('dsb2018: the files of each image are joined', async () => {
		const proposal = await scanFiles(filesIn('dsb2018'));
		expect(proposal.pairs).toHaveLength(40);
		expect(proposal.labels?.encoding).toEqual({ kind: 'union' });
		const [pair] = proposal.pairs;
		const { mask } = await proposal.readPair(pair!);
		const marked = mask.data.filter((value) => value === 1).length;
		// Nuclei of this set do not overlap, so the union has as many pixels as all files together.
		const single = pair!.masks.flatMap((facts) => facts.counts.filter(([value]) => value !== 0)).reduce((sum, [, count]) => sum + count, 0);
		expect(marked).toBe(single);
	});

	test('cwfid: asks, takes the coloured annotations, and follows the other answer', async () => {
		const proposal = await scanFiles(filesIn('cwfid'));
		expect(proposal.labels?.encoding).toEqual({ kind: 'colours', colours: [0x000000, 0xff0000, 0x00ff00], nearest: false });
		expect(proposal.ignored.map((entry) => entry.path)).toContain('cwfid/annotations/001_annotation.yaml');
		const revised = await proposal.revise({ answers: { [proposal.questions[0]?.id ?? '']: 'masks|_mask' } });
		expect(revised.labels?.scheme).toMatchObject({ classes: [{ values: [0] }, { values: [1] }] });
	});

	test('DRIVE: asks which folder holds the masks, and pairs the vessels', async () => {
		const proposal = await scanFiles(filesIn('DRIVE'));
		expect(proposal.problems).toEqual([]);
		expect(proposal.questions).toHaveLength(1);
		const [question] = proposal.questions;
		const answer = question?.options.find((option) => option.id === '1st_manual|_manual1')?.id ?? '';
		const revised = await proposal.revise({ answers: { [question?.id ?? '']: answer } });
		expect(revised.pairs).toHaveLength(12);
		expect(revised.pairs[0]?.image).toMatchObject({ width: 565, height: 584, channels: 3 });
		expect(revised.labels?.scheme).toMatchObject({ classes: [{ values: [0] }, { values: [255] }] });
	});

	test('magnetic-tile: without a browser the photos are refused by name', async () => {
		const proposal = await scanFiles(filesIn('magnetic-tile/MT_Blowhole/Imgs'));
		expect(proposal.problems).toHaveLength(115);
		expect(proposal.problems[0]).toMatchObject({ code: 'format-unsupported', facts: { format: 'JPEG outside a browser' } });
	});

	test('magnetic-tile: soft masks get a threshold, 0.15 % of the pixels are foreground', async () => {
		const decodePhoto: DecodePhoto = async ({ width, height, channels }) => ({
			width,
			height,
			channels,
			maxValue: 255,
			data: new Uint8Array(width * height * channels),
		});
		const { pairs, labels } = await scanFiles(filesIn('magnetic-tile/MT_Blowhole/Imgs'), { decoder: new LocalDecoder({ decodePhoto }) });
		expect(pairs).toHaveLength(115);
		expect(labels?.scheme).toMatchObject({ kind: 'threshold', threshold: 127 });
		const counts = pairs.flatMap((pair) => pair.masks.flatMap((mask) => mask.counts));
		const total = (wanted: (value: number) => boolean) =>
			counts.filter(([value]) => wanted(value)).reduce((sum, [, count]) => sum + count, 0);
		// By an independent decoding with Node's zlib: 0.1503 %, pooled over the 115 masks.
		expect((100 * total((value) => value > 127)) / total(() => true)).toBeCloseTo(0.1503, 4);
	});
});

describe('files that are no picture', () => {
	test('bytes decide, not names', async () => {
		const proposal = await scanFiles([
			file('words.png', 'no picture at all'),
			file('page.png', '<!doctype html><p>'),
			file('drawing.png', '<?xml version="1.0"?><svg/>'),
			file('scan.png', 'II*\0 and so on'),
			file('none.png', ''),
			file('notes.txt', 'a note'),
			file('labels.json', '{}'),
			file('really-a-picture.txt', picture([1, 2])),
		]);
		expect(codes(proposal)).toEqual({
			'words.png': 'image-unreadable',
			'page.png': 'format-unsupported',
			'drawing.png': 'format-unsupported',
			'scan.png': 'image-unreadable',
			'none.png': 'file-empty',
		});
		expect(
			proposal.problems
				.map((problem) => problem.facts.format)
				.filter(Boolean)
				.sort(),
		).toEqual(['HTML', 'SVG', 'TIFF', 'picture']);
		expect(proposal.ignored.map((entry) => entry.path).sort()).toEqual(['labels.json', 'notes.txt']);
		expect(proposal.unmatchedImages.map((entry) => entry.path)).toEqual(['really-a-picture.txt']);
	});
});

describe('damage stays where it is', () => {
	test('a damaged mask takes its image out, the rest goes on', async () => {
		const damaged = picture([0, 1]).slice();
		damaged[45]! ^= 255;
		const proposal = await scanFiles([
			file('images/a.png', picture([9, 9])),
			file('masks/a.png', damaged),
			file('images/b.png', picture([9, 9])),
			file('masks/b.png', picture([0, 1])),
		]);
		expect(codes(proposal)).toEqual({ 'images/a.png + masks/a.png': 'image-unreadable' });
		expect(proposal.problems[0]?.facts.path).toBe('masks/a.png');
		expect(proposal.pairs.map((pair) => pair.imagePath)).toEqual(['images/b.png']);
	});

	test('sizes that differ are named, and exchanged sides are told apart', async () => {
		const proposal = await scanFiles([
			file('images/a.png', picture([1, 2, 3, 4, 5, 6], 3)),
			file('masks/a.png', picture([0, 0, 0, 1, 1, 1], 2)),
			file('images/b.png', picture([1, 2])),
			file('masks/b.png', picture([0, 0, 1])),
		]);
		expect(proposal.problems.map((problem) => [problem.code, problem.facts.exchanged])).toEqual([
			['mask-size-differs', 1],
			['mask-size-differs', 0],
		]);
	});

	test('a photo among masks is refused alone; when all are like it, the labels say so instead', async () => {
		const levels = Array.from({ length: 100 }, (_, i) => i);
		const pairOf = (name: string, mask: readonly number[]) => [
			file(`images/${name}.png`, picture(levels)),
			file(`masks/${name}.png`, picture(mask)),
		];
		const binary = levels.map((i) => i % 2);
		const proposal = await scanFiles(['a', 'b', 'c'].flatMap((name) => pairOf(name, binary)).concat(pairOf('photo', levels)));
		expect(codes(proposal)).toEqual({ 'images/photo.png + masks/photo.png': 'mask-has-too-many-values' });
		expect(proposal.pairs).toHaveLength(3);
		expect(proposal.labels?.warning).toBeNull();
		const all = await scanFiles([...pairOf('a', levels), ...pairOf('b', levels)]);
		expect(all.pairs).toHaveLength(2);
		expect(all.labels?.warning?.code).toBe('mask-has-too-many-values');
	});
});

describe('archives', () => {
	test('are opened, and a damaged entry does not stop the others', async () => {
		const zip = zipSync(
			{ 'images/a.png': picture([5, 6]), 'masks/a.png': picture([0, 1]), '__MACOSX/x': picture([1]), 'more.zip': zipSync({}) },
			{ level: 0 },
		);
		const proposal = await scanFiles([file('set.zip', zip)]);
		expect(proposal.pairs).toMatchObject([{ imagePath: 'set.zip/images/a.png', maskPaths: ['set.zip/masks/a.png'] }]);
		expect(codes(proposal)).toEqual({ 'set.zip/more.zip': 'format-unsupported' });
		expect(proposal.ignored.map((entry) => entry.path)).toEqual(['set.zip/__MACOSX/x']);
		const { image, mask } = await proposal.readPair(proposal.pairs[0]!);
		expect([image.data, mask.data]).toEqual([Uint8Array.of(5, 6), Uint8Array.of(0, 1)]);
	});

	test('an unreadable archive is a problem, not the end', async () => {
		const proposal = await scanFiles([file('set.zip', 'PK\u0003\u0004 and nothing more'), file('a.png', picture([1]))]);
		expect(codes(proposal)).toEqual({ 'set.zip': 'zip-unreadable' });
		expect(proposal.unmatchedImages).toHaveLength(1);
	});
});

describe('revisions', () => {
	test('pairs made by hand', async () => {
		const proposal = await scanFiles([file('one.png', picture([1, 2])), file('two.png', picture([0, 1]))]);
		expect(proposal.pairs).toEqual([]);
		const revised = await proposal.revise({ manualPairs: [{ imagePath: 'one.png', maskPaths: ['two.png'] }] });
		expect(revised.pairs).toMatchObject([{ imagePath: 'one.png', rule: 'Paired by hand.' }]);
		expect(revised.unmatchedImages).toEqual([]);
	});
});

describe('cancelling and progress', () => {
	test('a fired signal rejects with cancelled', async () => {
		await expect(scanFiles([file('a.png', picture([1]))], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
	});

	test('progress counts files, then pairs', async () => {
		const steps: string[] = [];
		const onProgress = ({ stage, done, total }: { stage: string; done: number; total: number }) => steps.push(`${stage} ${done}/${total}`);
		await scanFiles([file('images/a.png', picture([1])), file('masks/a.png', picture([0]))], { onProgress });
		expect(steps).toEqual(['files 1/2', 'files 2/2', 'masks 1/1', 'labels 1/1']);
	});
});

describe('building the data set', () => {
	const pairFiles = [
		file('images/a.png', picture([5, 6])),
		file('masks/a.png', picture([0, 1])),
		file('images/b.png', picture([7, 8])),
		file('masks/b.png', picture([1, 1])),
	];
	const options = { name: 'set', source: { kind: 'files' } } as const;
	const build = async (files: readonly OpenedFile[]) => {
		const proposal = await scanFiles(files);
		return buildDataset({ ...options, scheme: proposal.labels!.scheme, samples: proposal.samples() });
	};

	test('metadata first, then the same pixels', async () => {
		const { meta, pixels, skipped } = await build(pairFiles);
		expect(skipped).toEqual([]);
		expect(meta.samples).toMatchObject([
			{
				name: 'a.png',
				path: 'images/a.png',
				maskPath: 'masks/a.png',
				width: 2,
				height: 1,
				channels: 1,
				maxValue: 255,
				valueCounts: [
					[0, 1],
					[1, 1],
				],
			},
			{ name: 'b.png', valueCounts: [[1, 2]] },
		]);
		expect(meta.sizeBytes).toBe(8);
		const read = [];
		for await (const sample of pixels) read.push([sample.sampleId, [...sample.image.data], [...sample.mask.data]]);
		expect(read).toEqual([
			[meta.samples[0]?.id, [5, 6], [0, 1]],
			[meta.samples[1]?.id, [7, 8], [1, 1]],
		]);
	});

	test('the fingerprint depends on the pixels and on nothing else', async () => {
		const { meta } = await build(pairFiles);
		expect(meta.fingerprint).toMatch(/^[0-9a-f]{64}$/u);
		expect((await build([...pairFiles].reverse())).meta.fingerprint).toBe(meta.fingerprint);
		const renamed = pairFiles.map((entry) => ({ ...entry, path: entry.path.replace(/([ab])\.png$/u, 'x$1.png') }));
		expect((await build(renamed)).meta.fingerprint).toBe(meta.fingerprint);
		const changed = pairFiles.map((entry) => (entry.path === 'masks/b.png' ? file(entry.path, picture([1, 0])) : entry));
		expect((await build(changed)).meta.fingerprint).not.toBe(meta.fingerprint);
	});

	test('a sample that fails is skipped and named; one that changes later stops the storing', async () => {
		let reads = 0;
		const pixel = (value: number) => ({ width: 1, height: 1, channels: 1, maxValue: 255, data: Uint8Array.of(value) });
		const sample = (id: string, read: () => number) => ({
			id,
			name: id,
			path: id,
			maskPath: '',
			read: async () => ({ image: pixel(read()), mask: { width: id === 'wide' ? 2 : 1, height: 1, data: Uint8Array.of(0, 0) } }),
		});
		const scheme = {
			kind: 'values',
			classes: [
				{ name: 'background', values: [0] },
				{ name: 'foreground', values: [1] },
			],
			ignore: [],
		} as const;
		const built = await buildDataset({ ...options, scheme, samples: [sample('wide', () => 1), sample('moving', () => reads++)] });
		expect(built.skipped).toMatchObject([{ paths: ['wide'], code: 'mask-size-differs' }]);
		expect(built.meta.samples.map((entry) => entry.id)).toEqual(['moving']);
		const storing = async () => {
			for await (const { sampleId } of built.pixels) expect(sampleId).toBe('never');
		};
		await expect(storing()).rejects.toMatchObject({ code: 'dataset-changed' });
	});
});

describe('property', () => {
	test('any files: each ends in exactly one place', async () => {
		const content = fc.oneof(
			fc.constant(picture([0, 1])),
			fc.constant(picture([0, 1, 2])),
			fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
			fc.constantFrom('GIF89a', 'BM', '\u00ff\u00d8', 'RIFF1234WEBP', '<svg>').map((text) => Uint8Array.from(text, (c) => c.charCodeAt(0))),
		);
		const path = fc
			.tuple(
				fc.constantFrom('', 'images/', 'masks/', '.git/'),
				fc.constantFrom('a', 'b', 'a_mask'),
				fc.constantFrom('.png', '.jpg', '.txt'),
			)
			.map((parts) => parts.join(''));
		await fc.assert(
			fc.asyncProperty(fc.uniqueArray(fc.tuple(path, content), { selector: ([name]) => name, maxLength: 8 }), async (entries) => {
				const proposal = await scanFiles(entries.map(([name, bytes]) => file(name, bytes)));
				expect(placesOf(proposal)).toEqual(entries.map(([name]) => name).sort());
			}),
			{ numRuns: 200 },
		);
	});
});
