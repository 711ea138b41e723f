import { describe, expect, it } from 'vitest';
import { foldersOf, lastPart, shortNames } from './paths.ts';

describe('paths', () => {
	it.each([
		['a/b/c.png', 'a/b/', 'c.png'],
		['c.png', '', 'c.png'],
		['a/', 'a/', ''],
	])('%s is in %j and named %j', (path, folders, name) => {
		expect([foldersOf(path), lastPart(path)]).toEqual([folders, name]);
	});

	it('are shortened to names that no other file has', () => {
		const files = ['x/1.png', 'y/1.png', 'y/2.png'].map((path) => ({ name: lastPart(path), path }));
		expect(shortNames(files)).toEqual(['x/1.png', 'y/1.png', '2.png']);
	});
});
