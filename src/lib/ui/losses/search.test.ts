import { expect, it } from 'vitest';
import { findLoss, lossShelf } from '#lib/losses/index.ts';
import { families } from './families.ts';
import { searchLosses } from './search.ts';

const ids = (query: string): string[] => searchLosses(lossShelf, query).map((loss) => loss.id);

it('finds every loss without a word', () => expect(ids('  ')).toHaveLength(lossShelf.length));

it('finds by author without accents, by symbol and by several words in any order', () => {
	expect(ids('dollar')).toContain('focal'); // Dollár is one of its authors
	expect(ids('γ')).toContain('focal');
	expect(ids('gholipour TVERSKY')).toContain('tversky');
});

it('puts first what is called so, then what begins so, then what has a word that does', () => {
	const found = ids('Dice');
	expect(found[0]).toBe('dice');
	expect(found.indexOf('dicePlusPlus')).toBeLessThan(found.indexOf('generalizedDice'));
	expect(found.at(-1)).not.toMatch(/dice$/iu);
});

it('knows initials', () => expect(ids('CE')[0]).toBe('crossEntropy'));

it('finds nothing for a word that stands nowhere', () => expect(ids('zebra')).toEqual([]));

it('has words for the family of every loss', () => {
	const named = new Set(families.map((family) => family.id));
	expect(lossShelf.filter((loss) => !named.has(loss.family)).map((loss) => loss.id)).toEqual([]);
	expect(findLoss('dice')?.family).toBe('region');
});
