import { expect, it } from 'vitest';
import { findLoss, lossShelf } from '#lib/losses/index.ts';
import { families } from './families.ts';
import { matchesLoss } from './search.ts';

const ids = (query: string): string[] => lossShelf.filter((loss) => matchesLoss(loss, query)).map((loss) => loss.id);

it('finds every loss without a word', () => expect(ids('  ')).toHaveLength(lossShelf.length));

it('finds by author without accents, by symbol and by several words in any order', () => {
	expect(ids('dollar')).toContain('focal'); // Dollár is one of its authors
	expect(ids('γ')).toContain('focal');
	expect(ids('gholipour TVERSKY')).toContain('tversky');
});

it('finds nothing for a word that stands nowhere', () => expect(ids('zebra')).toEqual([]));

it('has words for the family of every loss', () => {
	const named = new Set(families.map((family) => family.id));
	expect(lossShelf.filter((loss) => !named.has(loss.family)).map((loss) => loss.id)).toEqual([]);
	expect(findLoss('dice')?.family).toBe('region');
});
