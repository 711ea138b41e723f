import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { comparisonHash } from '#lib/core/hash.ts';
import type { Records } from '#lib/core/records.ts';
import { queuedRuns } from '#lib/core/run.ts';
import type { OpenedFile } from '#lib/importers/opened-file.ts';
import { ZipFile } from '#lib/importers/zip-write.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { ProjectReader } from '#lib/storage/project-read.ts';
import { storeProject, type StoredProject } from '#lib/storage/project-store.ts';
import { everythingOf, filesOf, storeFixtureProject, withManifest } from '#lib/storage/testing/project-fixtures.ts';
import { archivesAmong, projectIn, saveProject } from './project-archive.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const bytesOf = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer());
const opened = (bytes: Bytes): OpenedFile => ({ path: 'p.zip', blob: new Blob([bytes]), bytes: async () => bytes });

async function zipOf(files: ReadonlyMap<string, Bytes>): Promise<Bytes> {
	const zip = new ZipFile({ repeatable: true });
	for (const [path, bytes] of files) await zip.add(path, bytes);
	return bytesOf(await zip.close());
}

/** Null when the file is no project. */
async function openInto(records: Records, bytes: Bytes): Promise<StoredProject | null> {
	const source = await projectIn(opened(bytes));
	return source && storeProject(records, await ProjectReader.open(source));
}

/** A project with one record changed, and every hash right. */
async function contradiction(files: ReadonlyMap<string, Bytes>, path: string, change: (text: string) => string): Promise<Bytes> {
	const records = new Map(files).set(path, new TextEncoder().encode(change(new TextDecoder().decode(files.get(path)))));
	const bytes = records.get(path)!;
	const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
	const listed = withManifest(records, (manifest) => ({
		...manifest,
		entries: manifest.entries.map((entry) => (entry.path === path ? { path, sizeBytes: bytes.length, sha256 } : entry)),
	}));
	return zipOf(listed);
}

describe('a project file', () => {
	let from: Records;
	let saved: Bytes;
	let files: Map<string, Bytes>;
	beforeAll(async () => {
		from = memoryRecords('test');
		await storeFixtureProject(from);
		saved = await bytesOf((await saveProject(from, 'e')).archive);
		files = await filesOf(from, 'e');
	});

	/** The reason why it is refused; fails when it is not, or when anything of it stays. */
	async function refusal(bytes: Bytes): Promise<string> {
		const records = memoryRecords('test');
		const error = await openInto(records, bytes).then(
			() => null,
			(thrown: unknown) => thrown,
		);
		if (!(error instanceof AppError)) throw new Error('it was not refused', { cause: error });
		expect([await records.listDatasets(), await records.listExperiments(), (await records.report()).usedBytes]).toEqual([[], [], 0]);
		return `${error.code}: ${error.facts.reason ?? error.facts.version}`;
	}

	test('opened and saved again has the same bytes, whenever it is saved', async () => {
		vi.setSystemTime('2031-05-06T07:08:09Z');
		const records = memoryRecords('test');
		expect(await openInto(records, saved)).toMatchObject({ outcome: 'new' });
		expect(Buffer.compare(await bytesOf((await saveProject(records, 'e')).archive), saved)).toBe(0);
		vi.useRealTimers();
	});

	test('packs what can be packed and stores noise as it is', () => {
		const text = new TextDecoder('latin1').decode(saved);
		const methodOf = (path: string) => saved[text.indexOf(path) - 22];
		expect([methodOf('dataset.json'), methodOf('samples/3-mask.bin')]).toEqual([8, 8]);
		expect([methodOf('samples/3-image.bin'), methodOf('runs/1/checkpoint-1.bin')]).toEqual([0, 0]);
	});

	test('is looked for in archives alone, and in none that is called like a picture', async () => {
		const zip = await zipOf(new Map([['a.txt', new Uint8Array(9)]]));
		const named = (path: string, bytes: Uint8Array<ArrayBuffer>): OpenedFile => ({ path, bytes: async () => bytes });
		const [archive, picture, text] = [named('a.zip', zip), named('b.png', zip), named('c.txt', new TextEncoder().encode('PK, in words'))];
		const gone: OpenedFile = { path: 'd.zip', bytes: () => Promise.reject(new Error('no such file')) };
		// More than are asked for together.
		const others = Array.from({ length: 40 }, (_, index) => named(`${index}.bin`, index === 39 ? zip : Uint8Array.of(1)));
		expect(await archivesAmong([archive, picture, text, gone, ...others])).toEqual(new Set([archive, others[39]]));
	});

	test('other archives and files are no projects', async () => {
		expect(await projectIn(opened(new Uint8Array(0)))).toBeNull();
		expect(await projectIn(opened(new TextEncoder().encode('PK')))).toBeNull();
		expect(await projectIn(opened(await zipOf(new Map([['a.png', new Uint8Array(9)]]))))).toBeNull();
	});

	test('is the same project or refused, whichever byte is flipped', async () => {
		const whole = await everythingOf(from, 'e').then((all) => ({ ...(all as object), record: null }));
		await fc.assert(
			fc.asyncProperty(fc.nat(saved.length - 1), fc.integer({ min: 1, max: 255 }), async (place, mask) => {
				const flipped = saved.slice();
				flipped[place]! ^= mask;
				const records = memoryRecords('test');
				try {
					// Without the list of files, or the name of the manifest, it is an archive like any other.
					if ((await openInto(records, flipped)) === null) return;
				} catch (error) {
					expect(error).toMatchObject({ code: expect.stringMatching(/^project-/u) as unknown });
					expect((await records.report()).usedBytes).toBe(0);
					return;
				}
				expect({ ...((await everythingOf(records, 'e')) as object), record: null }).toEqual(whole);
			}),
			{ numRuns: 40 },
		);
	});

	test('with a changed, missing or additional file is refused', async () => {
		for (const path of ['experiment.json', 'samples/1-image.bin', 'runs/2/epoch-1.json', 'runs/1/checkpoint-2.bin']) {
			const changed = new Map(files).set(path, files.get(path)!.map((byte, place) => (place === 7 ? byte ^ 1 : byte))); // prettier-ignore
			expect(await refusal(await zipOf(changed))).toBe(`project-unreadable: ${path} is not what was saved`);
			const missing = new Map(files);
			missing.delete(path);
			expect(await refusal(await zipOf(missing))).toBe(`project-unreadable: ${path} is missing`);
		}
		const stranger = new Map(files).set('readme.txt', new Uint8Array(3));
		expect(await refusal(await zipOf(stranger))).toBe('project-unreadable: readme.txt does not belong to it');
	});

	test('whose manifest lies is refused', async () => {
		const lie = (change: Parameters<typeof withManifest>[1]) => zipOf(withManifest(files, change)).then(refusal);
		const [first] = JSON.parse(new TextDecoder().decode(files.get('overlap-project.json'))).entries;
		const other = { ...first, sha256: '0'.repeat(64) };
		expect(await lie((manifest) => ({ ...manifest, entries: [other, ...manifest.entries.slice(1)] }))).toContain('is not what was saved');
		expect(await lie((manifest) => ({ ...manifest, entries: manifest.entries.slice(1) }))).toContain('does not belong to it');
		expect(await lie((manifest) => ({ ...manifest, entries: [first, ...manifest.entries] }))).toContain('lists a file twice');
		expect(await lie(() => ({}))).toContain('overlap-project.json is not as it should be');
	});

	test('of a newer version is refused by its number', async () => {
		const newer = withManifest(files, () => ({ format: 'overlap-project', version: 2, parts: [] }));
		expect(await refusal(await zipOf(newer))).toBe('project-newer: 2');
	});

	test('with names that lead elsewhere is refused', async () => {
		for (const name of ['../experiment.json', '/etc/passwd', 'samples\\..\\..\\x']) {
			const bytes = files.get('experiment.json')!;
			expect(await refusal(await zipOf(new Map(files).set(name, bytes)))).toContain('its name is no plain path');
		}
	});

	test('whose records contradict each other is refused, even when every hash holds', async () => {
		const contradict = (path: string, change: (text: string) => string) => contradiction(files, path, change).then(refusal);
		expect(await contradict('experiment.json', (text) => text.replace('"learningRate":0.003', '"learningRate":0.03'))).toContain(
			'its settings are not those of its comparison hash',
		);
		expect(await contradict('experiment.json', (text) => text.replace('"graphs":[]', `"graphs":[{"batch":0,"graph":{"nodes":[{"op":"input","inputs":[],"attrs":{},"shape":[],"line":0}],"output":0,"variables":{}}}]`))).toContain('more than its code'); // prettier-ignore
		expect(await contradict('experiment.json', (text) => text.replace('"validation":["c"]', '"validation":["z"]'))).toContain('its split');
		expect(await contradict('runs/1/epoch-1.json', (text) => text.replace('"epoch":1', '"epoch":2'))).toContain('belongs to another run');
		expect(await contradict('runs/1/epoch-1.json', (text) => text.replace('$float32', '$float16'))).toContain('not the text of a record');
		expect(await contradict('dataset.json', (text) => text.replace('"width":64', '"width":63'))).toContain('sizes of its images');
	});

	test('carries folds, and is refused where they contradict the split or the runs', async () => {
		const folded = memoryRecords('test');
		const plain = await storeFixtureProject(folded);
		const dataset = (await folded.getDataset(plain.datasetId))!;
		const spec = { ...plain.spec, split: { ...plain.spec.split, folds: 3 } };
		const split = { train: [], validation: ['a', 'b', 'c'], test: [], folds: [['a'], ['b'], ['c']] };
		const hash = await comparisonHash(spec, { ...dataset, scheme: plain.scheme }, split);
		const record = { ...plain, id: 'folded', spec, split, hash, runs: queuedRuns(spec) };
		await folded.putExperiment(record);

		const records = memoryRecords('test');
		expect(await openInto(records, await bytesOf((await saveProject(folded, 'folded')).archive))).toMatchObject({ outcome: 'new' });
		const [opened] = await records.listExperiments();
		expect([opened?.split, opened?.runs, opened?.spec.split]).toEqual([split, record.runs, spec.split]);

		const own = await filesOf(folded, 'folded');
		const lie = (from: string, to: string) => contradiction(own, 'experiment.json', (text) => text.replace(from, to)).then(refusal);
		expect(await lie('[["a"],["b"],["c"]]', '[["a"],["a"],["c"]]')).toContain('its split');
		expect(await lie('[["a"],["b"],["c"]]', '[["a"],["b"],[]]')).toContain('its split');
		expect(await lie('"fold":2', '"fold":4')).toContain('its runs');
		expect(await lie('"folds":3', '"folds":4')).toContain('its runs');
		expect(await lie('[["a"],["b"],["c"]]', '[["a"],["c"],["b"]]')).toContain('comparison hash');
	});
});
