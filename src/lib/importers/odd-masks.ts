/** Masks that do not go with the other masks of their data set. */
import { AppError } from '#lib/core/errors.ts';
import type { CandidatePair } from './candidate-pairs.ts';
import { maxClasses } from './label-proposal.ts';
import type { MaskFacts } from './mask-values.ts';
import type { ImportProblem } from './opened-file.ts';
import type { Examined } from './pair-reader.ts';
import { looksLikePhoto } from './value-readings.ts';

/** All files of a pair with what was learnt from them. */
export type ExaminedPair = CandidatePair & Examined;

export interface Examination {
	readonly good: readonly ExaminedPair[];
	readonly problems: readonly ImportProblem[];
}

/** The failure of a pair's file, with all files that are left out because of it. */
export function problemOf(pair: CandidatePair, error: AppError): ImportProblem {
	const region = pair.regionPath === null ? [] : [pair.regionPath];
	return {
		paths: [pair.imagePath, ...pair.channelPaths, ...pair.maskPaths, ...region],
		code: error.code,
		facts: { path: pair.imagePath, ...error.facts },
	};
}

/** True for whole numbers that are no levels: beside probabilities, what is 1 in the one is 255 in the other. */
function isOnAnotherScale({ probabilities, counts }: MaskFacts): boolean {
	const largest = counts.at(-1)?.[0] ?? 0;
	return !probabilities && largest > 0 && largest < 255;
}

interface Odd {
	readonly pairs: readonly ExaminedPair[];
	readonly error: AppError;
}

function mixed(holds: string, others: string): AppError {
	return new AppError('image-unreadable', {
		format: 'mask',
		reason: `holds ${holds} where other masks hold ${others}, so that 1 means two things`,
	});
}

/** Whole numbers among probabilities, or the reverse: the fewer of the two. */
function onAnotherScale(pairs: readonly ExaminedPair[]): Odd {
	const [fractions, numbers] = ['fractions from 0 to 1', 'whole numbers'];
	const withFractions = pairs.filter(({ masks }) => masks.some(({ probabilities }) => probabilities));
	const withNumbers = pairs.filter(({ masks }) => masks.some(isOnAnotherScale));
	return withNumbers.length > withFractions.length && withFractions.length > 0
		? { pairs: withFractions, error: mixed(fractions, numbers) }
		: { pairs: withFractions.length > 0 ? withNumbers : [], error: mixed(numbers, fractions) };
}

/** Photos among masks. When most masks are strange, they are not strange but the rule; the labels then say so. */
function photos(pairs: readonly ExaminedPair[]): Odd {
	const strange = pairs.filter(({ masks }) => masks.some(looksLikePhoto));
	const error = new AppError('mask-has-too-many-values', { most: maxClasses });
	return { pairs: strange.length * 2 >= pairs.length ? [] : strange, error };
}

/** The pairs whose masks go together; the others join the problems. Masks that are known to be right are not looked at. */
export function withoutOddMasks(
	good: readonly ExaminedPair[],
	problems: readonly ImportProblem[],
	isKnown: (pair: CandidatePair) => boolean,
): Examination {
	return [onAnotherScale, photos].reduce<Examination>(
		(left, find) => {
			const { pairs, error } = find(left.good.filter((pair) => !isKnown(pair)));
			const added = pairs.map((pair) => problemOf(pair, error));
			const odd = new Set(pairs);
			return { good: left.good.filter((pair) => !odd.has(pair)), problems: [...left.problems, ...added] };
		},
		{ good, problems },
	);
}
