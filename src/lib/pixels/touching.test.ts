import { expect, test } from 'vitest';
import { markTouching } from './touching.ts';

const rows = (marks: Uint8Array, width: number) =>
	Array.from({ length: marks.length / width }, (_, y) => marks.slice(y * width, (y + 1) * width).join(''));
const ids = (...lines: string[]) => Array.from(lines.join(''), Number);

test('objects that touch are parted by a line of two pixels, one of either object', () => {
	expect(rows(markTouching(ids('11223', '11223', '00000'), 5, 3), 5)).toEqual(['12222', '12222', '02222']);
});

test('objects a pixel apart are parted by that pixel; farther ones by nothing', () => {
	expect(rows(markTouching(ids('1020', '1020', '1003'), 4, 3), 4)).toEqual(['1210', '1222', '1222']);
	expect(rows(markTouching(ids('1002'), 4, 1), 4)).toEqual(['1001']);
});

test('an object alone has no line, and an empty map stays empty', () => {
	expect(rows(markTouching(ids('070', '777', '070'), 3, 3), 3)).toEqual(['010', '111', '010']);
	expect(rows(markTouching(ids('000'), 3, 1), 3)).toEqual(['000']);
});
