import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '#lib/core/errors.ts';
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

	it('fill in sizes, steps and bytes', () => {
		const sizes = messageFor(
			new AppError('mask-size-differs', { name: 'm.png', imageWidth: 512, imageHeight: 512, maskWidth: 512, maskHeight: 510 }),
		);
		expect(sizes.detail).toContain('512 × 512');
		expect(sizes.detail).toContain('512 × 510');
		expect(messageFor(new AppError('not-finite', { run: 'Tversky', step: 1200 })).detail).toContain('step 1\u202f200');
		expect(messageFor(new AppError('out-of-memory', { neededBytes: 2_000_000_000 })).detail).toContain('2 GB');
	});

	it('give an unknown failure its own text', () => {
		expect(messageForUnknown(new Error('x is not a function')).detail).toBe('x is not a function');
		expect(messageForUnknown(new AppError('cancelled')).title).toBe('Stopped');
	});
});
