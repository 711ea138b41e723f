/** What must hold between the records of a project, beyond the shape of each. */
import { comparisonHash } from '#lib/core/hash.ts';
import { isSameRepeat, repeatsOf, type ExperimentRecord, type RunRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { projectUnreadable, type PixelHeader } from './project-layout.ts';

export interface PairHeaders {
	readonly image: PixelHeader;
	readonly mask: PixelHeader;
}

const hasTwice = (ids: readonly string[]): boolean => new Set(ids).size !== ids.length;

function pixelsFit({ samples }: DatasetMeta, headers: readonly PairHeaders[]): boolean {
	return (
		samples.length === headers.length &&
		headers.every(({ image, mask }, place) => {
			const { width, height, channels, maxValue } = samples[place] ?? {};
			const sameSize = mask.width === width && mask.height === height && mask.channels === 1;
			return sameSize && image.width === width && image.height === height && image.channels === channels && image.maxValue === maxValue;
		})
	);
}

function splitFits({ samples }: DatasetMeta, { split }: ExperimentRecord): boolean {
	const known = new Set(samples.map(({ id }) => id));
	const used = [...split.train, ...split.validation, ...split.test];
	return !hasTwice(used) && used.every((id) => known.has(id)) && foldsFit(split);
}

/** Every validation image lies in one fold, and nothing else does. */
function foldsFit({ validation, folds }: ExperimentRecord['split']): boolean {
	if (!folds) return true;
	const dealt = folds.flat();
	const known = new Set(dealt);
	return dealt.length === known.size && known.size === validation.length && validation.every((id) => known.has(id));
}

function runsFit({ runs, spec, split }: ExperimentRecord): boolean {
	const keys = new Set(spec.losses.map(({ key }) => key));
	const repeats = repeatsOf(spec);
	const fits = (run: RunRecord): boolean => keys.has(run.lossKey) && repeats.some((repeat) => isSameRepeat(repeat, run));
	return !hasTwice(runs.map(({ id }) => id)) && split.folds?.length === spec.split.folds && runs.every(fits);
}

const coloursFit = ({ scheme }: Pick<DatasetMeta, 'scheme'>): boolean =>
	scheme.classes.every(({ colour }) => colour === undefined || /^#[0-9a-f]{6}$/u.test(colour));

/** Throws `project-unreadable` with what does not fit. */
export async function assertProjectSound(
	dataset: DatasetMeta,
	headers: readonly PairHeaders[],
	experiment: ExperimentRecord,
): Promise<void> {
	const { spec, scheme, split, hash } = experiment;
	const checks: readonly (readonly [holds: boolean, otherwise: string])[] = [
		[experiment.datasetId === dataset.id, 'its experiment was made with other data'],
		[experiment.datasetFingerprint === dataset.fingerprint, 'its experiment was made with other data'],
		[!hasTwice(dataset.samples.map(({ id }) => id)), 'two of its images have one id'],
		[pixelsFit(dataset, headers), 'its pictures have not the sizes of its images'],
		[splitFits(dataset, experiment), 'its split names images that it does not hold'],
		[runsFit(experiment), 'its runs are not those of its settings'],
		[coloursFit(dataset) && coloursFit(experiment), 'a colour of its classes is none'],
		[spec.losses.every(({ own }) => !own || own.graphs.length === 0), 'a loss of your own holds more than its code'],
		[(await comparisonHash(spec, { ...dataset, scheme }, split)) === hash, 'its settings are not those of its comparison hash'],
	];
	const failed = checks.find(([holds]) => !holds);
	if (failed) throw projectUnreadable(failed[1]);
}
