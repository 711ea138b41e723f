/** Data sets that differ from another in the masks in use. */
import { fingerprintOf, pixelsHash } from '#lib/core/hash.ts';
import type { Records } from '#lib/core/records.ts';
import { originOf, type DatasetMeta, type MaskVersion, type SampleMeta } from '#lib/core/sample.ts';
import { readSample } from '#lib/core/stored-sample.ts';
import { keptCounts } from '#lib/importers/measured-sample.ts';

/** The sample with another version of its mask in use; null goes back to the first one. */
async function withMask(records: Records, dataset: DatasetMeta, sample: SampleMeta, version: MaskVersion | null): Promise<SampleMeta> {
	const { maskVersion: _before, ...rest } = sample;
	if (version) return { ...rest, valueCounts: version.valueCounts, hash: version.hash, maskVersion: version.id };
	const pixels = await readSample(records, dataset.id, sample.id, 'first');
	return { ...rest, valueCounts: keptCounts(pixels.mask), hash: await pixelsHash(pixels) };
}

/**
 * The metadata of the data set with another mask version of one sample in use; null for the mask that was opened. Nothing is
 * stored yet. Data sets of older versions do not know the hash of each sample, so their pixels are read.
 */
export async function revisionOf(
	records: Records,
	dataset: DatasetMeta,
	sampleId: string,
	version: MaskVersion | null,
): Promise<DatasetMeta> {
	const samples: SampleMeta[] = [];
	const hashes: string[] = [];
	for (const sample of dataset.samples) {
		const next = sample.id === sampleId ? await withMask(records, dataset, sample, version) : sample;
		const hash = next.hash ?? (await pixelsHash(await readSample(records, dataset.id, sample.id)));
		samples.push({ ...next, hash });
		hashes.push(hash);
	}
	const fingerprint = await fingerprintOf(hashes);
	return { ...dataset, id: crypto.randomUUID(), createdAt: Date.now(), samples, fingerprint, origin: originOf(dataset) };
}

/** How many masks in use are not those that were opened, to follow a count of pairs; '' for none. */
export function masksInWords({ samples }: DatasetMeta): string {
	const corrected = samples.filter(({ maskVersion }) => maskVersion !== undefined).length;
	return corrected === 0 ? '' : `, ${corrected} ${corrected === 1 ? 'mask' : 'masks'} corrected`;
}
