import { weightAt, weightedSumId, type WeightSchedule } from '#lib/core/loss-choice.ts';
import type { ChoiceParam, ParamValue } from '#lib/core/params.ts';
import type { AnyLoss, LossInput, Scalar, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';

/** One term of a sum, with its parameter values. */
export interface SumTerm {
	readonly loss: AnyLoss;
	readonly values: Readonly<Record<string, ParamValue>>;
	readonly weight: WeightSchedule;
}

/** The learned number of a term, beside the variables that the term has itself. */
const logVariance = 'logVariance';

/** A name of term `index`, so that two terms never share one. */
const nameOf = (index: number, name: string): string => `${index}/${name}`;

/** What every term has, each under the names of its term. */
function merged<T>(terms: readonly SumTerm[], valuesOf: (term: SumTerm, index: number) => Readonly<Record<string, T>>): Record<string, T> {
	const named = terms.flatMap((term, index) =>
		Object.entries(valuesOf(term, index)).map(([name, value]) => [nameOf(index, name), value] as const),
	);
	return Object.fromEntries(named);
}

/** The entries of term `index`, by the names that the term knows. */
function ownOf<T>(index: number, values: Readonly<Record<string, T>>): Record<string, T> {
	const prefix = nameOf(index, '');
	return Object.fromEntries(
		Object.entries(values).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [])),
	);
}

/**
 * Σ f·(e^(−s)·L + s) with f = 1 as in the authors' code, ½ as in the paper: each loss is weighed by e^(−s), and +s keeps
 * the weights from falling to 0. For a constant loss the best s is ln L.
 */
export function uncertaintySum(tf: Tf, losses: readonly Scalar[], logVariances: readonly Scalar[], halved: boolean): Scalar {
	const terms = losses.map((loss, i) => {
		const s = logVariances[i];
		if (!s) throw new RangeError(`loss ${i} has no log-variance`);
		return tf.add<Scalar>(tf.mul(tf.exp(tf.neg(s)), loss), s);
	});
	return tf.mul(tf.addN(terms), halved ? 0.5 : 1);
}

const weighting: ChoiceParam = {
	kind: 'choice',
	label: 'Weights',
	help: 'Learned weights take the place of the scheduled ones: losses that stay high and noisy get less say. A term that can be below 0 gets ever more say instead.',
	options: [
		{ value: 'scheduled', label: 'as scheduled' },
		{ value: 'uncertainty', label: 'learned: e^(−s)·L + s' },
		{ value: 'uncertaintyHalved', label: 'learned: ½·e^(−s)·L + ½·s' },
	],
	default: 'scheduled',
};

/** A name for each term that people can tell apart. */
function labelsOf(terms: readonly SumTerm[]): string[] {
	return terms.map(({ loss }, index) => {
		const same = terms.filter((term) => term.loss.name === loss.name);
		return same.length > 1
			? `${loss.name} (${terms.slice(0, index + 1).filter((term) => term.loss.name === loss.name).length})`
			: loss.name;
	});
}

/** The scalars of a term's input: its own variables, its own state. */
function inputOf(input: LossInput, index: number): LossInput {
	return { ...input, variables: ownOf(index, input.variables), state: ownOf(index, input.state) };
}

/**
 * A sum of losses whose weights follow a schedule over the run, or are learned as homoscedastic uncertainty.
 *
 * Formula: Σ w_i(t)·L_i; learned: Σ e^(−s_i)·L_i + s_i.
 * Shapes: as its terms → scalar. Everything that a term asks for (targets, variables, memory) works inside the sum.
 */
export function weightedSum(terms: readonly SumTerm[]): AnyLoss {
	const labels = labelsOf(terms);
	const learns = (values: { readonly weighting: string }): boolean => values.weighting !== 'scheduled';
	return defineLoss({
		id: weightedSumId,
		name: 'Weighted sum',
		family: 'compound',
		summary: 'A sum of losses, each with its weight over the run.',
		formula: 'Σ w_i·L_i',
		symbols: { L_i: labels.join(', '), w_i: 'weight of a term: scheduled over the run, or learned as e^(−s_i) while s_i is added' },
		takes: terms.some(({ loss }) => loss.takes === 'logits') ? 'logits' : 'probabilities',
		range: '(−∞, ∞)',
		canBeNegative: true,
		perfectIsMinimum: terms.every(({ loss }) => loss.perfectIsMinimum),
		goodWhen: 'One loss finds the objects and another mends their contours or probabilities.',
		badWhen: 'You want to learn what one loss does: its effect is mixed with the others.',
		edgeCases: 'As its terms. Learned weights may turn the value negative, and grow without bound for a term below 0.',
		sources: [
			{
				authors: 'Kendall, Gal, Cipolla',
				year: 2018,
				title: 'Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics',
				venue: 'CVPR',
				link: 'https://arxiv.org/abs/1705.07115',
			},
		],
		params: { weighting },
		targets: [...new Set(terms.flatMap(({ loss }) => loss.targets ?? []))],
		variables: (values) =>
			merged(terms, (term) => ({ ...term.loss.variables(term.values), ...(learns(values) ? { [logVariance]: 0 } : {}) })),
		memory: {
			first: (_values, facts) => merged(terms, (term) => term.loss.firstState(term.values, facts)),
			update: {
				observe: (tf, input) => merged(terms, ({ loss, values }, index) => loss.observe(tf, inputOf(input, index), values)),
				next: (state, observed) =>
					merged(terms, ({ loss, values }, index) => loss.nextState(ownOf(index, state), ownOf(index, observed), values)),
			},
		},
		readings: (moment, values) => {
			const readings: Record<string, number> = {};
			terms.forEach((term, index) => {
				const label = labels[index] ?? '';
				const own = { ...moment, variables: ownOf(index, moment.variables), state: ownOf(index, moment.state) };
				if (learns(values)) readings[`weight of ${label}`] = Math.exp(-(own.variables[logVariance] ?? 0));
				else if (term.weight.curve !== 'constant') readings[`weight of ${label}`] = weightAt(term.weight, moment.progress);
				for (const [name, value] of Object.entries(term.loss.readings(own, term.values))) readings[`${label}: ${name}`] = value;
			});
			return readings;
		},
		compute(tf, input, values) {
			const losses = terms.map(({ loss, values: own }, index) => loss.compute(tf, inputOf(input, index), own));
			if (!learns(values)) return tf.addN(losses.map((loss, i) => tf.mul<Scalar>(loss, weightAt(terms[i]!.weight, input.progress))));
			const logVariances = terms.flatMap((_, index) => input.variables[nameOf(index, logVariance)] ?? []);
			return uncertaintySum(tf, losses, logVariances, values.weighting === 'uncertaintyHalved');
		},
	});
}
