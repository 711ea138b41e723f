import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { cleanPath } from './opened-file.ts';
import { openZip } from './zip.ts';

const corpus = join(process.env.OVERLAP_SHARED ?? '../shared', 'corpora/zip');

interface Expected {
	opens: boolean;
	bomb?: boolean;
	entries?: Record<string, { size: number; sha256: string }>;
}

interface Outcome {
	/** Everything that was found wrong; empty when the archive was accepted without a word. */
	readonly complaints: readonly string[];
	readonly contents: ReadonlyMap<string, Uint8Array>;
	/** Entries left out with a reason, for instance because they bear a system file's name. */
	readonly ignored: readonly string[];
}

async function openAll(bytes: Uint8Array<ArrayBuffer>, maxTotalBytes = 2 ** 26): Promise<Outcome> {
	const contents = new Map<string, Uint8Array>();
	const complaints: string[] = [];
	const ignored: string[] = [];
	const complain = (error: unknown) => {
		if (!(error instanceof AppError)) throw error;
		complaints.push(error.message);
	};
	try {
		const opened = await openZip('a.zip', bytes, { limits: { maxEntries: 20_000, maxTotalBytes } });
		ignored.push(...opened.ignored.map((entry) => entry.path));
		complaints.push(...opened.problems.map((problem) => `${problem.code} ${problem.facts.reason}`), ...opened.notes);
		for (const file of opened.files) {
			await file.bytes().then((data) => contents.set(file.path, data), complain);
		}
	} catch (error) {
		complain(error);
	}
	return { complaints, contents, ignored };
}

/** Accepted on purpose: the entry is whole, and only a third, empty copy of its Unicode name is wrong. */
const acceptedThoughPythonFails = ['unicode-path-extra-field.zip'];

/** Refused on purpose though Python opens them: their two headers contradict each other, or parts are elsewhere. */
const refusedThoughPythonOpens = [
	'incons-local-compression-method.zip',
	'incons-central-size-larger.zip',
	'incons-central-compsize-larger-toolarge.zip',
	'incons-file-count-high.zip',
	'incons-local-compsize-smaller.zip',
	'multi-disk zip files are not supported found disk number 1.zip',
	'multidisk.zip',
	'compressed uncompressed size mismatch for stored file 2147483647 5.zip',
];

/** Names made of every byte of a code page; control characters are taken out of ours. */
const namedDifferently = ['test-cp437-comment-utf-8.zip'];

describe.skipIf(!existsSync(corpus))('the zip corpus (skipped where the shared corpora are missing)', () => {
	const expected: Record<string, Expected> = existsSync(corpus) ? JSON.parse(readFileSync(join(corpus, 'expected.json'), 'utf8')) : {};
	const read = (name: string) => new Uint8Array(readFileSync(join(corpus, name)));
	const bad = Object.keys(expected).filter((name) => !expected[name]?.opens && !acceptedThoughPythonFails.includes(name));
	const good = Object.entries(expected).filter(([name, facts]) => facts.opens && !facts.bomb && !refusedThoughPythonOpens.includes(name));

	test.each([...bad, ...refusedThoughPythonOpens])('%s is not accepted silently', async (name) => {
		expect((await openAll(read(name))).complaints).not.toEqual([]);
	});

	test.each(good)('%s opens with its contents', async (name, facts) => {
		const { contents } = await openAll(read(name));
		const byName = namedDifferently.includes(name) ? () => '' : (path: string) => path;
		const found = [...contents].map(([path, data]) => [byName(path), createHash('sha256').update(data).digest('hex')]);
		const wanted = Object.entries(facts.entries ?? {}).map(([path, entry]) => [byName(`a.zip/${cleanPath(path)}`), entry.sha256]);
		expect(found.sort()).toEqual(wanted.sort());
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
