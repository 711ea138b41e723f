/** Finding a loss by any of its words. */
import type { AnyLoss } from '#lib/losses/contract.ts';

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** `ce` for Cross-entropy, `gd` for Generalized Dice. */
const initials = (name: string): string => plain(name).replace(/(\p{L})\p{L}*|[^\p{L}]+/gu, '$1');

/** How well a word fits a name: 0 is best. */
function distance(name: string, word: string): number {
	if (name === word) return 0;
	if (name.startsWith(word)) return 1;
	return name.split(/[\s-]+/u).some((part) => part.startsWith(word)) ? 2 : 3;
}

/** Everything in the description of a loss that a person may look for. */
function textOf(loss: AnyLoss): string {
	const sources = loss.sources.flatMap(({ authors, year, title, venue }) => [authors, String(year), title, venue]);
	const params = Object.entries(loss.params).flatMap(([key, { label }]) => [key, label]);
	const said = [loss.summary, loss.goodWhen, loss.badWhen, loss.formula, ...Object.values(loss.symbols)];
	return plain([loss.id, loss.name, initials(loss.name), loss.family, ...said, ...params, ...sources].join(' '));
}

/**
 * The losses in whose description every word of the query stands somewhere; those that are called so first, else in their order.
 * Case and accents do not count.
 */
export function searchLosses(losses: readonly AnyLoss[], query: string): readonly AnyLoss[] {
	const sought = plain(query).trim();
	if (sought === '') return losses;
	const words = sought.split(/\s+/u);
	const found = losses.filter((loss) => words.every((word) => textOf(loss).includes(word)));
	const rank = (loss: AnyLoss): number => (initials(loss.name) === sought ? 0 : distance(plain(loss.name), sought));
	return found.sort((a, b) => rank(a) - rank(b));
}
