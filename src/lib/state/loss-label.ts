/** Short names of losses with their parameters, as they stand over a column. */
import type { AnyLoss } from '#lib/losses/contract.ts';
import type { ParamValue } from '#lib/core/params.ts';

/** `.3` for 0.3, `2` for 2. */
const short = (value: ParamValue): string => (typeof value === 'number' ? String(value).replace(/^0\./u, '.') : String(value));

/** The loss' name; Tversky always with its weights, others with what differs from their defaults. */
export function lossLabel(loss: AnyLoss, values: Readonly<Record<string, ParamValue>>): string {
	const { alpha, beta } = values;
	if (loss.id === 'tversky' && alpha !== undefined && beta !== undefined) return `${loss.name} ${short(alpha)}/${short(beta)}`;
	const changed = Object.entries(loss.params).filter(([key, param]) => values[key] !== undefined && values[key] !== param.default);
	const shown = changed.map(([key]) => `${key} ${short(values[key] ?? '')}`);
	return [loss.name, ...shown].join(' ').slice(0, 60);
}
