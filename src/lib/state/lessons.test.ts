import { beforeEach, expect, it, vi } from 'vitest';
import { defaultSpec } from '#lib/core/experiment.ts';
import type { Records } from '#lib/core/records.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { lessonToHash, type Lesson } from './lesson-link.ts';
import { Lessons } from './lessons.svelte.ts';
import { SpecEditor } from './spec-editor.svelte.ts';
import type { Workbench } from './workbench.svelte.ts';

const sample = { recipe: 'cells', values: { images: 8, size: 64, foreground: 30, noise: 4 }, seed: 3 };

function linkOf(change: Partial<Lesson> = {}): string {
	const spec = { ...defaultSpec, losses: [{ key: 'dice', label: 'Dice', loss: 'dice', values: {}, learningRateFactor: 1 }] };
	const hash = lessonToHash({ title: 'Cells', questions: ['Which?', 'Why?'], hidden: ['model'], sample, spec, ...change });
	if (hash === null) throw new Error('too long');
	return hash;
}

/** As much of a freshly loaded page as a lesson touches. */
function visit(records: Records, experiments: readonly { id: string; createdAt: number }[] = [], current: unknown = null) {
	const page = {
		records,
		experiments,
		datasets: { current },
		spec: new SpecEditor(),
		writable: true,
		error: null as unknown,
		training: { clear: vi.fn(async () => undefined) },
		reopen: vi.fn(async () => undefined),
		useSample: vi.fn(async () => undefined),
	};
	return { page, lessons: new Lessons(page as unknown as Workbench) };
}

const drawn = { source: { kind: 'sample', ...sample } } as unknown as DatasetMeta;

let records: Records;

beforeEach(() => {
	records = memoryRecords('a test');
});

it('takes over the choices of a link and draws its sample', async () => {
	const { page, lessons } = visit(records);
	expect(await lessons.open(linkOf())).toBe(true);
	expect(page.spec.losses.map(({ key }) => key)).toEqual(['dice']);
	expect(page.useSample).toHaveBeenCalledExactlyOnceWith('cells', sample.values, 3);
	expect(lessons.hides('model')).toBe(true);
	expect(lessons.hides('losses')).toBe(false);
	expect(lessons.isOpen(linkOf())).toBe(true);
	expect(lessons.isOpen(linkOf({ title: 'Vessels' }))).toBe(false);
});

it('draws the sample also where one with corrected masks is open, but only the first time', async () => {
	const first = visit(records, [], drawn);
	await first.lessons.open(linkOf());
	expect(first.page.useSample).toHaveBeenCalledOnce();
	const again = visit(records, [], drawn);
	await again.lessons.open(linkOf());
	expect(again.page.useSample).not.toHaveBeenCalled();
	expect(again.lessons.hasItsData).toBe(true);
});

it('draws nothing while another tab is at work, and says that the data are not here', async () => {
	const { page, lessons } = visit(records);
	page.writable = false;
	await lessons.open(linkOf());
	expect(page.useSample).not.toHaveBeenCalled();
	expect(lessons.hasItsData).toBe(false);
});

it('waits for images of the student’s own where the link has no sample', async () => {
	const { page, lessons } = visit(records);
	await lessons.open(linkOf({ sample: null }));
	expect(page.useSample).not.toHaveBeenCalled();
	expect(lessons.hasItsData).toBe(true);
});

it('is there after a reload without the link, with its answers, until it is left', async () => {
	const first = visit(records);
	await first.lessons.open(linkOf());
	await first.lessons.answer(1, 'By the border.');
	const second = visit(records);
	expect(await second.lessons.open('#main')).toBe(true);
	expect(second.lessons.answers).toEqual(['', 'By the border.']);
	await second.lessons.leave();
	expect(second.lessons.current).toBeNull();
	expect(await visit(records).lessons.open('')).toBe(false);
	const third = visit(records);
	await third.lessons.open(linkOf());
	expect(third.lessons.answers).toEqual(['', 'By the border.']);
});

it('keeps the answers of two lessons apart', async () => {
	const { lessons } = visit(records);
	await lessons.open(linkOf());
	await lessons.answer(0, 'Dice.');
	await lessons.open(linkOf({ title: 'Vessels' }));
	expect(lessons.answers).toEqual(['', '']);
});

it('brings back what was trained since it was opened, and nothing older', async () => {
	vi.useFakeTimers({ now: 1000 });
	await visit(records).lessons.open(linkOf());
	vi.useRealTimers();
	const older = visit(records, [{ id: 'older', createdAt: 999 }]);
	await older.lessons.open(linkOf());
	expect(older.page.reopen).not.toHaveBeenCalled();
	const newer = visit(records, [{ id: 'newest', createdAt: 1002 }, { id: 'newer', createdAt: 1001 }, { id: 'older', createdAt: 999 }]); // prettier-ignore
	await newer.lessons.open('');
	expect(newer.page.reopen).toHaveBeenCalledExactlyOnceWith('newest');
	expect(newer.page.useSample).not.toHaveBeenCalled();
});

it('opens nothing of a link that cannot be read, and stays where it was', async () => {
	const { page, lessons } = visit(records);
	await expect(lessons.open('#lesson=e30')).rejects.toMatchObject({ code: 'lesson-unreadable' });
	expect(lessons.current).toBeNull();
	expect(page.spec.losses).toHaveLength(4);
	expect(await records.getSetting('lesson')).toBeUndefined();
});

it('says once that a lesson which was left open can no longer be read', async () => {
	await records.putSetting('lesson', JSON.stringify({ link: '#lesson=e30', since: 1 }));
	await expect(visit(records).lessons.open('')).rejects.toMatchObject({ code: 'lesson-unreadable' });
	expect(await visit(records).lessons.open('')).toBe(false);
});

it('tells when an answer could not be kept, and still shows it', async () => {
	const { page, lessons } = visit(records);
	await lessons.open(linkOf());
	const full = new Error('full');
	vi.spyOn(records, 'putSetting').mockRejectedValueOnce(full);
	await lessons.answer(0, 'Dice.');
	expect(page.error).toBe(full);
	expect(lessons.answers).toEqual(['Dice.', '']);
});

it('puts a lesson that was opened into the teacher’s draft', async () => {
	const { lessons } = visit(records);
	await lessons.open(linkOf());
	expect(lessons.draft).toEqual({ title: 'Cells', questions: 'Which?\nWhy?', shown: ['data', 'losses', 'train'], withSample: true });
});
