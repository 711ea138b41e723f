import { describe, expect, test } from 'vitest';
import { filesFromDataTransfer, filesFromInput } from './dropped.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A file system entry as Chromium hands it out. */
function fileEntry(fullPath: string, content: string | null): FileSystemEntry {
	return {
		isFile: true,
		isDirectory: false,
		name: fullPath,
		fullPath,
		file: (resolve: (file: File) => void, reject: (error: unknown) => void) =>
			content === null ? reject(new DOMException('gone', 'NotFoundError')) : resolve(new File([content], fullPath)),
	} as unknown as FileSystemEntry;
}

/** A folder that hands out its entries in portions of 100, then an empty one. */
function folderEntry(fullPath: string, entries: readonly FileSystemEntry[]): FileSystemEntry {
	const createReader = () => {
		let next = 0;
		return {
			readEntries: (resolve: (portion: readonly FileSystemEntry[]) => void) => {
				resolve(entries.slice(next, next + 100));
				next += 100;
			},
		};
	};
	return { isFile: false, isDirectory: true, name: fullPath, fullPath, createReader } as unknown as FileSystemEntry;
}

/** A list that is empty after the event's handler has returned, as browsers make it. */
function items(entries: readonly FileSystemEntry[]): DataTransferItemList {
	const list = entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null }));
	queueMicrotask(() => list.splice(0));
	return list as unknown as DataTransferItemList;
}

describe('a drop', () => {
	test('walks folders of more than one portion, at any depth', async () => {
		const many = Array.from({ length: 250 }, (_, i) => fileEntry(`/set/images/${i}.png`, String(i)));
		const files = await filesFromDataTransfer(
			items([folderEntry('/set', [folderEntry('/set/images', many)]), fileEntry('/one.zip', 'zip')]),
		);
		expect(files).toHaveLength(251);
		expect(files[249]?.path).toBe('set/images/249.png');
		expect(await files[249]?.bytes()).toEqual(bytes('249'));
		expect(files[250]).toMatchObject({ path: 'one.zip', sizeBytes: 3 });
	});

	test('a file that cannot be had stays in the list and fails when it is read', async () => {
		const [file] = await filesFromDataTransfer(items([fileEntry('/gone.png', null)]));
		expect(file?.path).toBe('gone.png');
		await expect(file?.bytes()).rejects.toThrow('cannot open');
	});
});

test('a file field gives folders where a folder was chosen', async () => {
	const inFolder = Object.defineProperty(new File(['x'], 'a.png'), 'webkitRelativePath', { value: 'set/a.png' });
	const alone = Object.defineProperty(new File(['y'], 'b.png'), 'webkitRelativePath', { value: '' });
	const files = filesFromInput([inFolder, alone] as unknown as FileList);
	expect(files.map((file) => file.path)).toEqual(['set/a.png', 'b.png']);
	expect(await files[1]?.bytes()).toEqual(bytes('y'));
});
