/** What a report card says, in words: each finding with a verdict. Warnings never forbid training. */
import type { CaseId, ReportCard } from '#lib/core/report-card.ts';

export interface Finding {
	readonly verdict: 'good' | 'warning' | 'bad';
	readonly title: string;
	readonly detail: string;
}

export const caseNames: Readonly<Record<CaseId, string>> = {
	perfect: 'Perfect prediction',
	inverted: 'Everything the wrong way round',
	empty: 'Empty mask, nothing predicted',
	full: 'Full mask, all predicted',
	onePixel: 'One true pixel, undecided prediction',
	random: 'Random prediction',
};

const listed = (ids: readonly CaseId[]): string => ids.map((id) => caseNames[id].toLowerCase()).join('; ');

function finiteness({ cases }: ReportCard): Finding {
	const values = cases.filter(({ value }) => !Number.isFinite(value)).map(({ id }) => id);
	const slopes = cases.filter(({ value, slope }) => Number.isFinite(value) && !Number.isFinite(slope)).map(({ id }) => id);
	if (values.length + slopes.length === 0)
		return { verdict: 'good', title: 'Finite', detail: 'Value and gradient are numbers in every case.' };
	const parts = [
		values.length > 0 ? `no number as value: ${listed(values)}` : '',
		slopes.length > 0 ? `no number in the gradient: ${listed(slopes)}` : '',
	];
	return {
		verdict: 'bad',
		title: 'Not finite',
		detail: `There is ${parts.filter(Boolean).join('; ')}. A run stops at the first such step. Add a small number before dividing or taking a logarithm, or use the logits.`,
	};
}

function constancy({ cases }: ReportCard): Finding | null {
	const [first] = cases;
	const still = cases.every(({ slope }) => slope === 0);
	if (!still && !cases.every(({ value }) => value === first?.value)) return null;
	return { verdict: 'bad', title: 'Constant', detail: 'Value or gradient is the same whatever is predicted, so nothing is learned.' };
}

function gradient({ slopeError }: ReportCard): Finding {
	const percent = `${(100 * slopeError).toPrecision(2)} %`;
	if (slopeError < 0.02)
		return {
			verdict: 'good',
			title: 'Gradient as measured',
			detail: `Along drawn directions it is ${percent} off from what small changes do.`,
		};
	return {
		verdict: 'warning',
		title: 'Gradient differs from what small changes do',
		detail: Number.isFinite(slopeError)
			? `By ${percent}: a stopped gradient, a step or a sharp bend does that. The net follows the gradient, not the value.`
			: 'It could not be compared, because one of the two is no number.',
	};
}

function best({ cases }: ReportCard): Finding {
	const value = (id: CaseId) => cases.find((entry) => entry.id === id)?.value ?? Number.NaN;
	const [perfect, inverted, random] = [value('perfect'), value('inverted'), value('random')];
	if (perfect < inverted && perfect < random)
		return { verdict: 'good', title: 'Perfect is best', detail: 'A perfect prediction has the lowest value of the three.' };
	return {
		verdict: 'warning',
		title: 'Perfect is not best',
		detail: `Perfect ${perfect.toPrecision(4)}, random ${random.toPrecision(4)}, all wrong ${inverted.toPrecision(4)}: training goes to the lowest. Is a minus missing, or are yTrue and yPred exchanged?`,
	};
}

function cost({ costOverDice }: ReportCard): Finding {
	const times = `${costOverDice.toPrecision(2)} times`;
	return { verdict: 'good', title: 'Cost', detail: `Value and gradient take ${times} what those of Dice take.` };
}

/** The findings, worst first. */
export function findingsOf(card: ReportCard): readonly Finding[] {
	const order = ['bad', 'warning', 'good'];
	const constant = constancy(card);
	const findings = [finiteness(card), ...(constant ? [constant] : []), best(card), gradient(card), cost(card)];
	return findings.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}
