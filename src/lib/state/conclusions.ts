/** What the numbers of an experiment allow to say, in sentences, and no more than that. Pure. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { PairComparison } from '#lib/stats/compare-pairs.ts';
import { foldsCaveat, repeatsInWords } from './repeats.ts';

interface Row {
	readonly name: string;
	readonly values: Readonly<Record<string, number | null>>;
	readonly spreads?: Readonly<Record<string, number | null>>;
	readonly flag: string;
}

export interface Measured {
	/** `validation` or `test`. */
	readonly part: string;
	readonly images: number;
	readonly spec: Pick<ExperimentSpec, 'seeds' | 'split'>;
	/** Pooled scores of each loss. */
	readonly rows: readonly Row[];
	/** Losses against each other on the same images. */
	readonly pairs: readonly PairComparison[];
}

const score = (value: number): string => value.toFixed(3);

function highest({ part, rows }: Measured): string[] {
	const known = rows.flatMap(({ name, values, spreads }) =>
		typeof values['dice'] === 'number' ? [{ name, dice: values['dice'], spread: spreads?.['dice'] ?? null }] : [],
	);
	const best = Math.max(...known.map(({ dice }) => dice));
	if (known.length === 0) return [`No loss has a Dice on the ${part} part.`];
	return known
		.filter(({ dice }) => dice === best)
		.map(
			({ name, dice, spread }) =>
				`${name} has the highest pooled ${part} Dice: ${score(dice)}${spread === null ? '' : ` ± ${score(spread)}`}.`,
		);
}

function clearPair({ first, second, firstBetter, secondBetter, images, difference, pValue, verdict }: PairComparison): string {
	const [better, worse, on] = verdict === 'first' ? [first, second, firstBetter] : [second, first, secondBetter];
	const sign = verdict === 'first' ? 1 : -1;
	const bounds = [difference?.low ?? 0, difference?.high ?? 0].map((bound) => sign * bound).sort((a, b) => a - b);
	const p = pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(3)}`;
	return `${better} is better than ${worse} on ${on} of ${images} images: mean gap in Dice ${score(sign * (difference?.mean ?? 0))}, 95 % interval ${bounds.map(score).join(' to ')}, ${p} after Holm’s correction.`;
}

/** Unclear pairs that are told one by one; of more, the table tells. */
const mostUnclear = 6;

function unclearPairs(pairs: readonly PairComparison[]): string[] {
	if (pairs.length > mostUnclear) return [`Of ${pairs.length} further pairs of losses, no difference is clear.`];
	return pairs.map(({ first, second, difference }) => {
		const gap = difference
			? `: mean gap in Dice ${score(difference.mean)}, 95 % interval ${score(difference.low)} to ${score(difference.high)}`
			: '';
		return `Between ${first} and ${second} no difference is clear${gap}.`;
	});
}

function differences({ images, pairs }: Measured): string[] {
	const isClear = ({ verdict }: PairComparison): boolean => verdict === 'first' || verdict === 'second';
	const clear = pairs.filter(isClear);
	if (clear.length > 0) return [...clear.map(clearPair), ...unclearPairs(pairs.filter((pair) => !isClear(pair)))];
	if (pairs.length === 0) return [];
	if (pairs.every(({ verdict }) => verdict === 'too-few')) return [`${images} images are too few to tell any two losses apart.`];
	return [`No difference between two losses is clear on these ${images} images.`];
}

function repeated(spec: Measured['spec']): string[] {
	if (spec.split.folds !== undefined) {
		const runs = spec.seeds.length * spec.split.folds;
		return [`Each loss was trained on ${repeatsInWords(spec)} (N = ${runs}); ± is the standard deviation over them.`, foldsCaveat];
	}
	return spec.seeds.length === 1
		? ['One seed was trained (N = 1): with another seed the order may be another.']
		: [`${spec.seeds.length} seeds were trained; ± is the standard deviation over them.`];
}

/** Sentences in the order of their weight: what failed, what scored highest, which differences can be trusted, how far that goes. */
export function conclusionsOf(measured: Measured): readonly string[] {
	const { rows, spec, part, images } = measured;
	if (images === 0) return ['There are neither validation nor test images: nothing was scored, so nothing can be concluded.'];
	return [
		...rows.filter(({ flag }) => flag !== '').map(({ name, flag }) => `${name}: ${flag}.`),
		...highest(measured),
		...differences(measured),
		...repeated(spec),
		...(part === 'validation'
			? ['Validation images also chose the best epoch, which flatters every loss a little; there is no test part.']
			: []),
	];
}
