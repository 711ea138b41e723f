/** How often each loss of an experiment is trained, and on which folds, in words. Pure. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { Split } from '#lib/core/split.ts';

type Repeats = Pick<ExperimentSpec, 'seeds' | 'split'>;

const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

/** What the runs of a loss repeat: `5 folds`, `3 seeds × 5 folds`. */
export function repeatsInWords({ seeds, split: { folds } }: Repeats): string {
	if (folds === undefined) return counted(seeds.length, 'seed');
	return seeds.length > 1 ? `${counted(seeds.length, 'seed')} × ${counted(folds, 'fold')}` : counted(folds, 'fold');
}

/** What a mean over the runs of a loss is taken over. */
export const overRepeats = (spec: Repeats): string => (spec.split.folds === undefined ? 'seeds' : repeatsInWords(spec));

/** What the score of one image is, where the runs of a loss are taken together: `, mean over seeds`; '' for that of the only run. */
export function imageScoreOf(spec: Repeats, part: 'validation' | 'test'): string {
	const { seeds, split } = spec;
	if (split.folds !== undefined && part === 'test') return `, mean over ${repeatsInWords(spec)}`;
	const fold = split.folds === undefined ? '' : ', each image in the fold that validates it';
	return `${fold}${seeds.length > 1 ? ', mean over seeds' : ''}`;
}

/** How many images each part has: `12 train · 4 validation · 4 test`, `3 folds of 5 to 6 images · 4 test`. */
export function splitInWords({ train, validation, test, folds }: Split): string {
	if (!folds) return `${train.length} train · ${validation.length} validation · ${test.length} test`;
	const sizes = folds.map((ids) => ids.length);
	const size = [...new Set([Math.min(...sizes), Math.max(...sizes)])].join(' to ');
	const images = size === '1' ? 'image' : 'images';
	const always = train.length > 0 ? ` · ${train.length} train always` : '';
	return `${counted(folds.length, 'fold')} of ${size} ${images}${always} · ${test.length} test`;
}

/** Why a split cannot be trained on; '' when it can. */
export function splitProblem({ train, folds }: Split): string {
	if (!folds) return train.length === 0 ? 'No image is left to train on: move some to the training part.' : '';
	const filled = folds.filter((ids) => ids.length > 0).length;
	if (filled === folds.length) return '';
	const needs = `${folds.length} folds need at least ${folds.length} images, or groups of images, besides the test images`;
	return `${needs}, and there are ${filled}. Choose fewer folds, or test on fewer images.`;
}

export const foldsCaveat =
	'Folds share training images, so their runs are not independent: ± says how far runs lie apart, not how well the mean is known.';
