import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode, type ErrorFacts } from '#lib/core/errors.ts';
import { messageFor, messageForUnknown } from './messages.ts';

/** The codes as `core/errors.ts` lists them. */
const source = readFileSync(new URL('../core/errors.ts', import.meta.url), 'utf8');
const union = source.slice(source.indexOf('export type ErrorCode'), source.indexOf(';', source.indexOf('export type ErrorCode')));
const codes = [...union.matchAll(/'([a-z-]+)'/gu)].map(([, code]) => code as ErrorCode);

describe('messages', () => {
	it('cover every code', () => expect(codes.length).toBeGreaterThan(25));

	it.each(codes)('%s says what happened, why, and what next, without any facts', (code) => {
		const { title, detail, next } = messageFor({ code, facts: {} });
		for (const part of [title, detail, next]) {
			expect(part.trim()).not.toBe('');
			expect(part).not.toMatch(/undefined|null|NaN|\[object|\s{2,}|\.\./u);
		}
		expect(title).not.toMatch(/\.$/u);
		expect(detail).toMatch(/[.!?]$/u);
		expect(next).toMatch(/[.!?]$/u);
	});

	it('fill in file names', () => {
		for (const code of ['image-unreadable', 'image-too-large', 'format-unsupported', 'file-empty', 'model-unreadable'] as const) {
			expect(messageFor(new AppError(code, { name: 'plate-7.tif' })).title).toContain('plate-7.tif');
		}
	});

	it('fill in what the rooms tell, in their own keys', () => {
		const detail = (code: ErrorCode, facts: ErrorFacts): string => messageFor(new AppError(code, facts)).detail;
		const sizes = { imageWidth: 512, imageHeight: 400, maskWidth: 400, maskHeight: 512 };
		expect(detail('mask-size-differs', { ...sizes, exchanged: 0 })).toBe('The image has 512 × 400 pixels, the mask 400 × 512.');
		expect(detail('mask-size-differs', { ...sizes, exchanged: 1 })).toContain('turned by a quarter');
		expect(detail('image-unreadable', { format: 'PNG', reason: 'ends too early' })).toBe('This PNG file ends too early.');
		expect(detail('image-too-large', { width: 40_000, height: 10, maxSide: 32_768, maxMegapixels: 268 })).toBe(
			'It was refused before anything was decoded: it has 40000 × 10 pixels; the longest side may have 32\u202f768 pixels and the whole 268 million.',
		);
		expect(detail('mask-has-too-many-values', { most: 64 })).toContain('At most 64');
		expect(detail('zip-too-large', { maxEntries: 20_000, maxTotalBytes: 2_000_000_000 })).toContain('20\u202f000 files of together 2 GB');
		expect(detail('spec-invalid', { parameter: 'classWeights', given: 2, classes: 3 })).toContain(
			'classWeights has 2 numbers for 3 classes',
		);
		expect(detail('not-finite', { what: 'gradient', step: 1200 })).toContain(
			'The gradient became infinite or no number at all at step 1\u202f200',
		);
		expect(detail('backend-unavailable', { backend: 'wasm', missing: 'SIMD' })).toContain('no SIMD');
		expect(detail('out-of-memory', { shape: '4×256×256×16' })).toContain('a tensor of 4×256×256×16');
		expect(detail('out-of-memory', { neededBytes: 6e9, limitBytes: 2 ** 32 })).toContain(
			'about 6 GB and not given; WebAssembly reaches 4.3 GB',
		);
		expect(detail('dataset-changed', { dataset: 'cells' })).toContain('of cells');
	});

	it('give an unknown failure its own text', () => {
		expect(messageForUnknown(new Error('x is not a function')).detail).toBe('x is not a function');
		expect(messageForUnknown(new AppError('cancelled')).title).toBe('Stopped');
	});
});
