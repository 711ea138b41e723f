import { expect, test } from 'vitest';
import { attempt } from './attempt.ts';
import { mutated } from './mutate.ts';
import { seeds } from './seeds.ts';

const made = seeds(false);

test('200 mutants of small files of every format are read or refused', async () => {
	const bad = [];
	for (let number = 0; number < 200; number++) {
		const result = await attempt(made, 1, number);
		if (result.verdict !== 'read' && result.verdict !== 'refused') bad.push({ number, ...result });
	}
	expect(bad).toEqual([]);
});

test('the same seed and number give the same mutant, another number another one', () => {
	const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
	const mutant = (number: number): string => String(mutated(bytes, bytes, 1, number));
	expect(mutant(7)).toBe(mutant(7));
	expect(new Set(Array.from({ length: 20 }, (_, number) => mutant(number))).size).toBeGreaterThan(15);
});

test('the files before their mutation are whole', async () => {
	const refused = [];
	for (const [number, { name }] of made.entries()) {
		const { verdict } = await attempt(made, 1, number, (bytes) => bytes);
		if (verdict !== 'read') refused.push(name);
	}
	// As masks, these hold numbers beyond 65,535, or fractions beyond 1.
	expect(refused).toEqual(['labels.npy', 'float32-bytes-big.tif']);
});
