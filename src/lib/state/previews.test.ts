import { expect, it, vi } from 'vitest';
import type { Preview } from '#lib/core/run.ts';
import { Previews } from './previews.svelte.ts';

const preview = (sampleId: string): Preview => ({ sampleId, kind: 'binary', width: 1, height: 1, data: Uint8Array.of(7) });

it('reads what is asked for once, and gives it when it is there', async () => {
	const getPreviews = vi.fn((_id: string, runId: string) => Promise.resolve([preview(runId)]));
	const previews = new Previews({ getPreviews });
	previews.reset('e');
	expect(previews.get('dice-s1', 3)).toBeNull();
	expect(previews.get('dice-s1', 3)).toBeNull();
	await vi.waitFor(() => expect(previews.get('dice-s1', 3)).toEqual([preview('dice-s1')]));
	expect(getPreviews).toHaveBeenCalledTimes(1);
});

it('keeps a bounded number of bytes and reads an old one again', async () => {
	const getPreviews = vi.fn(() => Promise.resolve([preview('again')]));
	// One byte each.
	const previews = new Previews({ getPreviews }, { keptBytes: 3 });
	previews.reset('e');
	for (let epoch = 1; epoch <= 4; epoch++) previews.add('a', epoch, [preview(String(epoch))]);
	expect(previews.get('a', 2)).toEqual([preview('2')]);
	expect(previews.get('a', 4)).toEqual([preview('4')]);
	expect(previews.get('a', 1)).toBeNull();
	await vi.waitFor(() => expect(previews.get('a', 1)).toEqual([preview('again')]));
});

it('drops an answer that comes after another experiment was opened', async () => {
	let answer: (previews: Preview[]) => void = () => undefined;
	const previews = new Previews({ getPreviews: () => new Promise((resolve) => (answer = resolve)) });
	previews.reset('first');
	previews.get('a', 1);
	const late = answer;
	previews.reset('second');
	late([preview('first')]);
	await Promise.resolve();
	expect(previews.get('a', 1)).toBeNull();
});

it('says what is being read, and which images have a preview', async () => {
	let answer: (previews: Preview[]) => void = () => undefined;
	const previews = new Previews({ getPreviews: () => new Promise((resolve) => (answer = resolve)) });
	previews.reset('e');
	expect(previews.isReading('a', 1)).toBe(false);
	previews.get('a', 1);
	expect([previews.isReading('a', 1), previews.has('x')]).toEqual([true, false]);
	answer([preview('x')]);
	await vi.waitFor(() => expect(previews.isReading('a', 1)).toBe(false));
	expect([previews.has('x'), previews.has('y')]).toEqual([true, false]);
	previews.get('a', 2);
	answer([]);
	await vi.waitFor(() => expect(previews.isReading('a', 2)).toBe(false));
	expect(previews.get('a', 2)).toBeNull();
	previews.reset('other');
	expect(previews.has('x')).toBe(false);
});
