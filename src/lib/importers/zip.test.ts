import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	acceptedThoughPythonFails,
	archiveContents,
	corpusFacts,
	corpusFile,
	hasCorpora,
	openAll,
	refusedThoughPythonOpens,
} from './testing/corpora.ts';
import { openZip } from './zip.ts';

describe.skipIf(!hasCorpora)('the zip corpus (skipped where the shared corpora are missing)', () => {
	const expected = corpusFacts('zip');
	const read = (name: string) => corpusFile('zip', name);
	const bad = Object.keys(expected).filter((name) => !expected[name]?.opens && !acceptedThoughPythonFails.includes(name));
	const good = Object.entries(expected).filter(([name, facts]) => facts.opens && !facts.bomb && !refusedThoughPythonOpens.includes(name));

	test.each([...bad, ...refusedThoughPythonOpens])('%s is not accepted silently', async (name) => {
		expect((await openAll(read(name))).complaints).not.toEqual([]);
	});

	test.each(good)('%s opens with its contents', async (name, facts) => {
		const { found, wanted } = archiveContents(name, await openAll(read(name)), facts);
		expect(found).toEqual(wanted);
	});

	test('a bomb is stopped by the limit on the total', async () => {
		const bombs = Object.keys(expected).filter((name) => expected[name]?.bomb);
		expect(bombs).not.toEqual([]);
		for (const name of bombs) expect((await openAll(read(name))).complaints.join()).toContain('zip-too-large');
	});
});

describe('archives', () => {
	const text = (words: string) => new TextEncoder().encode(words);

	test('system files are listed as ignored, not dropped', async () => {
		const { files, ignored } = await openZip(
			'a.zip',
			zipSync({ 'x.png': text('1'), '__MACOSX/._x.png': text('2'), 'd/.DS_Store': text('3'), 'd/Thumbs.db': text('4') }),
		);
		expect(files.map((file) => file.path)).toEqual(['a.zip/x.png']);
		expect(ignored.map((file) => file.path)).toEqual(['a.zip/__MACOSX/._x.png', 'a.zip/d/.DS_Store', 'a.zip/d/Thumbs.db']);
	});

	test('names cannot leave the archive and two files never share one', async () => {
		const { files, ignored } = await openZip(
			'a.zip',
			zipSync({ '../../x.png': text('1'), '/x.png': text('2'), 'C:\\d\\y.png': text('3') }),
		);
		expect(files.map((file) => file.path)).toEqual(['a.zip/x.png', 'a.zip/d/y.png']);
		expect(ignored.map((file) => file.path)).toEqual(['a.zip/x.png']);
	});

	test('more entries or more bytes than allowed are refused before anything is inflated', async () => {
		const bytes = zipSync({ a: text('11'), b: text('22') });
		await expect(openZip('a.zip', bytes, { limits: { maxEntries: 1, maxTotalBytes: 100 } })).rejects.toMatchObject({
			code: 'zip-too-large',
		});
		await expect(openZip('a.zip', bytes, { limits: { maxEntries: 9, maxTotalBytes: 3 } })).rejects.toMatchObject({ code: 'zip-too-large' });
		await expect(openZip('a.zip', bytes, { limits: { maxEntries: 2, maxTotalBytes: 4 } })).resolves.toMatchObject({ problems: [] });
	});

	test('an entry that inflates to more than it announces is stopped', async () => {
		const bytes = zipSync({ a: new Uint8Array(1000) });
		const view = new DataView(bytes.buffer);
		const directory = view.getUint32(bytes.length - 6, true);
		// The inflated size stands 22 bytes into the local header and 24 into the directory's.
		view.setUint32(22, 10, true);
		view.setUint32(directory + 24, 10, true);
		const { complaints } = await openAll(bytes);
		expect(complaints.join()).toContain('zip-entry-damaged');
	});

	test('any change of one byte gives the same contents or is told', async () => {
		const whole = zipSync({ 'a.txt': text('some words, some words'), 'b.txt': text('others') });
		const original = [...(await openAll(whole)).contents.values()].map(String).sort();
		await fc.assert(
			fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (place, value) => {
				const changed = whole.slice();
				changed[place] = value;
				const { complaints, contents, ignored } = await openAll(changed);
				if (complaints.length + ignored.length === 0) expect([...contents.values()].map(String).sort()).toEqual(original);
			}),
			{ numRuns: 300 },
		);
	});

	test('any bytes give contents or an AppError', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (tail) => {
				await openAll(Uint8Array.from([0x50, 0x4b, 3, 4, ...tail]));
			}),
		);
	});
});
