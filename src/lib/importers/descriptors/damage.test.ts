/** Annotation files with any damage: each is read or refused by name, and no file is lost. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { file, image, mask, open, placesOf } from '../testing.ts';

const rectangle = [0, 0, 3, 0, 3, 4, 0, 4];
const points = [[0, 0], [3, 0], [3, 4]]; // prettier-ignore

const jsonFiles: Readonly<Record<string, unknown>> = {
	'coco.json': {
		images: [{ id: 1, file_name: 'a.png', width: 6, height: 4 }],
		categories: [{ id: 1, name: 'cell' }],
		annotations: [
			{ id: 1, image_id: 1, category_id: 1, iscrowd: 0, segmentation: [rectangle] },
			{ id: 2, image_id: 1, category_id: 1, iscrowd: 1, segmentation: { size: [4, 6], counts: '52a0' } },
		],
	},
	'a.json': {
		flags: {},
		imagePath: 'a.png',
		imageWidth: 6,
		imageHeight: 4,
		shapes: [{ label: 'cell', points, shape_type: 'polygon', group_id: null }],
	},
	'via.json': {
		a: {
			filename: 'a.png',
			regions: [
				{ shape_attributes: { name: 'polygon', all_points_x: [0, 1, 1], all_points_y: [0, 0, 1] }, region_attributes: { class: 'cell' } },
			],
		},
	},
	'set/ann/a.png.json': {
		size: { width: 6, height: 4 },
		objects: [{ classTitle: 'cell', geometryType: 'polygon', points: { exterior: points, interior: [] } }],
	},
	'dataset.json': { labels: { background: 0, cell: 1 }, training: [{ image: 'a.png', label: 'a_mask.png' }] },
	'labels.json': { 0: 'background', 1: 'cell' },
};

const textFiles: Readonly<Record<string, string>> = {
	'annotations.xml':
		'<annotations><image name="a.png" width="6" height="4"><polygon label="cell" points="0,0;3,0;3,4" z_order="1"/></image></annotations>',
	'labels/a.txt': '0 0 0 0.5 0 0.5 1 0 1\n',
	'train.csv': 'ImageId,EncodedPixels\na.png,1 4 9 2\nb.png,\n',
	'via.csv':
		'filename,region_shape_attributes,region_attributes\na.png,"{""name"":""rect"",""x"":0,""y"":0,""width"":2,""height"":2}","{}"\n',
	'pairs.txt': 'a.png a_mask.png\n',
	'labelmap.txt': 'background:0,0,0::\ncell:255,0,0::\n',
};

const pictures = [image('a.png'), image('b.png'), mask('a_mask.png', ['000001', '000001', '000001', '000001'])];

async function expectNothingLost(path: string, text: string): Promise<void> {
	const proposal = await open([...pictures, file(path, text)]);
	expect(placesOf(proposal)).toEqual([...pictures.map((each) => each.path), path].sort());
	for (const pair of proposal.pairs) await proposal.readPair(pair);
}

/** Replaces one value somewhere inside; `at` says where, in the order of writing. */
function replaced(value: unknown, at: { left: number }, by: unknown): unknown {
	if (at.left-- === 0) return by;
	if (Array.isArray(value)) return value.map((entry) => replaced(entry, at, by));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaced(entry, at, by)]));
}

test('a geometry named after what every object inherits is one that is not read', async () => {
	const content = {
		size: { width: 6, height: 4 },
		objects: [{ classTitle: 'cell', geometryType: '__proto__', points: { exterior: points } }],
	};
	await expectNothingLost('set/ann/a.png.json', JSON.stringify(content));
});

describe('one value replaced by any other', () => {
	const strange = fc.oneof(
		fc.constantFrom(null, '', 'a.png', -1, 0, 1.5, 1e300, '__proto__', true, [], {}, [[]], [null], 'Infinity', 2 ** 40),
		fc.jsonValue({ maxDepth: 2 }),
	);

	test.each(Object.keys(jsonFiles))('%s', async (path) => {
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: 40 }), strange, async (left, by) => {
				await expectNothingLost(path, JSON.stringify(replaced(jsonFiles[path], { left }, by)));
			}),
			{ numRuns: 150 },
		);
	});
});

describe('text cut, doubled or exchanged', () => {
	test.each([...Object.entries(textFiles), ...Object.entries(jsonFiles).map(([path, value]) => [path, JSON.stringify(value)] as const)])(
		'%s',
		async (path, text) => {
			const place = fc.nat({ max: text.length });
			await fc.assert(
				fc.asyncProperty(
					place,
					place,
					fc.constantFrom('', '"', '<', ',', ' ', '-', '9', '\n', ';', '\u0000', 'é', ']'),
					async (from, to, insert) => {
						await expectNothingLost(path, text.slice(0, from) + insert + text.slice(to));
					},
				),
				{ numRuns: 150 },
			);
		},
	);
});
