/** Files from a drop or a file field, folders walked, nothing read yet. */
import type { OpenedFile } from './opened-file.ts';

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
	return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
	return entry.isDirectory;
}

function openedFile(path: string, file: File): OpenedFile {
	return {
		path,
		// Chromium asks the disk for it and the page waits, so not for thousands of files at once.
		get sizeBytes() {
			return file.size;
		},
		blob: file,
		bytes: async () => new Uint8Array(await file.arrayBuffer()),
	};
}

/** All entries of a folder; browsers hand them over in portions (Chromium: 100) until an empty one. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
	const reader = folder.createReader();
	const entries: FileSystemEntry[] = [];
	for (;;) {
		const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
		if (portion.length === 0) return entries;
		entries.push(...portion);
	}
}

/** A file that is there but cannot be had stays in the list; reading it fails with the browser's reason. */
async function fileOf(entry: FileSystemFileEntry): Promise<OpenedFile> {
	const path = entry.fullPath.replace(/^\/+/u, '');
	try {
		return openedFile(path, await new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
	} catch (cause) {
		return { path, bytes: () => Promise.reject(new Error('the browser cannot open it', { cause })) };
	}
}

async function walk(entry: FileSystemEntry): Promise<OpenedFile[]> {
	if (isFile(entry)) return [await fileOf(entry)];
	if (!isFolder(entry)) return [];
	const files: OpenedFile[] = [];
	for (const inner of await entriesOf(entry)) files.push(...(await walk(inner)));
	return files;
}

/**
 * The files of a drop or paste. Must be called inside the event's handler: the list is emptied as soon as it returns,
 * so all entries are taken before the first wait.
 */
export async function filesFromDataTransfer(items: DataTransferItemList): Promise<OpenedFile[]> {
	const found = Array.from(items)
		.filter((item) => item.kind === 'file')
		.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
	const files: OpenedFile[] = [];
	for (const { entry, file } of found) {
		if (entry) files.push(...(await walk(entry)));
		else if (file) files.push(openedFile(file.name, file));
	}
	return files;
}

/** The files of a file field, with their folders where a folder was chosen. */
export function filesFromInput(files: FileList): OpenedFile[] {
	return Array.from(files, (file) => openedFile(file.webkitRelativePath || file.name, file));
}
