import { describe, expect, test } from 'vitest';
import { encodePng } from '../png-encode.ts';
import { classesOf, classRows, file, image, json, mask, notesOf, open } from '../testing.ts';

const rows = (first: string, ...more: readonly string[]) => [first, ...more, '000000', '000000', '000000', '000000'].slice(0, 4);
/** Black, red, green. */
const palette = Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255, 0);

/** A mask in colours: 0 black, 1 red, 2 green, 3 blue. */
function coloured(path: string, lines: readonly string[]) {
	const colours: Readonly<Record<string, readonly number[]>> = { 0: [0, 0, 0], 1: [255, 0, 0], 2: [0, 255, 0], 3: [0, 0, 255] };
	const samples = [...lines.join('')].flatMap((digit) => colours[digit] ?? []);
	return file(path, rgbPng(lines[0]?.length ?? 0, lines.length, samples));
}

/** An RGB picture as BMP: bottom row first, rows padded to four bytes, blue first. */
function rgbPng(width: number, height: number, samples: readonly number[]): Uint8Array<ArrayBuffer> {
	const stride = Math.ceil((width * 3) / 4) * 4;
	const bytes = new Uint8Array(54 + stride * height);
	const view = new DataView(bytes.buffer);
	bytes.set([0x42, 0x4d]);
	view.setUint32(2, bytes.length, true);
	view.setUint32(10, 54, true);
	view.setUint32(14, 40, true);
	view.setInt32(18, width, true);
	view.setInt32(22, height, true);
	view.setUint16(26, 1, true);
	view.setUint16(28, 24, true);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = 54 + (height - 1 - y) * stride + x * 3;
			for (let channel = 0; channel < 3; channel++) bytes[at + channel] = samples[(y * width + x) * 3 + 2 - channel] ?? 0;
		}
	}
	return bytes;
}

describe('nnU-Net', () => {
	const description = (more: object = {}) =>
		json('Dataset001_X/dataset.json', {
			channel_names: { 0: 'red' },
			labels: { background: 0, cell: 1, ignore: 3 },
			numTraining: 1,
			file_ending: '.png',
			...more,
		});

	test('names and the ignore label from the description; images without a mask in imagesTs', async () => {
		const files = [
			image('Dataset001_X/imagesTr/case_1_0000.png'),
			mask('Dataset001_X/labelsTr/case_1.png', rows('001133')),
			image('Dataset001_X/imagesTs/case_2_0000.png'),
		];
		const proposal = await open([...files, description()]);
		expect(classesOf(proposal)).toEqual(['background', 'cell']);
		expect((await classRows(proposal))['Dataset001_X/imagesTr/case_1_0000.png']?.[0]).toBe('0011xx');
		expect(proposal.pairs[0]?.rule).toBe('Listed in “Dataset001_X/dataset.json” (nnU-Net).');
		expect(proposal.unmatchedImages.map(({ path }) => path)).toEqual(['Dataset001_X/imagesTs/case_2_0000.png']);
	});

	test('several channels of one case are one image', async () => {
		const files = ['0000', '0001'].map((channel) => image(`D/imagesTr/c_${channel}.png`));
		const proposal = await open([
			...files,
			mask('D/labelsTr/c.png', rows('011110')),
			json('D/dataset.json', { labels: { background: 0, cell: 1 }, channel_names: {} }),
		]);
		expect(proposal.pairs).toMatchObject([
			{ imagePath: 'D/imagesTr/c_0000.png', channelPaths: ['D/imagesTr/c_0001.png'], image: { channels: 2 } },
		]);
		const { image: pixels } = await proposal.readPair(proposal.pairs[0]!);
		expect(pixels.channels).toBe(2);
		expect([...pixels.data.slice(0, 6)]).toEqual([0, 0, 37, 37, 74, 74]);
	});

	test('the Decathlon lists its pairs, with names by value', async () => {
		const description = json('Task01_X/dataset.json', {
			labels: { 0: 'background', 1: 'liver' },
			training: [{ image: './imagesTr/a.png', label: './labelsTr/a.png' }],
		});
		const proposal = await open([image('Task01_X/imagesTr/a.png'), mask('Task01_X/labelsTr/a.png', rows('000001')), description]);
		expect(classesOf(proposal)).toEqual(['background', 'liver']);
		expect(proposal.pairs).toHaveLength(1);
	});
});

describe('Pascal VOC and CVAT’s masks', () => {
	const lists = file('ImageSets/Segmentation/train.txt', 'a\n');

	test('indices of the palette, 255 ignored, object numbers put aside', async () => {
		const files = [
			image('JPEGImages/a.png'),
			mask('SegmentationClass/a.png', rows('001122'), palette),
			mask('SegmentationObject/a.png', rows('001122'), palette),
			lists,
		];
		const proposal = await open(files);
		expect(proposal.questions).toEqual([]);
		expect((await classRows(proposal))['JPEGImages/a.png']?.[0]).toBe('001122');
		expect(proposal.ignored.map(({ path }) => path).sort()).toEqual(['ImageSets/Segmentation/train.txt', 'SegmentationObject/a.png']);
	});

	test('labelmap.txt names the colours of RGB masks', async () => {
		const labels = file('labelmap.txt', '# label:color_rgb:parts:actions\nbackground:0,0,0::\ncrop:0,255,0::\nweed:255,0,0::\n');
		const proposal = await open([image('JPEGImages/a.png'), coloured('SegmentationClass/a.bmp', rows('001122')), labels, lists]);
		expect(classesOf(proposal)).toEqual(['background', 'crop', 'weed']);
		expect(proposal.labels?.scheme.classes.map(({ colour }) => colour)).toEqual([undefined, '#00ff00', '#ff0000']);
		expect((await classRows(proposal))['JPEGImages/a.png']?.[0]).toBe('002211');
		expect(notesOf(proposal)).toContain('The classes are from “labelmap.txt”.');
	});
});

describe('lists of classes', () => {
	const pair = (line: string) => [image('train/a.png'), mask('train/a_mask.png', rows(line))];

	test('Roboflow’s _classes.csv', async () => {
		const proposal = await open([
			...pair('001122'),
			file('train/_classes.csv', 'Pixel Value, Class\n0, background\n1, cat\n2, dog\n3, fish\n'),
		]);
		expect(classesOf(proposal)).toEqual(['background', 'cat', 'dog']);
		expect(notesOf(proposal)).toContain('“fish”');
	});

	test('CamVid’s label_colors.txt, in which “Void” is ignored', async () => {
		const labels = file('label_colors.txt', '0 0 0\t\tVoid\n255 0 0\tRoad\n0 255 0\t\tTree\n');
		const proposal = await open([image('raw/a.png'), coloured('labels/a_L.bmp', rows('001122', '111111', '111111', '111111')), labels]);
		expect(classesOf(proposal)).toEqual(['Road', 'Tree']);
		expect((await classRows(proposal))['raw/a.png']?.[0]).toBe('xx0011');
	});

	test.each([
		['class_dict.csv', 'name,r,g,b\nsky,0,0,0\nroad,255,0,0\ntree,0,255,0\n'],
		[
			'label_classes.json',
			JSON.stringify(
				['sky', 'road', 'tree'].map((name, index) => ({
					png_index: index,
					class_name: name,
					color: ['#000000', '#ff0000', '#00ff00'][index],
				})),
			),
		],
		['labels.json', '{"0": "sky", "1": "road", "2": "tree"}'],
		['label2id.json', '{"sky": 0, "road": 1, "tree": 2}'],
		['codes.txt', 'sky\nroad\ntree\n'],
		['class_names.txt', '__ignore__\nsky\nroad\ntree\n'],
		[
			'dataset_meta.json',
			JSON.stringify({
				label_map: { 0: 'sky', 1: 'road', 2: 'tree' },
				segmentation_colors: [
					[0, 0, 0],
					[255, 0, 0],
					[0, 255, 0],
				],
			}),
		],
	])('%s', async (name, text) => {
		const proposal = await open([image('images/a.png'), mask('masks/a.png', rows('001122'), palette), file(name, text)]);
		expect(classesOf(proposal)).toEqual(['sky', 'road', 'tree']);
		expect((await classRows(proposal))['images/a.png']?.[0]).toBe('001122');
	});

	test('a list of another data set is left aside, and that is said', async () => {
		const proposal = await open([...pair('00tttt'), file('classes.txt', 'a\nb\n')]);
		expect(classesOf(proposal)).toEqual(['background', 'foreground']);
		expect(notesOf(proposal)).toContain('do not fit');
	});
});

describe('lists of pairs', () => {
	const files = [
		image('CamVid/train/a.png'),
		image('CamVid/train/b.png'),
		mask('CamVid/labels/x.png', rows('000111')),
		mask('CamVid/labels/y.png', rows('011111')),
	];
	const expected = { 'CamVid/train/a.png': ['CamVid/labels/x.png'], 'CamVid/train/b.png': ['CamVid/labels/y.png'] };

	test.each([
		['train.txt', '/SegNet/CamVid/train/a.png /SegNet/CamVid/labels/x.png\n/SegNet/CamVid/train/b.png /SegNet/CamVid/labels/y.png\n'],
		['pairs.csv', 'image,mask\ntrain/a.png,labels/x.png\ntrain\\b.png,labels\\y.png\n'],
		['pairs.csv', 'a.png;x.png\nb.png;y.png'],
		['list.tsv', 'img_path\tlabel_path\na.png\tx.png\nb.png\ty.png'],
	])('%s', async (name, text) => {
		const proposal = await open([...files, file(name, text)]);
		expect(Object.fromEntries(proposal.pairs.map((pair) => [pair.imagePath, pair.maskPaths]))).toEqual(expected);
		expect(proposal.ignored).toEqual([{ path: name, reason: 'Read as list of pairs.' }]);
	});

	test('names with spaces, several masks of one image, missing files named', async () => {
		const list = file('list.txt', 'my cat.png m 1.png\nmy cat.png m 2.png\ngone.png m 1.png\nnothing at all\n');
		const proposal = await open([image('my cat.png'), mask('m 1.png', rows('000111')), mask('m 2.png', rows('110000')), list]);
		expect(proposal.pairs).toMatchObject([{ imagePath: 'my cat.png', maskPaths: ['m 1.png', 'm 2.png'] }]);
		expect((await classRows(proposal))['my cat.png']?.[0]).toBe('110111');
		expect(notesOf(proposal)).toContain('“gone.png”');
		expect(notesOf(proposal)).toContain('1 line holds no two names of opened pictures');
	});
});

describe('a region of interest', () => {
	const files = [
		image('images/1_training.png'),
		mask('1st_manual/1_manual1.png', rows('000111')),
		mask('mask/1_training_mask.png', rows('011110')),
	];

	test('can be told from the labels: outside of it nothing counts', async () => {
		const proposal = await open(files);
		const [question] = proposal.questions;
		expect(question?.chosen).toBe('1st_manual|_manual1');
		expect((await classRows(proposal))['images/1_training.png']?.[0]).toBe('000111');
		const limited = await proposal.revise({ answers: { [question!.id]: '1st_manual|_manual1&mask|_training_mask' } });
		expect(question?.options.map(({ id }) => id)).toContain('1st_manual|_manual1&mask|_mask');
		const inside = await limited.revise({ answers: { [question!.id]: '1st_manual|_manual1&mask|_mask' } });
		expect((await classRows(inside))['images/1_training.png']).toEqual(['x0011x', 'xxxxxx', 'xxxxxx', 'xxxxxx']);
		expect(inside.labels?.scheme.ignore).toEqual([255]);
		expect(inside.pairs[0]?.values).toEqual([
			[0, 2],
			[1, 2],
			[255, 20],
		]);
	});
});

describe('several masks of one image', () => {
	test('numbered files beside it (BUSI)', async () => {
		const files = [image('benign (1).png'), mask('benign (1)_mask.png', rows('000011')), mask('benign (1)_mask_1.png', rows('110000'))];
		const proposal = await open(files);
		expect(proposal.questions).toEqual([]);
		expect(await classRows(proposal)).toMatchObject({ 'benign (1).png': rows('110011') });
		expect(proposal.pairs[0]?.rule).toContain('2 files together are the mask');
	});

	test('a number that belongs to the image is no part', async () => {
		const proposal = await open([1, 2].flatMap((number) => [image(`cell_${number}.png`), mask(`cell_mask_${number}.png`, rows('000011'))]));
		expect(proposal.pairs.map(({ imagePath, maskPaths }) => [imagePath, ...maskPaths])).toEqual([
			['cell_1.png', 'cell_mask_1.png'],
			['cell_2.png', 'cell_mask_2.png'],
		]);
	});

	test('a folder called like the image, united or parted where two touch', async () => {
		const files = [
			image('images/p.png'),
			image('images/q.png'),
			mask('masks/p/1.png', rows('110000')),
			mask('masks/p/2.png', rows('001100')),
			mask('masks/q/1.png', rows('000011')),
		];
		const proposal = await open(files);
		expect(Object.values(await classRows(proposal)).map((each) => each[0])).toEqual(['111100', '000011']);
		const parted = await proposal.revise({ reading: 'touching' });
		expect(Object.values(await classRows(parted)).map((each) => each[0])).toEqual(['122100', '000011']);
		expect(parted.labels?.counts).toEqual([
			[0, 40],
			[1, 4],
			[2, 4],
		]);
	});
});

describe('what the person says', () => {
	const files = [
		image('set/p1.png'),
		image('set/p2.png'),
		mask('set/truth-p1-final.png', rows('000111')),
		mask('set/truth-p2-final.png', rows('011111')),
	];

	test('an own pattern pairs what no rule could; taking it back brings the rules back', async () => {
		const proposal = await open(files, { pattern: { image: '{name}.png', mask: 'truth-{name}-final' } });
		expect(proposal.pairs.map(({ imagePath, maskPaths, rule }) => [imagePath, ...maskPaths, rule])).toEqual([
			['set/p1.png', 'set/truth-p1-final.png', 'Your pattern “truth-{name}-final”.'],
			['set/p2.png', 'set/truth-p2-final.png', 'Your pattern “truth-{name}-final”.'],
		]);
		const back = await proposal.revise({ pattern: null });
		expect(back.pairs.map(({ rule }) => rule)).not.toContain('Your pattern “truth-{name}-final”.');
	});

	test('images and masks exchanged, of all pairs', async () => {
		const named = [mask('images/a.png', rows('000111')), image('masks/a.png'), mask('images/b.png', rows('000111')), image('masks/b.png')];
		const proposal = await open(named, { exchanged: true });
		expect(proposal.pairs.map(({ imagePath, maskPaths }) => [imagePath, ...maskPaths])).toEqual([
			['masks/a.png', 'images/a.png'],
			['masks/b.png', 'images/b.png'],
		]);
	});
});

describe('a look into the files', () => {
	/** 40 grey levels, evenly: no mask has that. */
	const photo = (path: string) =>
		file(
			path,
			encodePng(
				40,
				2,
				Uint8Array.from({ length: 80 }, (_, i) => (i * 6) % 251),
			),
		);
	const wideMask = (path: string) => mask(path, ['0'.repeat(20) + '1'.repeat(20), '0'.repeat(40)]);

	test('says which of two folders holds the masks, and the question stays open to another answer', async () => {
		const proposal = await open(['a', 'b'].flatMap((name) => [photo(`set/first/${name}.png`), wideMask(`set/second/${name}.png`)]));
		expect(proposal.pairs).toHaveLength(2);
		expect(proposal.questions).toMatchObject([{ id: 'mask-folder', chosen: 'second' }]);
		expect(notesOf(proposal)).toContain('the files in “second” hold few values');
	});

	test('says nothing where both look alike', async () => {
		const proposal = await open(['a', 'b'].flatMap((name) => [wideMask(`set/first/${name}.png`), wideMask(`set/second/${name}.png`)]));
		expect(proposal.pairs).toEqual([]);
		expect(proposal.questions).toMatchObject([{ id: 'mask-folder', chosen: null }]);
	});

	test('exchanges images and masks that only loose names put the wrong way round', async () => {
		const proposal = await open(
			['1', '2'].flatMap((number) => [wideMask(`images/frame ${number}.png`), photo(`masks/result${number}.png`)]),
		);
		expect(proposal.exchanged).toBe(true);
		expect(proposal.pairs.map(({ imagePath }) => imagePath)).toEqual(['masks/result1.png', 'masks/result2.png']);
		expect((await proposal.revise({ exchanged: false })).exchanged).toBe(false);
	});
});
