import { describe, expect, it } from 'vitest';
import { readCode } from './code.ts';

describe('reading loss code', () => {
	it.each([
		['(y, p) => y', 'return (y, p) => y', ''],
		['const a = 1;\n// about\n(y, p) => y', 'const a = 1;\n// about\nreturn (y, p) => y', ''],
		['function dice(y, p) { return y; }', 'function dice(y, p) { return y; }\n;return dice;', 'dice'],
		['const dice = (y, p) => y;', 'const dice = (y, p) => y;\n;return dice;', 'dice'],
		[
			'class A extends Loss { call(y, p) { return y; } }\n// the end',
			'class A extends Loss { call(y, p) { return y; } }\n// the end\n;return A;',
			'A',
		],
	])('returns what %j ends in', (code, body, name) => {
		expect(readCode(code)).toEqual({ body, name, params: {}, warnings: [] });
	});

	it('warns of arguments that are called the other way round', () => {
		const warnings = (code: string) => {
			const parts = readCode(code);
			return 'warnings' in parts ? parts.warnings.map(({ line, message }) => `${line} ${message}`) : ['no parts'];
		};
		expect(warnings('// Mine.\n(yPred, yTrue) => tf.mean(yPred.sub(yTrue))')).toEqual([
			'2 The truth is given first and the prediction second: yPred will hold the truth. Write (yTrue, yPred) unless that is meant.',
		]);
		expect(warnings('class A extends Loss {\n\tcall(predicted, target) { return predicted; }\n}')[0]).toMatch(/^2 /u);
		expect(warnings('(yTrue, yPred) => tf.mean(yPred)')).toEqual([]);
		expect(warnings('(a, b) => tf.mean(b)')).toEqual([]);
	});

	it('makes sliders of the parameters of a constructor', () => {
		const parts = readCode(
			'class A extends Loss { constructor({ gamma = 2, alpha = 0.25 /* 0 … 1 */, smooth = 1e-6, squared = false, other = [1] } = {}) { super(); } call(y, p) { return y; } }',
		);
		expect(parts).toMatchObject({
			params: {
				gamma: { kind: 'number', default: 2, min: 0, max: 8 },
				alpha: { kind: 'number', default: 0.25, min: 0, max: 1 },
				smooth: { kind: 'number', default: 1e-6, min: 0, max: 1 },
				squared: { kind: 'boolean', default: false },
			},
		});
		expect(Object.keys('params' in parts ? parts.params : {})).not.toContain('other');
	});

	it.each([
		['', 0, /no code/],
		['// nothing', 0, /only comments/],
		['(y, p) => {\n\treturn y;\n', 3, /too early|cannot be read/],
		['const a = ;\n(y) => y', 1, /cannot be read/],
		['import * as tf from "x";\n(y) => y', 1, /need be imported/],
		['export default (y) => y', 1, /export/],
		['for (;;) {}', 1, /must end with/],
	])('says what is wrong with %j', (code, line, message) => {
		expect(readCode(code)).toEqual({ line, message: expect.stringMatching(message) as string });
	});
});
