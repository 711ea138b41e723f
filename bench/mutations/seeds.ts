/** Whole files to be mutated: small ones of every format made here, and those of the shared corpora where they are. */
import { zipSync, zlibSync } from 'fflate';
import type { Bytes } from '#lib/importers/format.ts';
import { encodePng } from '#lib/importers/png-encode.ts';
import { corpusFacts, corpusFile, hasCorpora } from '#lib/importers/testing/corpora.ts';
import { npyFile } from '#lib/importers/testing/npy-file.ts';
import { greyTiff, tiffFile, type TiffField } from '#lib/importers/testing/tiff-file.ts';

export interface Seed {
	readonly name: string;
	readonly kind: 'png' | 'gif' | 'bmp' | 'tiff' | 'npy' | 'zip' | 'jpeg' | 'descriptor';
	readonly bytes: Bytes;
}

const ramp = (length: number, step: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => (i * step) & 255);
const text = (words: string): Bytes => new TextEncoder().encode(words);

/** A 10 × 10 GIF of four colours. */
const gif = Uint8Array.from(
	(
		'4749463839610a000a00910000ffffffff00000000ff00000021f9040000000000' +
		'2c000000000a000a000002168c2d99872a1cdc33a00275ec95faa8de608c04914c01003b'
	).match(/../gu) ?? [],
	(pair) => Number.parseInt(pair, 16),
);

/** An 8-bit BMP of 8 × 4 pixels with a palette of four greys. */
function bmp(): Bytes {
	const bytes = new Uint8Array(54 + 16 + 32);
	const view = new DataView(bytes.buffer);
	bytes.set([0x42, 0x4d]);
	for (const [at, value] of [
		[2, bytes.length],
		[10, 70],
		[14, 40],
		[18, 8],
		[22, 4],
		[46, 4],
	] as const)
		view.setUint32(at, value, true);
	view.setUint16(26, 1, true);
	view.setUint16(28, 8, true);
	for (let i = 0; i < 4; i++) bytes.fill(i * 80, 54 + i * 4, 57 + i * 4);
	for (let i = 0; i < 32; i++) bytes[70 + i] = i % 4;
	return bytes;
}

function tiffs(): Seed[] {
	const lzw: TiffField = [259, 3, [8]];
	const tile: readonly TiffField[] = [
		[256, 3, [17]],
		[257, 3, [9]],
		[258, 3, [16]],
		[262, 3, [1]],
		[322, 3, [16]],
		[323, 3, [16]],
	];
	const files: readonly (readonly [name: string, bytes: Bytes])[] = [
		['uint8.tif', tiffFile(greyTiff(8, 4, 8), [ramp(32, 1)])],
		['uint16-deflate-differences.tif', tiffFile(greyTiff(8, 4, 16, lzw, [317, 3, [2]]), [zlibSync(ramp(64, 3))], { littleEndian: false })],
		['float32-bytes-big.tif', tiffFile(greyTiff(4, 4, 32, lzw, [317, 3, [3]], [339, 3, [3]]), [zlibSync(ramp(64, 5))], { big: true })],
		['packbits.tif', tiffFile(greyTiff(5, 1, 8, [259, 3, [32773]]), [Uint8Array.of(254, 9, 1, 4, 5)])],
		['tiles.tif', tiffFile(tile, [ramp(512, 1), ramp(512, 7)])],
	];
	return files.map(([name, bytes]) => ({ name, kind: 'tiff', bytes }));
}

/** Annotation files of a picture `a.png` of 6 × 4 pixels. */
function descriptors(): Seed[] {
	const coco = {
		images: [{ id: 1, file_name: 'a.png', width: 6, height: 4 }],
		annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation: [[1, 1, 4, 1, 4, 3]], iscrowd: 0 }],
		categories: [{ id: 1, name: 'cell' }],
	};
	const runs = { counts: [3, 5, 16], size: [4, 6] };
	const crowd = { ...coco, annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation: runs, iscrowd: 1 }] };
	const labelMe = {
		imagePath: 'a.png',
		shapes: [
			{
				label: 'cell',
				points: [
					[1, 1],
					[4, 3],
				],
				shape_type: 'rectangle',
			},
			{
				label: 'wall',
				points: [
					[0, 0],
					[5, 0],
					[5, 3],
				],
				shape_type: 'polygon',
			},
		],
	};
	const via = {
		'a.png1': {
			filename: 'a.png',
			regions: [
				{ shape_attributes: { name: 'polygon', all_points_x: [0, 3, 3], all_points_y: [0, 0, 3] }, region_attributes: { type: 'cell' } },
			],
		},
	};
	const cvat =
		'<annotations><image name="a.png" width="6" height="4"><polygon label="cell" points="1,1;4,1;4,3"/><mask label="wall" rle="2,3,1" left="1" top="1" width="3" height="2"/></image></annotations>';
	const files: readonly (readonly [name: string, content: string])[] = [
		['instances_train.json', JSON.stringify(coco)],
		['instances_crowd.json', JSON.stringify(crowd)],
		['a.json', JSON.stringify(labelMe)],
		['via_region_data.json', JSON.stringify(via)],
		['annotations.xml', cvat],
		['train.csv', 'ImageId,EncodedPixels\na.png,3 4 9 2\n'],
		['a.txt', '0 0.1 0.1 0.6 0.1 0.6 0.6\n'],
	];
	return files.map(([name, content]) => ({ name, kind: 'descriptor', bytes: text(content) }));
}

function made(): Seed[] {
	const png = encodePng(9, 5, ramp(45, 11));
	const array = (descr: string, samples: Uint8Array): Bytes =>
		npyFile(`{'descr': '${descr}', 'fortran_order': ${descr === '<f4' ? 'True' : 'False'}, 'shape': (4, 4), }`, samples);
	return [
		{ name: 'grey.png', kind: 'png', bytes: png },
		{
			name: 'palette.png',
			kind: 'png',
			bytes: encodePng(
				4,
				4,
				ramp(16, 1).map((value) => value % 4),
				ramp(12, 20),
			),
		},
		{ name: 'four.gif', kind: 'gif', bytes: gif },
		{ name: 'grey.bmp', kind: 'bmp', bytes: bmp() },
		...tiffs(),
		{ name: 'labels.npy', kind: 'npy', bytes: array('<i4', ramp(64, 1)) },
		{ name: 'floats.npy', kind: 'npy', bytes: array('<f4', new Uint8Array(new Float32Array(16).fill(0.5).buffer)) },
		{
			name: 'flags.npy',
			kind: 'npy',
			bytes: array(
				'|b1',
				ramp(16, 1).map((value) => value % 2),
			),
		},
		{ name: 'pair.zip', kind: 'zip', bytes: zipSync({ 'images/a.png': png, 'masks/a.png': png, 'b.txt': text('words '.repeat(40)) }) },
		...descriptors(),
	];
}

/** Larger files of the corpora would only take longer. */
const maxCorpusBytes = 60_000;

const photos = [2, 5, 8].map((orientation) => `hopper_orientation_${orientation}.jpg`);

function fromCorpora(): Seed[] {
	if (!hasCorpora) return [];
	const pictures = (['png', 'tiff', 'zip'] as const).flatMap((kind) =>
		Object.entries(corpusFacts(kind))
			.filter(([, facts]) => !('bomb' in facts))
			.map(([name]): Seed => ({ name, kind, bytes: corpusFile(kind, name) })),
	);
	const jpegs = photos.map((name): Seed => ({ name, kind: 'jpeg', bytes: corpusFile('jpeg', name) }));
	return [...pictures, ...jpegs].filter(({ bytes }) => bytes.length <= maxCorpusBytes);
}

/** `shared` takes the corpora too. Sorted, so that a number always means the same file. */
export const seeds = (shared: boolean): Seed[] =>
	[...made(), ...(shared ? fromCorpora() : [])].sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
