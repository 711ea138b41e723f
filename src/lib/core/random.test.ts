import { describe, expect, it } from 'vitest';
import { murmur3, RandomStream } from './random.ts';

describe('murmur3', () => {
	// Known answers of MurmurHash3_x86_32 (smhasher's reference, as tabulated on Wikipedia and by StackOverflow 14747343).
	it.each([
		[[], 0, 0],
		[[], 1, 0x514e28b7],
		[[], 0xffffffff, 0x81f16f39],
		[[0xffffffff], 0, 0x76293b50],
		[[0x87654321], 0, 0xf55b516b],
		[[0x87654321], 0x5082edee, 0x2362f9de],
		[[0], 0, 0x2362f9de],
		[[0x74736574], 0, 0xba6bd213], // the bytes "test"
	])('hashes %j with seed %i to the published value', (words, seed, expected) => {
		expect(murmur3(words, seed)).toBe(expected);
	});
});

describe('RandomStream', () => {
	it('equals the hash of its whole address', () => {
		expect(new RandomStream(7, 'shuffle', 3).bits(9)).toBe(murmur3([7, 3, 3, 9]));
	});

	it('gives each purpose its own numbers', () => {
		expect(new RandomStream(1, 'split').bits(0)).not.toBe(new RandomStream(1, 'weights').bits(0));
	});

	it('permutes without loss', () => {
		const order = new RandomStream(5, 'shuffle', 1).permutation(100);
		expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
	});

	it('has uniform and normal moments', () => {
		const stream = new RandomStream(11, 'sample');
		const count = 20000;
		let uniform = 0;
		let normal = 0;
		let square = 0;
		for (let i = 0; i < count; i++) {
			uniform += stream.uniform(i);
			const z = stream.normal(i + count);
			normal += z;
			square += z * z;
		}
		// Standard errors: 0.29/√20000 = 0.002, 1/√20000 = 0.007, √2/√20000 = 0.01; bounds at five of them.
		expect(Math.abs(uniform / count - 0.5)).toBeLessThan(0.01);
		expect(Math.abs(normal / count)).toBeLessThan(0.035);
		expect(Math.abs(square / count - 1)).toBeLessThan(0.05);
	});
});
