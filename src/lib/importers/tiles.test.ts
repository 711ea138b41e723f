import { describe, expect, it, test } from 'vitest';
import { LocalDecoder } from './decoder.ts';
import type { ImageFormat } from './format.ts';
import { partsOf } from './part-files.ts';
import { scanFiles } from './open-files.ts';
import { encodePng } from './png-encode.ts';
import { cutTile, tilesOf } from './tiles.ts';

const header = (width: number, height: number) => ({ width, height, channels: 1, maxValue: 255, notes: [] });

describe('large pictures are cut into tiles', () => {
	it('leaves pictures of up to 8,192² whole', () => {
		expect(tilesOf({ width: 8192, height: 8192 })).toBeNull();
		expect(tilesOf({ width: 8193, height: 8192 })).toHaveLength(5 * 4);
	});

	it('covers every pixel once, with tiles of at most 2,048 that are equal but for the last', () => {
		const [width, height] = [16_384, 4_500];
		const tiles = tilesOf({ width, height })!;
		// 4,500 in three rows of 1,500; 16,384 in eight columns of 2,048.
		expect(tiles).toHaveLength(24);
		expect(tiles[8]).toEqual({ place: '2-1', left: 0, top: 1500, width: 2048, height: 1500 });
		expect(tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0)).toBe(width * height);
		for (const tile of tiles) {
			expect(tile.left % 2048).toBe(0);
			expect(tile.left + tile.width).toBeLessThanOrEqual(width);
			expect(tile.top + tile.height).toBeLessThanOrEqual(height);
		}
		const uneven = tilesOf({ width: 10_001, height: 8_000 })!;
		// 10,001 in five columns of 2,001, the last of 1,997.
		expect(uneven.slice(0, 5).map((tile) => tile.width)).toEqual([2001, 2001, 2001, 2001, 1997]);
	});

	it('cuts the samples of a tile, all channels', () => {
		const whole = { width: 3, height: 2, channels: 2, data: Uint16Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) };
		expect(cutTile(whole, { place: '1-1', left: 1, top: 0, width: 2, height: 2 })).toEqual({
			width: 2,
			height: 2,
			channels: 2,
			data: Uint16Array.of(2, 3, 4, 5, 8, 9, 10, 11),
		});
	});

	it('names tiles so that they sort as they lie, and pages before them', () => {
		const large = { page: 8, header: header(20_480, 4_096), failure: null };
		const { parts } = partsOf('a/b.c.tif', [{ page: 0, header: header(4, 4), failure: null }, large]);
		const paths = parts.map(({ path }) => path);
		expect(paths.slice(0, 3)).toEqual(['a/b.c (page 1).tif', 'a/b.c (page 2) (tile 01-01).tif', 'a/b.c (page 2) (tile 01-02).tif']);
		expect(paths).toEqual([...paths].sort());
		expect(parts.slice(0, 2)).toMatchObject([{ tile: null }, { tile: { of: 'a/b.c (page 2).tif' } }]);
		const whole = { page: undefined, header: header(4, 4), failure: null };
		expect(partsOf('a.png', [whole])).toEqual({ parts: [{ path: 'a.png', picture: whole, tile: null }], notes: [] });
	});

	it('says once how many tiles there are', () => {
		const large = { page: 0, header: header(16_384, 16_384), failure: null };
		expect(partsOf('a.tif', [large, { ...large, page: 8 }]).notes).toEqual([
			'16384 × 16384 pixels are too many for one sample, so it was opened as 64 tiles of 2048 × 2048. ' +
				'The split keeps the tiles of each picture together, where there are several pictures.',
		]);
	});
});

/** Counts how often pictures are decoded. Its pixels are those of a diagonal pattern, 8,200 × 8,200. */
class DrawnDecoder extends LocalDecoder {
	decoded = 0;
	static readonly side = 8200;

	override async describe(format: ImageFormat) {
		return { pictures: [{ page: undefined, header: header(DrawnDecoder.side, DrawnDecoder.side), failure: null }], notes: [format.name] };
	}

	#draw() {
		this.decoded++;
		const { side } = DrawnDecoder;
		const data = new Uint8Array(side * side);
		for (let y = 0; y < side; y++) for (let x = 0; x < side; x += 1 + (y % 2)) data[y * side + x] = (x + y) % 4000 < 200 ? 255 : 0;
		return { ...header(side, side), data };
	}

	override async readImage() {
		return this.#draw();
	}

	override async readLabels() {
		return { ...this.#draw(), palette: null, lossy: false };
	}
}

test('a large image and its mask are pairs of tiles, each file decoded once for all of them', { timeout: 60_000 }, async () => {
	const png = encodePng(1, 1, Uint8Array.of(0));
	const decoder = new DrawnDecoder();
	const files = ['images/a.png', 'masks/a.png'].map((path) => ({ path, bytes: async () => png }));
	const proposal = await scanFiles(files, { decoder });
	expect(proposal.pairs).toHaveLength(25);
	expect(proposal.pairs[6]).toMatchObject({ imagePath: 'images/a (tile 2-2).png', maskPaths: ['masks/a (tile 2-2).png'] });
	expect(proposal.notes.join()).toContain('“images/a.png” and 1 more: 8200 × 8200 pixels are too many for one sample');
	expect(proposal.samples()[6]).toMatchObject({ path: 'images/a (tile 2-2).png', tileOf: 'images/a.png' });
	for (const pair of proposal.pairs.slice(0, 7)) await proposal.readPair(pair);
	const { image, mask } = await proposal.readPair(proposal.pairs[6]!);
	expect([image.width, image.height, mask.width]).toEqual([1640, 1640, 1640]);
	// Row 2, column 2 begins at (1640, 1640): 3,280 of 4,000 along the diagonal; (360, 360) further it is 0.
	expect(image.data[0]).toBe(0);
	expect(image.data[360 * 1640 + 360]).toBe(255);
	expect(decoder.decoded).toBe(2);
});
