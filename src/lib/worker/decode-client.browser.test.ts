import { afterEach, expect, it, vi } from 'vitest';
import { LocalDecoder } from '#lib/importers/decoder.ts';
import { encodePng } from '#lib/importers/png-encode.ts';
import { png } from '#lib/importers/png.ts';
import { DecodeClient } from './decode-client.ts';

const clients: DecodeClient[] = [];
afterEach(() => {
	clients.splice(0).forEach((client) => client[Symbol.dispose]());
	vi.restoreAllMocks();
});

function client(...options: ConstructorParameters<typeof DecodeClient>): DecodeClient {
	const made = new DecodeClient(...options);
	clients.push(made);
	return made;
}

const script = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));

/** Answers like the real worker, but never comes back from the format `hang`, dies of the format `die`, and after the format `last`. */
const stub = () =>
	script(`onmessage = ({ data: { id, argumentList: [format] } }) => {
		if (format.value === 'die') throw new Error('no memory');
		while (format.value === 'hang');
		if (format.value === 'last') setTimeout(() => { throw new Error('no memory'); });
		postMessage({ id, type: 'RAW', value: { ok: true, value: { pictures: [], notes: ['answered'] } } });
	};`);

/** Fresh each time, as they are handed over. */
const file = () => encodePng(3, 2, Uint8Array.of(0, 1, 2, 3, 4, 5));

it('reads in a worker what it reads here', async () => {
	const [here, there] = [new LocalDecoder(), client()];
	const described = await here.describe(png, file());
	expect(await there.describe(png, file())).toEqual(described);
	const picture = { format: png, header: described.pictures[0]!.header!, page: undefined };
	expect(await there.readImage(picture, file())).toEqual(await here.readImage(picture, file()));
	expect(await there.readLabels(picture, file())).toEqual(await here.readLabels(picture, file()));
	expect(await there.describeMask(picture, file())).toEqual(await here.describeMask(picture, file()));
	const encoding = { kind: 'union' } as const;
	expect(await there.readLabelMap(picture, file(), encoding)).toEqual({ width: 3, height: 2, data: Uint8Array.of(0, 1, 1, 1, 1, 1) });
});

it('measures a sample there, and gives its pixels back', async () => {
	const image = { width: 2, height: 2, channels: 1, maxValue: 65_535, data: Uint16Array.of(1, 2, 3, 65_535) };
	const mask = { width: 2, height: 2, data: Uint8Array.of(0, 7, 7, 7) };
	const expected = await new LocalDecoder().measure(structuredClone({ image, mask }));
	const measured = await client().measure({ image, mask });
	expect(measured).toEqual(expected);
	expect(measured.valueCounts).toEqual([
		[0, 1],
		[7, 3],
	]);
	expect(image.data).toHaveLength(0);
});

it('takes bytes over without a copy, but leaves a larger buffer that they lie in', async () => {
	const [whole, part] = [file(), new Uint8Array([...file(), 0]).subarray(0, -1)];
	const described = await client().describe(png, part);
	expect(await client().describe(png, whole)).toEqual(described);
	expect([whole.length, part.length]).toEqual([0, file().length]);
});

it('gives a damaged file’s failure back', async () => {
	const cut = file().slice(0, 20);
	const { pictures } = await client().describe(png, cut);
	expect(pictures).toEqual([{ page: undefined, header: null, failure: expect.objectContaining({ code: 'image-unreadable' }) }]);
});

it('says so when a picture does not fit into memory', async () => {
	const picture = { format: png, header: { width: 3, height: 2, channels: 1, maxValue: 255, notes: [] }, page: undefined };
	await expect(client().readLabelMap(picture, file(), { kind: 'shapes', values: new Map() })).rejects.toMatchObject({
		code: 'image-unreadable',
		facts: { reason: 'needs more memory than the browser gives' },
	});
});

it.each([
	['hang', /was not read within 1 s/u],
	['die', /most often because memory ran out/u],
])('gives a file up whose reader does %s, and reads the next ones', async (id, reason) => {
	const reader = client({ baseMs: 300, perMillionMs: 0 }, stub());
	const good = () => reader.describe(png, file());
	const [before, bad, after] = await Promise.allSettled([good(), reader.describe({ ...png, id }, file()), good()]);
	expect(before).toMatchObject({ status: 'fulfilled', value: { notes: ['answered'] } });
	expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'image-unreadable', facts: { reason: expect.stringMatching(reason) } } });
	expect(after).toMatchObject({ status: 'fulfilled', value: { notes: ['answered'] } });
});

it('starts another reader after one that died between two files', async () => {
	const ended = vi.spyOn(Worker.prototype, 'terminate');
	const reader = client(undefined, stub());
	expect(await reader.describe({ ...png, id: 'last' }, file())).toMatchObject({ notes: ['answered'] });
	await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
	expect(await reader.describe(png, file())).toMatchObject({ notes: ['answered'] });
});
