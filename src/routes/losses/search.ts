/** Finding a loss by any of its words. */
import type { AnyLoss } from '#lib/losses/contract.ts';

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** True when every word of the query stands somewhere in the loss' description. Case and accents do not count. */
export function matchesLoss(loss: AnyLoss, query: string): boolean {
	const sources = loss.sources.flatMap(({ authors, year, title, venue }) => [authors, String(year), title, venue]);
	const params = Object.entries(loss.params).flatMap(([key, { label }]) => [key, label]);
	const words = [loss.id, loss.name, loss.family, loss.summary, loss.formula, ...Object.values(loss.symbols), ...params, ...sources];
	const text = plain(words.join(' '));
	return plain(query)
		.split(/\s+/u)
		.every((word) => text.includes(word));
}
