import { describe, expect, test } from 'vitest';
import { PictureNames } from './picture-names.ts';

const find = (paths: readonly string[], name: string, near = '') => new PictureNames(paths, () => null).find(name, near);
const one = (path: string) => ({ kind: 'one', path });

describe('names in annotation files', () => {
	test.each([
		['as it is', 'images/a b.png', 'a b.png'],
		['other case', 'images/Cell.PNG', 'cell.png'],
		['folders of another computer', 'set/images/a.png', 'C:\\Users\\me\\images\\a.png'],
		['dots', 'images/a.png', './../images/a.png'],
		['written for an address', 'images/a b.png', 'images/a%20b.png'],
		['an address', 'a.jpg', 'https://host/data/upload/a.jpg?d=1'],
		['the file has the code itself', 'images/a%20b.png', 'a b.png'],
		['other Unicode form', 'zelle-a\u0308.png', 'zelle-\u00e4.png'],
		['another extension', 'images/a.png', 'a.jpg'],
		['no extension', 'images/v1.2.png', 'v1.2'],
		['a sign that is no code', '100%.png', '100%.png'],
	])('%s', (_what, path, name) => {
		expect(find([path, 'images/other.png'], name)).toEqual(one(path));
	});

	test('the right extension wins over another one', () => {
		expect(find(['a.png', 'a.jpg'], 'a.jpg')).toEqual(one('a.jpg'));
	});

	test('folders in the name decide, then the nearest to the annotation file', () => {
		const paths = ['set/train/a.png', 'set/val/a.png'];
		expect(find(paths, 'val/a.png')).toEqual(one('set/val/a.png'));
		expect(find(paths, 'a.png', 'set/train/labels.json')).toEqual(one('set/train/a.png'));
		expect(find(paths, 'a.png', 'set/labels.json')).toEqual({ kind: 'several', paths });
	});

	test('none of that name', () => {
		expect(find(['a.png'], 'b.png')).toEqual({ kind: 'none' });
		expect(find(['a.png'], '')).toEqual({ kind: 'none' });
	});
});
