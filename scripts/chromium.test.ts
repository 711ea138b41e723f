import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { disabledByPlaywright } from './chromium.mjs';

it('repeats every feature that Playwright switches off', () => {
	const folder = join(createRequire(import.meta.url).resolve('playwright-core/package.json'), '..');
	const source = readFileSync(join(folder, 'lib/coreBundle.js'), 'utf8');
	const [, list = ''] = /\n\s*disabledFeatures = \[(.*?)\]/su.exec(source) ?? [];
	const names = [...list.matchAll(/^\s*"(\w+)",?$/gmu)].map(([, name]) => name);
	expect(names).toEqual(disabledByPlaywright);
	expect(names.length).toBeGreaterThan(0);
});
