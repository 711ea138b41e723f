/** Project files as ZIP archives: written from the records, and known among the files that a person opens. */
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import { openZip } from '#lib/importers/zip.ts';
import { ZipFile } from '#lib/importers/zip-write.ts';
import type { Bytes } from '#lib/importers/format.ts';
import { type OpenedFile, pictureExtension } from '#lib/importers/opened-file.ts';
import type { ProjectSource } from '#lib/storage/project-files.ts';
import { projectManifestPath, projectUnreadable } from '#lib/storage/project-layout.ts';
import { projectFiles } from '#lib/storage/project-write.ts';

/** Far above what the app can make; a file inside is bounded by its own size, as it is read in one piece. */
const limits = { maxEntries: 500_000, maxTotalBytes: 64 * 2 ** 30 };
const largestFileBytes = 2 ** 30;

const zipSignature = 0x04034b50;
/** Files whose first bytes are asked for together. */
const atOnce = 32;

export interface SavedProject {
	readonly archive: Blob;
	/** Checkpoints that are left out because their bytes are damaged here. */
	readonly damaged: number;
}

/** The archive of an experiment and its data set; the same records give the same bytes. Rejects as `projectFiles`. */
export async function saveProject(records: Records, experimentId: string): Promise<SavedProject> {
	const zip = new ZipFile({ repeatable: true });
	let damaged = 0;
	for await (const { path, bytes } of projectFiles(records, experimentId, () => damaged++)) await zip.add(path, bytes);
	return { archive: await zip.close(), damaged };
}

/** False for a file that cannot be read, too, which the import of pictures says in its own words. */
async function beginsAsZip(file: OpenedFile): Promise<boolean> {
	try {
		const start = file.blob ? new Uint8Array(await file.blob.slice(0, 4).arrayBuffer()) : await file.bytes();
		return start.length >= 4 && new DataView(start.buffer, start.byteOffset).getUint32(0, true) === zipSignature;
	} catch {
		return false;
	}
}

/**
 * Those that may be projects, by their first bytes. Files that are called like pictures are not asked, as thousands of them take
 * long: an archive among them is opened as a folder of pictures.
 */
export async function archivesAmong(files: readonly OpenedFile[]): Promise<ReadonlySet<OpenedFile>> {
	const archives = new Set<OpenedFile>();
	const asked = files.filter(({ path }) => !pictureExtension.test(path));
	for (let start = 0; start < asked.length; start += atOnce) {
		const some = asked.slice(start, start + atOnce);
		await Promise.all(some.map(async (file) => (await beginsAsZip(file)) && archives.add(file)));
	}
	return archives;
}

/** The archive's list of files; null where there is none, which the import of pictures says in its own words. */
async function contentsOf(file: OpenedFile): Promise<Awaited<ReturnType<typeof openZip>> | null> {
	try {
		return await openZip(file.path, file.blob ?? (await file.bytes()), { limits, plainNames: true });
	} catch (error) {
		if (error instanceof AppError) return null;
		throw error;
	}
}

/**
 * The project in an opened archive; null when it is none, however damaged it may be.
 * Throws `project-unreadable` when the archive is one but holds what cannot be read.
 */
export async function projectIn(file: OpenedFile): Promise<ProjectSource | null> {
	const contents = await contentsOf(file);
	const plain = (path: string): string => path.slice(file.path.length + 1);
	if (!contents?.files.some(({ path }) => plain(path) === projectManifestPath)) return null;
	const [problem] = contents.problems;
	if (problem) throw projectUnreadable(`${plain(problem.paths[0] ?? '')}: ${problem.facts.reason ?? ''}`);
	const [ignored] = contents.ignored;
	if (ignored) throw projectUnreadable(`${plain(ignored.path)} does not belong to it`);
	const files = new Map(contents.files.map((inner) => [plain(inner.path), inner]));
	return { paths: new Set(files.keys()), read: (path) => readInner(files.get(path), path) };
}

async function readInner(file: OpenedFile | undefined, path: string): Promise<Bytes> {
	if (!file) throw new AppError('zip-entry-damaged', { path, reason: 'it is missing' });
	if ((file.sizeBytes ?? 0) > largestFileBytes)
		throw new AppError('zip-entry-damaged', { path, reason: 'it is larger than any part of a project' });
	return file.bytes();
}
