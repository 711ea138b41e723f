import { expect, it } from 'vitest';
import { pairOf } from './pair.ts';

const runs = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
const ids = (first: string, second: string) => pairOf(runs, first, second)?.map(({ id }) => id);

it('takes the chosen two, and the next free one in place of what is missing', () => {
	expect(ids('c', 'a')).toEqual(['c', 'a']);
	expect(ids('', '')).toEqual(['a', 'b']);
	expect(ids('', 'a')).toEqual(['b', 'a']);
	expect(ids('b', 'gone')).toEqual(['b', 'a']);
});

it('never compares a run with itself, and needs two', () => {
	expect(ids('b', 'b')).toEqual(['b', 'a']);
	expect(pairOf(runs.slice(0, 1), 'a', 'a')).toBeNull();
	expect(pairOf([], '', '')).toBeNull();
});
