import { afterEach, expect, it } from 'vitest';
import { LocalDecoder } from '#lib/importers/decoder.ts';
import { encodePng } from '#lib/importers/png-encode.ts';
import { png } from '#lib/importers/png.ts';
import { DecodeClient } from './decode-client.ts';

const clients: DecodeClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client[Symbol.dispose]()));

function client(...options: ConstructorParameters<typeof DecodeClient>): DecodeClient {
	const made = new DecodeClient(...options);
	clients.push(made);
	return made;
}

const script = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));

/** Answers like the real worker, but never comes back from the format `hang` and dies of the format `die`. */
const stub = () =>
	script(`onmessage = ({ data: { id, argumentList: [format] } }) => {
		if (format.value === 'die') throw new Error('no memory');
		while (format.value === 'hang');
		postMessage({ id, type: 'RAW', value: { ok: true, value: { pictures: [], notes: ['answered'] } } });
	};`);

const bytes = encodePng(3, 2, Uint8Array.of(0, 1, 2, 3, 4, 5));

it('reads in a worker what it reads here', async () => {
	const [here, there] = [new LocalDecoder(), client()];
	const described = await here.describe(png, bytes);
	expect(await there.describe(png, bytes)).toEqual(described);
	const picture = { format: png, header: described.pictures[0]!.header!, page: undefined };
	expect(await there.readImage(picture, bytes)).toEqual(await here.readImage(picture, bytes));
	expect(await there.readLabels(picture, bytes)).toEqual(await here.readLabels(picture, bytes));
	expect(await there.describeMask(picture, bytes)).toEqual(await here.describeMask(picture, bytes));
	const encoding = { kind: 'union' } as const;
	expect(await there.readLabelMap(picture, bytes, encoding)).toEqual({ width: 3, height: 2, data: Uint8Array.of(0, 1, 1, 1, 1, 1) });
});

it('gives a damaged file’s failure back', async () => {
	const cut = bytes.slice(0, 20);
	const { pictures } = await client().describe(png, cut);
	expect(pictures).toEqual([{ page: undefined, header: null, failure: expect.objectContaining({ code: 'image-unreadable' }) }]);
});

it('says so when a picture does not fit into memory', async () => {
	const picture = { format: png, header: { width: 3, height: 2, channels: 1, maxValue: 255, notes: [] }, page: undefined };
	await expect(client().readLabelMap(picture, bytes, { kind: 'shapes', values: new Map() })).rejects.toMatchObject({
		code: 'image-unreadable',
		facts: { reason: 'needs more memory than the browser gives' },
	});
});

it.each([
	['hang', /was not read within 1 s/u],
	['die', /most often because memory ran out/u],
])('gives a file up whose reader does %s, and reads the next ones', async (id, reason) => {
	const reader = client({ baseMs: 300, perMillionMs: 0 }, stub());
	const good = () => reader.describe(png, bytes);
	const [before, bad, after] = await Promise.allSettled([good(), reader.describe({ ...png, id }, bytes), good()]);
	expect(before).toMatchObject({ status: 'fulfilled', value: { notes: ['answered'] } });
	expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'image-unreadable', facts: { reason: expect.stringMatching(reason) } } });
	expect(after).toMatchObject({ status: 'fulfilled', value: { notes: ['answered'] } });
});
