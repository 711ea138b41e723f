import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { SamplePixels } from '#lib/core/sample.ts';
import { LocalDecoder } from '#lib/importers/decoder.ts';
import { image, mask } from '#lib/importers/testing.ts';
import { openUnderTest } from '#lib/storage/testing/indexeddb-under-test.ts';
import { Datasets } from './datasets.svelte.ts';
import { FileImport } from './file-import.svelte.ts';

/** Tells of every sample that is measured, before it is. */
class WatchedDecoder extends LocalDecoder {
	onmeasure = (_times: number): void => undefined;
	#times = 0;

	override async measure(pixels: SamplePixels) {
		this.onmeasure(++this.#times);
		return super.measure(pixels);
	}
}

const pairs = (count: number) =>
	Array.from({ length: count }, (_, index) => [
		image(`images/${index}.png`),
		mask(`masks/${index}.png`, ['011000', '000000', '000000', '000000']),
	]).flat();

async function scanned(files = pairs(5)) {
	const { records, countChunks } = await openUnderTest();
	const [datasets, decoder] = [new Datasets(records), new WatchedDecoder()];
	const opened = new FileImport(datasets, decoder);
	await opened.scan(files);
	return { records, countChunks, datasets, decoder, opened };
}

it('says how many samples are measured and stored, one by one', async () => {
	const { datasets, decoder, opened } = await scanned();
	const seen: string[] = [];
	decoder.onmeasure = () => seen.push(`${datasets.storing?.stage} ${datasets.storing?.done} of ${datasets.storing?.total}`);
	expect(await opened.accept()).toBe(true);
	const steps = [0, 1, 2, 3, 4].map((done) => `measuring ${done} of 5`);
	// The first sample is stored after the last was measured.
	expect(seen).toEqual([...steps, 'measuring 5 of 5', ...[1, 2, 3, 4].map((done) => `storing ${done} of 5`)]);
	expect(datasets.storing).toBeNull();
	expect(datasets.current?.samples).toHaveLength(5);
});

it.each([
	['while samples are measured', 3],
	['before the first is stored', 6],
	['between two that are stored', 8],
	['while the last is stored', 10],
])('leaves nothing behind when it is stopped %s, and stores all of it later', async (_, at) => {
	const { records, countChunks, datasets, decoder, opened } = await scanned();
	decoder.onmeasure = (times) => times === at && opened.stopStoring();
	expect(await opened.accept()).toBe(false);
	expect([opened.error, datasets.storing, datasets.current]).toEqual([null, null, null]);
	expect([await records.listDatasets(), await countChunks()]).toEqual([[], 0]);
	expect(opened.usable).toHaveLength(5);
	expect(await opened.accept()).toBe(true);
	expect((await records.listDatasets()).map(({ samples }) => samples.length)).toEqual([5]);
	// An image and a mask each.
	expect(await countChunks()).toBe(10);
});

it('names pairs that cannot be read any more, and stores the others', async () => {
	const files = pairs(3);
	let isGone = false;
	const [gone] = files;
	const { datasets, opened } = await scanned([
		{ ...gone!, bytes: () => (isGone ? Promise.reject(new Error('no such file')) : gone!.bytes()) },
		...files.slice(1),
	]);
	isGone = true;
	expect(await opened.accept()).toBe(true);
	expect(opened.skipped).toMatchObject([{ paths: ['images/0.png', 'masks/0.png'], code: 'image-unreadable' }]);
	expect(datasets.current?.samples.map(({ path }) => path)).toEqual(['images/1.png', 'images/2.png']);
});
