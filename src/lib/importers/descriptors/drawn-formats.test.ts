import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../png-encode.ts';
import { classesOf, classRows, file, image, json, mask, notesOf, open } from '../testing.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe('COCO', () => {
	const categories = [
		{ id: 7, name: 'cell' },
		{ id: 3, name: 'nucleus' },
		{ id: 9, name: 'debris' },
	];
	const images = [{ id: 1, file_name: 'a.png', width: 6, height: 4 }];
	const coco = (annotations: readonly object[], more: object = {}) =>
		json('annotations/instances.json', { images, categories, annotations, ...more });
	/** The columns from `left` to `right`, over all rows. */
	const columns = (left: number, right: number) => [[left, 0, right, 0, right, 4, left, 4]];
	const object = (id: number, category: number, segmentation: unknown, more: object = {}) => ({
		id,
		image_id: 1,
		category_id: category,
		segmentation,
		...more,
	});

	test('polygons by class, later ones on top; classes without a shape are left out and said', async () => {
		const proposal = await open([image('images/a.png'), coco([object(1, 7, columns(0, 3)), object(2, 3, columns(2, 4))])]);
		expect(classesOf(proposal)).toEqual(['background', 'cell', 'nucleus']);
		expect(await classRows(proposal)).toEqual({ 'images/a.png': Array.from({ length: 4 }, () => '112200') });
		expect(notesOf(proposal)).toContain('Classes without a shape are left out: “debris”');
		expect(proposal.pairs[0]).toMatchObject({
			rule: '2 shapes in “annotations/instances.json” (COCO).',
			confidence: 'sure',
			values: [
				[0, 8],
				[1, 8],
				[2, 8],
			],
		});
		expect(proposal.ignored).toEqual([{ path: 'annotations/instances.json', reason: 'Read as COCO.' }]);
	});

	test('several polygons of one annotation are united, also where they overlap', async () => {
		const proposal = await open([image('a.png'), coco([object(1, 7, [...columns(0, 2), ...columns(1, 3)])])]);
		expect((await classRows(proposal))['a.png']?.[0]).toBe('111000');
	});

	test('run lengths, plain and compressed, go down the columns', async () => {
		// 6 × 4: 5 outside, 2 inside, 17 outside: the second column’s second and third pixel. Compressed by hand: 5, 2, 17 = 1·32 − 15:
		// 17 needs two characters, as its fifth bit would make it negative: 10001 + more = 'a' (48 + 17 + 32), then 0.
		for (const counts of [[5, 2, 17], '52a0']) {
			const proposal = await open([image('a.png'), coco([object(1, 7, { size: [4, 6], counts })])]);
			expect(await classRows(proposal)).toEqual({ 'a.png': ['000000', '010000', '010000', '000000'] });
		}
	});

	test('a crowd lies below all others, and is ignored where objects are to be parted', async () => {
		const files = [
			image('a.png'),
			coco([object(1, 7, columns(0, 2)), object(2, 7, { size: [4, 6], counts: [0, 24] }, { iscrowd: 1 }), object(3, 7, columns(2, 3))]),
		];
		expect((await classRows(await open(files)))['a.png']?.[0]).toBe('111111');
		const parted = await open(files, { reading: 'touching' });
		expect((await classRows(parted))['a.png']?.[0]).toBe('122xxx');
		expect(notesOf(parted)).toContain('crowds');
	});

	test('an image without annotations shows nothing; one that is not opened is named', async () => {
		const more = { images: [...images, { id: 2, file_name: 'b.png' }, { id: 3, file_name: 'far/away.png' }] };
		const proposal = await open([image('a.png'), image('b.png'), coco([object(1, 7, columns(0, 1))], more)]);
		expect((await classRows(proposal))['b.png']?.[0]).toBe('000000');
		expect(notesOf(proposal)).toContain('COCO names 1 image that was not opened: “far/away.png”');
	});

	test('an image that the file does not list is asked about, not taken as empty', async () => {
		const proposal = await open([image('a.png'), image('b.png'), coco([object(1, 7, columns(0, 1))])]);
		expect(proposal.unmatchedImages.map(({ path }) => path)).toEqual(['b.png']);
		expect(proposal.questions).toMatchObject([{ id: 'missing-mask', chosen: 'leave' }]);
		const answered = await proposal.revise({ answers: { 'missing-mask': 'empty' } });
		expect((await classRows(answered))['b.png']?.[0]).toBe('000000');
	});

	test.each([
		['a polygon of two points', [[1, 1, 2, 2]], 'has a polygon of 4 numbers; three points take six'],
		['no numbers', [['x']], 'has a polygon that is no list of numbers'],
		['runs of another image', { size: [5, 6], counts: [30] }, 'has run lengths for 6 × 5 pixels, but its image has 6 × 4'],
		['runs that end too early', { size: [4, 6], counts: [5] }, 'has runs of 5 pixels together, but 6 × 4 are 24'],
		['something else', 'x', 'has a segmentation that is neither polygons nor run lengths'],
	])('%s: the image is a problem that names file and annotation, the others go on', async (_what, segmentation, reason) => {
		const more = { images: [...images, { id: 2, file_name: 'b.png', width: 6, height: 4 }] };
		const good = { id: 4, image_id: 2, category_id: 7, segmentation: columns(0, 1) };
		const proposal = await open([image('a.png'), image('b.png'), coco([object(17, 7, segmentation), good], more)]);
		expect(proposal.problems).toEqual([
			{
				paths: ['a.png'],
				code: 'description-unreadable',
				facts: { format: 'COCO', path: 'annotations/instances.json', entry: 'annotation 17', reason },
			},
		]);
		expect(proposal.pairs.map((pair) => pair.imagePath)).toEqual(['b.png']);
	});

	test('boxes alone are refused, and an image with nothing but a box is not taken as empty', async () => {
		const only = await open([image('a.png'), coco([object(1, 7, [])])]);
		expect(only.problems).toMatchObject([
			{ paths: ['annotations/instances.json'], facts: { reason: 'holds boxes only; a mask needs polygons or run lengths' } },
		]);
		const more = { images: [...images, { id: 2, file_name: 'b.png' }] };
		const some = await open([
			image('a.png'),
			image('b.png'),
			coco([object(1, 7, []), { ...object(2, 7, columns(0, 1)), image_id: 2 }], more),
		]);
		expect(some.problems).toMatchObject([{ paths: ['a.png'], facts: { reason: 'has a box and no mask' } }]);
		expect(notesOf(some)).toContain('1 shape of the kind “box without a mask” has no area');
	});

	test('an image of another size is refused, never stretched', async () => {
		const proposal = await open([image('a.png', 4, 6), coco([object(1, 7, columns(0, 1))])]);
		expect(proposal.problems).toMatchObject([
			{ paths: ['a.png'], code: 'mask-size-differs', facts: { imageWidth: 4, maskWidth: 6, exchanged: 1 } },
		]);
	});

	test('one file per part, as Roboflow writes them, makes one set', async () => {
		const part = (folder: string, category: string) => [
			image(`${folder}/x.png`),
			json(`${folder}/_annotations.coco.json`, {
				images: [{ id: 0, file_name: 'x.png' }],
				categories: [{ id: 0, name: category }],
				annotations: [{ id: 0, image_id: 0, category_id: 0, segmentation: columns(0, 1) }],
			}),
		];
		const proposal = await open([...part('train', 'cell'), ...part('valid', 'debris')]);
		expect(proposal.questions).toEqual([]);
		expect(classesOf(proposal)).toEqual(['background', 'cell', 'debris']);
		expect(Object.values(await classRows(proposal)).map((rows) => rows[0])).toEqual(['100000', '200000']);
	});

	test('names that are fields of every object are names like others', async () => {
		const strange = [
			{ id: 1, name: '__proto__' },
			{ id: 2, name: 'constructor' },
		];
		const proposal = await open([
			image('a.png'),
			coco([object(1, 1, columns(0, 1)), object(2, 2, columns(1, 2))], { categories: strange }),
		]);
		expect(classesOf(proposal)).toEqual(['background', '__proto__', 'constructor']);
		expect((await classRows(proposal))['a.png']?.[0]).toBe('120000');
	});

	test('a file that is cut short is a problem by itself', async () => {
		const proposal = await open([image('a.png'), file('x.json', '{"images": [')]);
		expect(proposal.problems).toMatchObject([{ paths: ['x.json'], code: 'description-unreadable', facts: { format: 'JSON' } }]);
		expect(proposal.unmatchedImages).toHaveLength(1);
	});
});

describe('LabelMe', () => {
	const labelMe = (shapes: readonly object[], more: object = {}) =>
		json('a.json', { version: '5', flags: {}, shapes, imagePath: 'a.png', imageWidth: 6, imageHeight: 4, ...more });

	test('polygon, rectangle, circle and mask, later ones on top', async () => {
		const shapes = [
			{
				label: 'a',
				shape_type: 'polygon',
				points: [
					[0, 0],
					[6, 0],
					[6, 1],
					[0, 1],
				],
			},
			{
				label: 'b',
				shape_type: 'rectangle',
				points: [
					[6, 4],
					[4, 0],
				],
			},
			// Radius 1 around (1, 2): the centres of the four pixels around it are √½ away.
			{
				label: 'c',
				shape_type: 'circle',
				points: [
					[1, 2],
					[1, 3],
				],
			},
			{
				label: 'd',
				shape_type: 'mask',
				points: [
					[2, 2],
					[3, 3],
				],
				mask: base64(encodePng(2, 2, Uint8Array.of(0, 1, 1, 1))),
			},
		];
		const proposal = await open([image('a.png'), labelMe(shapes)]);
		expect(classesOf(proposal)).toEqual(['background', 'a', 'b', 'c', 'd']);
		expect(await classRows(proposal)).toEqual({ 'a.png': ['111122', '330022', '330422', '004422'] });
	});

	test('shapes without an area are counted by kind; “_background_” is background, “__ignore__” is ignored', async () => {
		const shapes = [
			{ label: 'p', shape_type: 'point', points: [[1, 1]] },
			{
				label: 'p',
				shape_type: 'line',
				points: [
					[1, 1],
					[2, 2],
				],
			},
			{
				label: 'p',
				shape_type: 'line',
				points: [
					[1, 1],
					[2, 2],
				],
			},
			{
				label: 'a',
				points: [
					[0, 0],
					[6, 0],
					[6, 4],
					[0, 4],
				],
			},
			{
				label: '_background_',
				points: [
					[0, 0],
					[6, 0],
					[6, 1],
					[0, 1],
				],
			},
			{
				label: '__ignore__',
				points: [
					[0, 3],
					[6, 3],
					[6, 4],
					[0, 4],
				],
			},
		];
		const proposal = await open([image('a.png'), labelMe(shapes)]);
		expect(await classRows(proposal)).toEqual({ 'a.png': ['000000', '111111', '111111', 'xxxxxx'] });
		expect(notesOf(proposal)).toContain('1 shape of the kind “point” has no area and is left out.');
		expect(notesOf(proposal)).toContain('2 shapes of the kind “line” have no area and are left out.');
	});

	test('the image is found by the path in the file, by `\\`, or else by the file’s own name', async () => {
		const shapes = [
			{
				label: 'a',
				points: [
					[0, 0],
					[1, 0],
					[1, 4],
					[0, 4],
				],
			},
		];
		for (const imagePath of ['..\\images\\a.png', 'renamed.jpg', null]) {
			expect((await open([image('a.png'), labelMe(shapes, { imagePath })])).pairs).toHaveLength(1);
		}
	});

	test('shapes of one group are one object', async () => {
		const half = (left: number, more: object) => ({
			label: 'a',
			points: [
				[left, 0],
				[left + 3, 0],
				[left + 3, 4],
				[left, 4],
			],
			...more,
		});
		const rows = async (more: object) =>
			(await classRows(await open([image('a.png'), labelMe([half(0, more), half(3, more)])], { reading: 'touching' })))['a.png']?.[0];
		expect(await rows({ group_id: 1 })).toBe('111111');
		expect(await rows({ group_id: null })).toBe('112211');
	});

	test('a mask that is no picture makes the image a problem', async () => {
		const shapes = [
			{
				label: 'a',
				shape_type: 'mask',
				points: [
					[0, 0],
					[1, 1],
				],
				mask: base64(Uint8Array.of(1, 2, 3)),
			},
		];
		const proposal = await open([image('a.png'), labelMe(shapes)]);
		expect(proposal.problems).toMatchObject([
			{ paths: ['a.png'], code: 'description-unreadable', facts: { path: 'a.json', entry: 'shapes[0]' } },
		]);
	});
});

describe('VIA', () => {
	const shape = (attributes: object, name = 'cell') => ({ shape_attributes: attributes, region_attributes: { class: name } });
	const polygon = { name: 'polygon', all_points_x: [0, 2, 2, 0], all_points_y: [0, 0, 4, 4] };
	const regions = [
		shape(polygon),
		shape({ name: 'rect', x: 4, y: 0, width: 2, height: 1 }, 'debris'),
		shape({ name: 'circle', cx: 5, cy: 3, r: 1 }, 'debris'),
		shape({ name: 'point', cx: 1, cy: 1 }),
	];
	const expected = { 'a.png': ['110022', '110000', '110022', '110022'] };

	test('JSON of annotations, with regions in a list or by number, and of a project', async () => {
		const entry = { filename: 'a.png', size: 1, regions };
		for (const content of [
			{ 'a.png1': entry },
			{ 'a.png1': { ...entry, regions: { ...regions } } },
			{ _via_settings: {}, _via_img_metadata: { 'a.png1': entry } },
		]) {
			const proposal = await open([image('a.png'), json('via_region_data.json', content)]);
			expect(await classRows(proposal)).toEqual(expected);
			expect(notesOf(proposal)).toContain('“point”');
		}
	});

	test('CSV, where a line without a shape stands for an image without regions', async () => {
		const quoted = (value: object) => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
		const line = (name: string, attributes: object, region: object) => `${name},1,{},1,0,${quoted(attributes)},${quoted(region)}`;
		const text = [
			'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes',
			...regions.map((region) => line('a.png', region.shape_attributes, region.region_attributes)),
			line('b.png', {}, {}),
		].join('\n');
		const proposal = await open([image('a.png'), image('b.png'), file('via_export_csv.csv', text)]);
		expect(await classRows(proposal)).toEqual({ ...expected, 'b.png': ['000000', '000000', '000000', '000000'] });
	});

	test('the class is the chosen option of check boxes, or the first text; without any it is “object”', async () => {
		const named = (attributes: object) =>
			open([
				image('a.png'),
				json('via.json', { x: { filename: 'a.png', regions: [{ shape_attributes: polygon, region_attributes: attributes }] } }),
			]);
		expect(classesOf(await named({ kind: { cell: true, debris: false } }))[1]).toBe('cell');
		expect(classesOf(await named({ note: 'x', type: 'cell' }))[1]).toBe('cell');
		expect(classesOf(await named({}))[1]).toBe('object');
	});

	test('a polygon with a missing coordinate makes the image a problem', async () => {
		const bad = { ...polygon, all_points_y: [0, 0, 4] };
		const proposal = await open([image('a.png'), json('via.json', { x: { filename: 'a.png', regions: [shape(bad)] } })]);
		expect(proposal.problems).toMatchObject([
			{ paths: ['a.png'], facts: { entry: 'region 1 of “a.png”', reason: 'is a polygon of 4 x and 3 y' } },
		]);
	});
});

describe('CVAT', () => {
	const labels =
		'<meta><task><labels><label><name>cell</name><color>#ff0080</color><attributes><attribute><name>age</name></attribute></attributes></label><label><name>debris</name></label></labels></task></meta>';
	const cvat = (shapes: string, size = 'width="6" height="4"') =>
		file(
			'annotations.xml',
			`<?xml version="1.0"?><annotations><version>1.1</version>${labels}<image id="0" name="images/a.png" ${size}>${shapes}</image></annotations>`,
		);

	test('polygon, box, ellipse and mask, drawn by depth; colours from the file', async () => {
		const shapes = `
			<box label="debris" xtl="0" ytl="3" xbr="6" ybr="4" z_order="2"/>
			<polygon label="cell" points="0,0;2,0;2,4;0,4" z_order="0"><attribute name="age">1</attribute></polygon>
			<mask label="debris" rle="1,2,1" left="3" top="0" width="2" height="2" z_order="1"/>
			<points label="cell" points="1,1"/>`;
		const proposal = await open([image('a.png'), cvat(shapes)]);
		expect(classesOf(proposal)).toEqual(['background', 'cell', 'debris']);
		expect(proposal.labels?.scheme.classes[1]?.colour).toBe('#ff0080');
		// The mask’s runs: one outside, two inside (the first row’s end and the second row’s start), one outside.
		expect(await classRows(proposal)).toEqual({ 'a.png': ['110020', '110200', '110000', '222222'] });
		expect(notesOf(proposal)).toContain('“points”');
	});

	test('a box turned by a quarter', async () => {
		// 4 wide and 2 high around (3, 2) becomes 2 wide and 4 high.
		const proposal = await open([image('a.png'), cvat('<box label="cell" xtl="1" ytl="1" xbr="5" ybr="3" rotation="90"/>')]);
		expect(await classRows(proposal)).toEqual({ 'a.png': ['001100', '001100', '001100', '001100'] });
	});

	test.each([
		['<polygon label="cell" points="0,0;1"/>', 'has points that are no “x,y;x,y;…”'],
		['<polygon points="0,0;2,0;2,4"/>', 'has no label'],
		['<box label="cell" xtl="0" ytl="0" xbr="x" ybr="1"/>', 'has no number as “xbr”'],
		['<mask label="cell" rle="1,2" left="0" top="0" width="2" height="2"/>', 'has runs of 3 pixels together, but 2 × 2 are 4'],
	])('%s makes the image a problem with its line', async (shape, reason) => {
		const proposal = await open([image('a.png'), cvat(`\n${shape}`)]);
		expect(proposal.problems).toMatchObject([{ paths: ['a.png'], facts: { path: 'annotations.xml', reason } }]);
		expect(String(proposal.problems[0]?.facts.entry)).toMatch(/^The (polygon|box|mask) in line 2$/u);
	});

	test('a video is refused with the way out; boxes of Pascal VOC are no masks', async () => {
		const video = await open([image('a.png'), file('a.xml', '<annotations><track id="0"><box/></track></annotations>')]);
		expect(video.problems).toMatchObject([
			{ paths: ['a.xml'], facts: { reason: 'describes a video; export it as “CVAT for images” instead' } },
		]);
		const voc = await open([image('a.png'), file('Annotations/a.xml', '<annotation><object><bndbox/></object></annotation>')]);
		expect(voc.ignored).toMatchObject([{ path: 'Annotations/a.xml', reason: expect.stringContaining('boxes alone are no masks') }]);
	});
});

describe('Supervisely', () => {
	const annotation = (objects: readonly object[]) =>
		json('set/ann/a.png.json', { description: '', tags: [], size: { width: 6, height: 4 }, objects });
	const meta = json('meta.json', {
		classes: [
			{ title: 'cell', color: '#12AB34', shape: 'polygon' },
			{ title: 'debris', shape: 'bitmap' },
		],
		tags: [],
	});
	const polygon = (exterior: readonly number[][], interior: readonly number[][][] = []) => ({
		classTitle: 'cell',
		geometryType: 'polygon',
		points: { exterior, interior },
	});

	test('polygons name pixels, holes are cut out, bitmaps lie at their origin', async () => {
		const bitmap = base64(zlibSync(encodePng(2, 2, Uint8Array.of(1, 0, 1, 1), Uint8Array.of(0, 0, 0, 255, 255, 255))));
		const objects = [
			polygon(
				[
					[0, 0],
					[2, 0],
					[2, 3],
					[0, 3],
				],
				[
					[
						[0.5, 0.5],
						[1.5, 0.5],
						[1.5, 2.5],
						[0.5, 2.5],
					],
				],
			),
			{ classTitle: 'debris', geometryType: 'bitmap', bitmap: { data: bitmap, origin: [4, 1] } },
			{
				classTitle: 'debris',
				geometryType: 'rectangle',
				points: {
					exterior: [
						[4, 3],
						[5, 3],
					],
					interior: [],
				},
			},
			{ classTitle: 'cell', geometryType: 'point', points: { exterior: [[1, 1]], interior: [] } },
		];
		const proposal = await open([image('set/img/a.png'), annotation(objects), meta]);
		expect(classesOf(proposal)).toEqual(['background', 'cell', 'debris']);
		expect(proposal.labels?.scheme.classes[1]?.colour).toBe('#12ab34');
		expect(await classRows(proposal)).toEqual({ 'set/img/a.png': ['111000', '101020', '101022', '111022'] });
		expect(notesOf(proposal)).toContain('“point”');
		expect(proposal.ignored.map(({ path }) => path).sort()).toEqual(['meta.json', 'set/ann/a.png.json']);
	});

	test('a bitmap that does not unpack makes the image a problem', async () => {
		const objects = [{ classTitle: 'debris', geometryType: 'bitmap', bitmap: { data: 'AAAA', origin: [0, 0] } }];
		const proposal = await open([image('set/img/a.png'), annotation(objects), meta]);
		expect(proposal.problems).toMatchObject([
			{ paths: ['set/img/a.png'], facts: { entry: 'objects[0]', reason: 'is a bitmap whose data is no packed picture' } },
		]);
	});
});

describe('YOLO', () => {
	const names = file('data.yaml', 'path: ../set\ntrain: images/train\nnames:\n  0: cell\n  1: debris\n');

	test('shares of width and height, classes by name, an empty file for an empty image', async () => {
		const text = '0 0 0 0.5 0 0.5 1 0 1\n1 0.5 0.5 1 0.5 1 1 0.5 1\n';
		const files = [
			image('images/train/a.png'),
			image('images/train/b.png'),
			file('labels/train/a.txt', text),
			file('labels/train/b.txt', ''),
			names,
		];
		const proposal = await open(files);
		expect(classesOf(proposal)).toEqual(['background', 'cell', 'debris']);
		expect(await classRows(proposal)).toEqual({
			'images/train/a.png': ['111000', '111000', '111222', '111222'],
			'images/train/b.png': ['000000', '000000', '000000', '000000'],
		});
	});

	test('images of one name in two parts each have their own file; without a list classes are numbered', async () => {
		const line = (right: number) => `4 0 0 ${right} 0 ${right} 1 0 1`;
		const files = ['train', 'val'].flatMap((part, index) => [
			image(`images/${part}/a.png`),
			file(`labels/${part}/a.txt`, line((index + 1) / 6)),
		]);
		const proposal = await open(files);
		expect(classesOf(proposal)).toEqual(['background', 'class 4']);
		expect(Object.values(await classRows(proposal)).map((rows) => rows[0])).toEqual(['100000', '110000']);
	});

	test('boxes alone are refused; a line that is cut short names itself', async () => {
		const boxes = await open([image('images/a.png'), file('labels/a.txt', '0 0.5 0.5 1 1')]);
		expect(boxes.problems).toMatchObject([{ paths: ['labels/a.txt'], facts: { reason: 'holds boxes only; a mask needs polygons' } }]);
		const cut = await open([image('images/a.png'), file('labels/a.txt', '0 0 0 1 0 1 1\n1 0 0 0.5 0 0.5 1 0')]);
		expect(cut.problems).toMatchObject([
			{ paths: ['images/a.png'], facts: { entry: 'Line 2', reason: 'has 7 coordinates; a polygon takes pairs, three at least' } },
		]);
	});
});

describe('Kaggle’s run lengths', () => {
	test('down the columns from 1, a row per object, an empty field for an empty image', async () => {
		// 6 × 4: pixels 1 to 4 are the first column, 6 and 7 the second column’s middle.
		const text = 'ImageId,EncodedPixels\na.png,1 4\na.png,6 2\nb.png,\n';
		const proposal = await open([image('train/a.png'), image('train/b.png'), file('train.csv', text)]);
		expect(await classRows(proposal)).toEqual({
			'train/a.png': ['100000', '110000', '110000', '100000'],
			'train/b.png': ['000000', '000000', '000000', '000000'],
		});
		expect(classesOf(proposal)).toEqual(['background', 'foreground']);
	});

	test.each([
		['a column of classes', 'ImageId,ClassId,EncodedPixels\na.png,1,1 4\na.png,3,5 4'],
		['classes joined to the name', 'ImageId_ClassId,EncodedPixels\na.png_1,1 4\na.png_2,\na.png_3,5 4'],
	])('%s', async (_what, text) => {
		const proposal = await open([image('a.png'), file('train.csv', text)]);
		expect(classesOf(proposal)).toEqual(['background', 'class 1', 'class 3']);
		expect((await classRows(proposal))['a.png']?.[0]).toBe('120000');
	});

	test('along the rows where the competition counts so', async () => {
		const proposal = await open([image('train/a.png'), file('train.csv', 'id,annotation,width,height,cell_type\na,1 4,6,4,astro')]);
		expect(classesOf(proposal)).toEqual(['background', 'astro']);
		expect(await classRows(proposal)).toEqual({ 'train/a.png': ['111100', '000000', '000000', '000000'] });
	});

	test('an image named with and without its extension carries the objects of both rows', async () => {
		const proposal = await open([image('a.png'), file('train.csv', 'ImageId,EncodedPixels\na,1 4\na.png,6 2')]);
		expect(await classRows(proposal)).toEqual({ 'a.png': ['100000', '110000', '110000', '100000'] });
	});

	test('an image of which one row cannot be read is left out once, whatever its other rows say', async () => {
		const proposal = await open([image('a.png'), file('train.csv', 'ImageId,EncodedPixels\na,some\na.png,1 4')]);
		expect(proposal.problems).toMatchObject([{ paths: ['a.png'], facts: { entry: 'Line 2' } }]);
		expect(proposal.pairs).toEqual([]);
	});

	test('runs that leave the image are named with their line', async () => {
		const proposal = await open([image('a.png'), file('train.csv', 'ImageId,EncodedPixels\na.png,1 4\na.png,20 9')]);
		expect(proposal.problems).toMatchObject([
			{ paths: ['a.png'], facts: { path: 'train.csv', entry: 'Line 3', reason: 'has a run that ends at pixel 28, but 6 × 4 are 24' } },
		]);
	});
});

describe('two descriptions of the same images', () => {
	const shapes = [
		{
			label: 'cell',
			points: [
				[0, 0],
				[1, 0],
				[1, 4],
				[0, 4],
			],
		},
	];
	const labelMe = json('a.json', { flags: {}, shapes, imagePath: 'a.png' });
	const coco = json('coco.json', {
		images: [{ id: 1, file_name: 'a.png' }],
		categories: [
			{ id: 1, name: 'one' },
			{ id: 2, name: 'two' },
		],
		annotations: [{ id: 1, image_id: 1, category_id: 2, segmentation: [[0, 0, 2, 0, 2, 4, 0, 4]] }],
	});

	test('lead to a question; the answer is followed', async () => {
		const proposal = await open([image('a.png'), labelMe, coco]);
		expect(proposal.questions).toMatchObject([{ id: 'description', chosen: 'coco:coco.json' }]);
		expect((await classRows(proposal))['a.png']?.[0]).toBe('110000');
		const other = await proposal.revise({ answers: { description: 'labelme:a.json' } });
		expect((await classRows(other))['a.png']?.[0]).toBe('100000');
	});

	test('so do shapes beside pictures of masks', async () => {
		const files = [image('a.png'), labelMe, mask('a_mask.png', ['000001', '000001', '000001', '000001'])];
		const proposal = await open(files);
		expect(proposal.questions[0]?.options.map(({ id }) => id)).toEqual(['labelme:a.json', 'pictures']);
		expect(proposal.ignored).toContainEqual({ path: 'a_mask.png', reason: 'The annotations of LabelMe were taken instead.' });
		const pictures = await proposal.revise({ answers: { description: 'pictures' } });
		expect((await classRows(pictures))['a.png']?.[0]).toBe('000001');
	});
});
