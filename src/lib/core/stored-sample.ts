/** A sample out of the records. */
import { AppError } from './errors.ts';
import type { Records } from './records.ts';
import type { SamplePixels } from './sample.ts';

/** Image and mask, the one in use or the one that was opened with the image; null when either is gone. */
export async function findSample(
	records: Records,
	datasetId: string,
	sampleId: string,
	which: 'in use' | 'first' = 'in use',
): Promise<SamplePixels | null> {
	const [image, mask] = await Promise.all([records.getImage(datasetId, sampleId), records.getMask(datasetId, sampleId, which)]);
	return image && mask ? { image, mask } : null;
}

/** As `findSample`. Throws `dataset-missing` when it is gone. */
export async function readSample(...[records, datasetId, sampleId, which]: Parameters<typeof findSample>): Promise<SamplePixels> {
	const sample = await findSample(records, datasetId, sampleId, which);
	if (!sample) throw new AppError('dataset-missing', { sample: sampleId });
	return sample;
}
