import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#lib/core/errors.ts';
import { defaultSpec } from '#lib/core/experiment.ts';
import { answersMarkdown, lessonFromHash, lessonToHash, type Lesson } from './lesson-link.ts';
import { toLinkText } from './link-text.ts';

const lesson: Lesson = {
	version: 1,
	title: 'Why does Dice find small cells? 小さな細胞',
	questions: ['Which loss is ahead after 3 epochs?', '<img src=x onerror=alert(1)> & "quotes"'],
	hidden: ['data', 'model'],
	sample: { recipe: 'cells', values: { images: 8, size: 64, foreground: 12, noise: 4 }, seed: 7 },
	spec: {
		...defaultSpec,
		losses: [{ key: 'dice', label: 'Dice', loss: 'dice', values: {}, learningRateFactor: 1 }],
	},
};

const own = {
	key: 'own-loss',
	label: 'Mine',
	loss: 'ownLoss',
	values: {},
	own: { name: 'Mine', code: '(y, p) => tf.mean(p)', params: {}, graphs: [] },
	learningRateFactor: 1,
};

/** What reading a hash with this inside ends with. */
function refusalOf(content: unknown): ErrorCode | 'read' {
	return refusalOfHash(`#lesson=${toLinkText(content)}`);
}

function refusalOfHash(hash: string): ErrorCode | 'read' {
	try {
		lessonFromHash(hash);
		return 'read';
	} catch (error) {
		return (error as { code: ErrorCode }).code;
	}
}

describe('the link to a lesson', () => {
	it('carries title, questions, steps, sample and choices there and back', () => {
		expect(lessonFromHash(lessonToHash(lesson) ?? '')).toEqual(lesson);
		expect(lessonToHash(lesson)).toMatch(/^#lesson=[A-Za-z0-9_-]+$/);
	});

	it('carries any text of a line as it is', () => {
		const text = (maxLength: number) => fc.string({ unit: 'grapheme', minLength: 1, maxLength }).filter((line) => /^.*\S.*$/u.test(line));
		fc.assert(
			fc.property(text(40), fc.array(text(80), { maxLength: 10 }), (title, questions) => {
				expect(lessonFromHash(lessonToHash({ ...lesson, title, questions }) ?? '')).toEqual({ ...lesson, title, questions });
			}),
		);
	});

	it('carries the longest title and questions', () => {
		const longest = { ...lesson, title: '細'.repeat(120), questions: Array<string>(10).fill('胞'.repeat(500)) };
		expect(lessonFromHash(lessonToHash(longest) ?? '')).toEqual(longest);
	});

	it('leaves out which images were moved by hand', () => {
		const spec = { ...lesson.spec, split: { ...lesson.spec.split, overrides: { '00001': 'test' as const } } };
		expect(lessonFromHash(lessonToHash({ ...lesson, spec }) ?? '')).toEqual(lesson);
	});

	it('carries the code of an own loss as text', () => {
		const spec = { ...lesson.spec, losses: [own] };
		expect(lessonFromHash(lessonToHash({ ...lesson, spec }) ?? '')?.spec.losses).toEqual([own]);
	});

	it('is not made when it would be too long to be read', () => {
		const losses = Array.from({ length: 6 }, (_, place) => ({
			...own,
			key: `own-${place}`,
			own: { ...own.own, code: 'x'.repeat(20_000) },
		}));
		expect(lessonToHash({ ...lesson, spec: { ...lesson.spec, losses } })).toBeNull();
	});

	it('reads no lesson in another hash', () => {
		for (const hash of ['', '#main', '#experiment=e30', '#lesson']) expect(lessonFromHash(hash)).toBeNull();
	});
});

describe('a link to a lesson that was tampered with', () => {
	it('is refused when its text is damaged', () => {
		const whole = lessonToHash(lesson) ?? '';
		expect(refusalOfHash(whole)).toBe('read');
		// The bytes of the third are no UTF-8.
		for (const hash of ['#lesson=', '#lesson=%%', '#lesson=_____w', whole.slice(0, -40), `#lesson=${'A'.repeat(100_001)}`])
			expect(refusalOfHash(hash), hash.slice(0, 40)).toBe('lesson-unreadable');
	});

	it.each([
		['nothing', null],
		['a list', []],
		['no version', { ...lesson, version: undefined }],
		['a version as text', { ...lesson, version: '1' }],
		['no title', { ...lesson, title: ' ' }],
		['a title of 121 letters', { ...lesson, title: 'a'.repeat(121) }],
		['a title of two lines', { ...lesson, title: 'a\nb' }],
		['11 questions', { ...lesson, questions: Array(11).fill('a') }],
		['a question of 501 letters', { ...lesson, questions: ['a'.repeat(501)] }],
		['a blank question', { ...lesson, questions: [''] }],
		['a question that is no text', { ...lesson, questions: [{ toString: 'a' }] }],
		['a step that does not exist', { ...lesson, hidden: ['results'] }],
		['hidden data without a sample', { ...lesson, sample: null }],
		['a sample that does not exist', { ...lesson, sample: { ...lesson.sample, recipe: 'constructor' } }],
		['a sample of a million images', { ...lesson, sample: { ...lesson.sample, values: { ...lesson.sample?.values, images: 1_000_000 } } }],
		['a sample between two steps', { ...lesson, sample: { ...lesson.sample, values: { ...lesson.sample?.values, size: 65 } } }],
		['a seed below zero', { ...lesson, sample: { ...lesson.sample, seed: -1 } }],
		['choices out of range', { ...lesson, spec: { ...lesson.spec, net: { ...lesson.spec.net, depth: 99 } } }],
		['no losses', { ...lesson, spec: { ...lesson.spec, losses: [] } }],
	])('is refused as damaged with %s', (_, content) => {
		expect(refusalOf(content)).toBe('lesson-unreadable');
	});

	it.each([
		['a higher version', { version: 2, whatever: true }],
		['a key of its own', { ...lesson, script: 'alert(1)' }],
		['an unknown choice', { ...lesson, spec: { ...lesson.spec, curriculum: 5 } }],
		['an unknown choice inside a step', { ...lesson, spec: { ...lesson.spec, net: { ...lesson.spec.net, attention: true } } }],
		['an unknown value of the sample', { ...lesson, sample: { ...lesson.sample, values: { ...lesson.sample?.values, blur: 1 } } }],
		['the name of a prototype', { ...lesson, constructor: { prototype: {} } }],
	])('is refused as newer with %s', (_, content) => {
		expect(refusalOf(content)).toBe('lesson-newer');
	});

	it('cannot reach the prototype', () => {
		const text = JSON.stringify(lesson).replace('{', '{"__proto__":{"hidden":[]},');
		expect(refusalOf(JSON.parse(text))).toBe('lesson-newer');
		expect(Object.hasOwn(Object.prototype, 'hidden')).toBe(false);
	});

	it('never ends in anything but a lesson or one of the two refusals', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(lesson)), (value, name) => {
				expect(['read', 'lesson-unreadable', 'lesson-newer']).toContain(refusalOf({ ...lesson, [name]: value }));
			}),
		);
		fc.assert(
			fc.property(fc.string(), (text) => {
				expect(refusalOfHash(`#lesson=${text}`)).toBe('lesson-unreadable');
			}),
		);
	});
});

it('copies the questions with their answers as Markdown', () => {
	expect(answersMarkdown({ title: 'Cells', questions: ['Which?', 'Why?'] }, [' Dice.\nBy far. ', ''])).toBe(
		'# Cells\n\n## 1. Which?\n\nDice.\nBy far.\n\n## 2. Why?\n\n–\n',
	);
});
