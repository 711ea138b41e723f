import { expect, it } from 'vitest';
import { defaultSpec } from '#lib/core/experiment.ts';
import { imageScoreOf, overRepeats, repeatsInWords, splitInWords, splitProblem } from './repeats.ts';

const split = defaultSpec.split;

it('names what a loss is repeated over', () => {
	expect([repeatsInWords({ seeds: [1], split }), overRepeats({ seeds: [1, 2], split })]).toEqual(['1 seed', 'seeds']);
	expect(overRepeats({ seeds: [1], split: { ...split, folds: 5 } })).toBe('5 folds');
	expect(overRepeats({ seeds: [1, 2, 3], split: { ...split, folds: 5 } })).toBe('3 seeds × 5 folds');
});

it('says what the score of an image is a mean of', () => {
	const folded = { ...split, folds: 5 };
	expect(imageScoreOf({ seeds: [1], split }, 'validation')).toBe('');
	expect(imageScoreOf({ seeds: [1, 2], split }, 'test')).toBe(', mean over seeds');
	expect(imageScoreOf({ seeds: [1], split: folded }, 'validation')).toBe(', each image in the fold that validates it');
	expect(imageScoreOf({ seeds: [1, 2], split: folded }, 'validation')).toBe(', each image in the fold that validates it, mean over seeds');
	expect(imageScoreOf({ seeds: [1, 2], split: folded }, 'test')).toBe(', mean over 2 seeds × 5 folds');
});

it('counts the images of the parts and of the folds', () => {
	expect(splitInWords({ train: ['a', 'b'], validation: ['c'], test: [] })).toBe('2 train · 1 validation · 0 test');
	const dealt = { train: ['z'], validation: ['a', 'b', 'c', 'd'], test: ['t'], folds: [['a', 'b'], ['c'], ['d']] };
	expect(splitInWords(dealt)).toBe('3 folds of 1 to 2 images · 1 train always · 1 test');
	expect(splitInWords({ ...dealt, train: [], folds: [['a'], ['c'], ['d']] })).toBe('3 folds of 1 image · 1 test');
});

it('says why too few images cannot be dealt, and what to do', () => {
	expect(splitProblem({ train: [], validation: ['a', 'b'], test: [], folds: [['a'], [], ['b']] })).toBe(
		'3 folds need at least 3 images, or groups of images, besides the test images, and there are 2. Choose fewer folds, or test on fewer images.',
	);
	expect(splitProblem({ train: [], validation: ['a', 'b', 'c'], test: [], folds: [['a'], ['c'], ['b']] })).toBe('');
	expect(splitProblem({ train: [], validation: ['a'], test: [] })).toContain('No image is left to train on');
	expect(splitProblem({ train: ['a'], validation: [], test: [] })).toBe('');
});
