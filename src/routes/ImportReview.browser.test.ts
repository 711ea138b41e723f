import { flushSync } from 'svelte';
import { expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { SamplePixels } from '#lib/core/sample.ts';
import { LocalDecoder } from '#lib/importers/decoder.ts';
import { image, mask } from '#lib/importers/testing.ts';
import { Datasets } from '#lib/state/datasets.svelte.ts';
import { FileImport } from '#lib/state/file-import.svelte.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { find, render } from '#lib/ui/testing.ts';
import ImportReview from './ImportReview.svelte';

/** Holds the third sample back until it is let go. */
class HeldDecoder extends LocalDecoder {
	readonly #gate = Promise.withResolvers<undefined>();
	#times = 0;

	override async measure(pixels: SamplePixels) {
		if (++this.#times === 3) await this.#gate.promise;
		return super.measure(pixels);
	}

	letGo(): void {
		this.#gate.resolve(undefined);
	}
}

it('counts what is stored, stops on request, and then offers the same pairs again', async () => {
	const files = Array.from({ length: 4 }, (_, index) => [
		image(`images/${index}.png`, 2, 2),
		mask(`masks/${index}.png`, ['01', '00']),
	]).flat();
	const [records, decoder] = [memoryRecords('a test'), new HeldDecoder()];
	const datasets = new Datasets(records);
	const opened = new FileImport(datasets, decoder);
	await opened.scan(files);
	const ondone = vi.fn();
	const root = render(ImportReview, {
		files: opened,
		get storing() {
			return datasets.storing;
		},
		ondone,
	});
	await userEvent.click(find(root, '[data-kind=primary]'));
	await vi.waitFor(() => {
		flushSync();
		expect(find(root, '.progress label').textContent).toBe('reading all pixels: 2 of 4');
	});
	const stop = find(root, '.buttons button');
	expect(stop.textContent).toBe('Stop storing');
	await userEvent.click(stop);
	decoder.letGo();
	await vi.waitFor(() => {
		flushSync();
		expect(find(root, '.buttons button').textContent).toBe('Cancel');
	});
	expect([await records.listDatasets(), opened.error]).toEqual([[], null]);
	await userEvent.click(find(root, '[data-kind=primary]'));
	await vi.waitFor(() => expect(ondone).toHaveBeenCalledOnce());
	expect((await records.listDatasets())[0]?.samples).toHaveLength(4);
});
