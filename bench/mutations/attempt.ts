/** Opens one mutated file as the app does: as image and as mask, as an archive, or beside the picture that it describes. */
import { createHash } from 'node:crypto';
import { AppError } from '#lib/core/errors.ts';
import { LocalDecoder } from '#lib/importers/decoder.ts';
import type { Bytes, DecodePhoto } from '#lib/importers/format.ts';
import { scanFiles } from '#lib/importers/open-files.ts';
import type { OpenedFile } from '#lib/importers/opened-file.ts';
import { encodePng } from '#lib/importers/png-encode.ts';
import { decodePng } from '#lib/importers/png.ts';
import { openAll } from '#lib/importers/testing/corpora.ts';
import { mutated } from './mutate.ts';
import type { Seed } from './seeds.ts';

export interface Attempt {
	readonly kind: Seed['kind'];
	readonly name: string;
	/** `read`: some pixels came out of it. `different`: its checksums hold, but what came out is not what was in the whole file. */
	readonly verdict: 'read' | 'refused' | 'crashed' | 'different';
	readonly detail: string;
}

/** Stands in for the browser's decoder of photos, which is not ours to test. */
const decodePhoto: DecodePhoto = async ({ width, height, channels }) => ({
	width,
	height,
	channels,
	maxValue: 255,
	data: new Uint8Array(width * height * channels),
});

const opened = (path: string, bytes: Bytes): OpenedFile => ({ path, sizeBytes: bytes.length, bytes: async () => bytes });

const picture = encodePng(
	6,
	4,
	Uint8Array.from({ length: 24 }, (_, i) => i * 10),
);

function filesOf({ kind, name }: Seed, bytes: Bytes): OpenedFile[] {
	if (kind === 'zip') return [opened('a.zip', bytes)];
	if (kind === 'descriptor') return [opened('a.png', picture), opened(name, bytes)];
	return [opened(`images/${name}`, bytes), opened(`masks/${name}`, bytes)];
}

/** What is refused on purpose; anything else is thrown on. */
async function orRefused<T>(work: Promise<T>): Promise<T | null> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof AppError && error.code !== 'cancelled') return null;
		throw error;
	}
}

/** Opens the files and reads every pixel that the app would offer. True when there was one. */
async function readAll(files: readonly OpenedFile[]): Promise<boolean> {
	const proposal = await scanFiles(files, { decoder: new LocalDecoder({ decodePhoto }) });
	let read = false;
	for (const pair of proposal.pairs) read = (await orRefused(proposal.readPair(pair))) !== null || read;
	for (const { path } of [...proposal.unmatchedImages, ...proposal.unmatchedMasks])
		read = (await orRefused(proposal.readImage(path))) !== null || read;
	return read;
}

const hashOf = (data: Uint8Array | Uint16Array): string => createHash('sha256').update(Uint16Array.from(data)).digest('hex');

/** What a checksum guards: the samples of a PNG, the contents of an archive's files. Null for a file that is refused. */
async function guarded(kind: Seed['kind'], bytes: Bytes): Promise<readonly string[] | null> {
	if (kind === 'png') {
		const decoded = await orRefused((async () => decodePng(bytes))());
		return decoded && [hashOf(decoded.samples)];
	}
	if (kind !== 'zip') return null;
	const { complaints, contents } = await openAll(bytes);
	return complaints.length > 0 ? null : [...contents.values()].map(hashOf);
}

/** Mutant `number` of the seeds, opened. `mutate` can be another one for tests. */
export async function attempt(seeds: readonly Seed[], seed: number, number: number, mutate = mutated): Promise<Attempt> {
	const whole = seeds[number % seeds.length];
	const other = seeds[Math.floor(number / seeds.length) % seeds.length];
	if (!whole || !other) throw new RangeError('There are no files to mutate.');
	const { kind, name } = whole;
	const bytes = mutate(whole.bytes, other.bytes, seed, number);
	try {
		const read = await readAll(filesOf(whole, bytes));
		const [before, after] = [await guarded(kind, whole.bytes), await guarded(kind, bytes)];
		if (before && after?.some((hash) => !before.includes(hash))) return { kind, name, verdict: 'different', detail: '' };
		return { kind, name, verdict: read ? 'read' : 'refused', detail: '' };
	} catch (error) {
		return { kind, name, verdict: 'crashed', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
}
