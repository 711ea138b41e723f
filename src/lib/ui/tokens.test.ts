import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rgbOf } from './run-colours.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const linear = (byte: number): number => (byte <= 10.31475 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);

/** The two values of a `light-dark()` token. */
function token(name: string): { light: string; dark: string } {
	const [, light = '', dark = ''] = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`, 'u').exec(css) ?? [];
	return { light, dark };
}

/** Contrast by WCAG 2.2. */
function contrast(a: string, b: string): number {
	const [x, y] = [a, b].map((hex) => {
		const [red, green, blue] = rgbOf(hex);
		return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05;
	}) as [number, number];
	return Math.max(x, y) / Math.min(x, y);
}

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
	const ratio = (front: string, back: string): number => contrast(token(front)[scheme], token(back)[scheme]);

	it.each(['text', 'text-quiet', 'accent', 'danger'])('%s is readable on every surface', (front) => {
		for (const back of ['page', 'surface', 'hover', 'sunken']) expect(ratio(front, back), back).toBeGreaterThanOrEqual(4.5);
	});

	it('words on the accent and on its tint are readable', () => {
		expect(ratio('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
		expect(ratio('on-accent', 'accent-hover')).toBeGreaterThanOrEqual(4.5);
		for (const front of ['text', 'text-quiet', 'accent']) expect(ratio(front, 'accent-tint'), front).toBeGreaterThanOrEqual(4.5);
	});

	it('edges of controls stand out from what is behind them', () => {
		for (const back of ['page', 'surface']) expect(ratio('line-strong', back), back).toBeGreaterThanOrEqual(3);
	});
});
