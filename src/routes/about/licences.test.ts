import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { libraries } from './licences.ts';

interface Package {
	readonly license: string;
	readonly dependencies: Readonly<Record<string, string>>;
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Package;

it('names every library that the app is built with', () => {
	const built = [...Object.keys(read('package.json').dependencies), 'svelte', '@sveltejs/kit'].sort();
	expect(libraries.map((library) => library.name).sort()).toEqual(built);
});

it.each(libraries)('states the licence of $name as its package does', ({ name, licence }) => {
	expect(read(`node_modules/${name}/package.json`).license).toBe(licence);
});

it('states the licence of Overlap itself', () => expect(read('package.json').license).toBe('Apache-2.0'));
