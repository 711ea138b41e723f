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

it('keeps a bounded number and reads an old one again', async () => {
	const getPreviews = vi.fn(() => Promise.resolve([preview('again')]));
	const previews = new Previews({ getPreviews });
	previews.reset('e');
	for (let epoch = 1; epoch <= 201; epoch++) previews.add('a', epoch, [preview(String(epoch))]);
	expect(previews.get('a', 201)).toEqual([preview('201')]);
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
