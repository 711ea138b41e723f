/** Short names of losses with their parameters, as they stand over a column. */
import { learnsWeights, weightedSumId, type LossChoice, type LossTerm } from '#lib/core/loss-choice.ts';
import type { AnyLoss } from '#lib/losses/contract.ts';
import { findLoss } from '#lib/losses/index.ts';
import { resolveLoss } from '#lib/losses/resolve.ts';
import type { ParamValue } from '#lib/core/params.ts';

/** Longest label that a spec takes. */
export const longestLabel = 60;

/** `.3` for 0.3, `2` for 2. */
const short = (value: ParamValue): string => (typeof value === 'number' ? String(value).replace(/^(-?)0\./u, '$1.') : String(value));

/** The loss' name; Tversky always with its weights, others with what differs from their defaults. */
function lossLabel(loss: AnyLoss, values: Readonly<Record<string, ParamValue>>): string {
	const { alpha, beta } = values;
	if (loss.id === 'tversky' && alpha !== undefined && beta !== undefined) return `${loss.name} ${short(alpha)}/${short(beta)}`;
	const changed = Object.entries(loss.params).filter(([key, param]) => values[key] !== undefined && values[key] !== param.default);
	return [loss.name, ...changed.map(([key]) => `${key} ${short(values[key] ?? '')}`)].join(' ');
}

/** `Dice`, `.5·CE`, `Boundary ↗` where its weight rises. */
function termLabel({ loss, weight: { curve, from, to } }: LossTerm, weighted: boolean): string {
	const name = loss === 'crossEntropy' ? 'CE' : (findLoss(loss)?.name ?? loss);
	if (!weighted) return name;
	if (curve !== 'constant' && from !== to) return `${name} ${from < to ? '↗' : '↘'}`;
	return from === 1 ? name : `${short(from)}·${name}`;
}

function sumLabel(terms: readonly LossTerm[], learned: boolean): string {
	return terms.map((term) => termLabel(term, !learned)).join(' + ') + (learned ? ', learned' : '');
}

/** What the page calls a loss unless the person gives it another name. */
export function autoLabel({ loss, values, terms = [], own }: Pick<LossChoice, 'loss' | 'values' | 'terms' | 'own'>): string {
	const known = resolveLoss({ loss, own });
	const label = loss === weightedSumId ? sumLabel(terms, learnsWeights(values)) : known ? lossLabel(known, values) : loss;
	return label.length > longestLabel ? `${label.slice(0, longestLabel - 1).trimEnd()}…` : label;
}

/** The change with its label brought up to date, unless the person had given one. */
export function relabelled(before: LossChoice, after: LossChoice): LossChoice {
	return before.label === autoLabel(before) ? { ...after, label: autoLabel(after) } : after;
}
