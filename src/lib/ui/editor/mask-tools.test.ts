import { expect, test } from 'vitest';
import { MaskEdit } from '#lib/pixels/mask-edit.ts';
import { MaskTools } from './mask-tools.svelte.ts';

function toolsOn(rows: readonly string[], paintable: readonly number[] = [0, 1, 2]) {
	const width = rows[0]?.length ?? 0;
	const edit = new MaskEdit(width, rows.length, Uint8Array.from(rows.join(''), Number));
	const tools = new MaskTools(edit, paintable, () => undefined);
	tools.size = 0;
	const seen = (): string[] => rows.map((_, y) => [...edit.classes.subarray(y * width, (y + 1) * width)].join(''));
	return { edit, tools, seen };
}

const at = (x: number, y: number) => ({ x: x + 0.5, y: y + 0.5 });

test('a stroke from press to release is one step of undo, and moves before a press draw nothing', () => {
	const { edit, tools, seen } = toolsOn(['0000', '0000']);
	tools.move([at(0, 0)]);
	tools.press(at(0, 0), 1);
	tools.move([at(1, 0), at(3, 0)]);
	tools.release();
	tools.move([at(3, 1)]);
	expect(seen()).toEqual(['1111', '0000']);
	tools.undo();
	expect(seen()).toEqual(['0000', '0000']);
	expect(edit.canUndo).toBe(false);
	tools.redo();
	expect(seen()).toEqual(['1111', '0000']);
});

test('a cancelled stroke is as if it had never begun', () => {
	const { edit, tools, seen } = toolsOn(['000']);
	tools.press(at(0, 0), 1);
	tools.cancel();
	tools.move([at(2, 0)]);
	expect(seen()).toEqual(['000']);
	expect(edit.canUndo).toBe(false);
});

test('the eraser paints background, whatever class is chosen; choosing a class takes up the brush', () => {
	const { tools, seen } = toolsOn(['222']);
	tools.choose('eraser');
	tools.press(at(1, 0), 1);
	tools.release();
	expect(seen()).toEqual(['202']);
	tools.chooseClass(1);
	expect(tools.tool).toBe('brush');
});

test('a polygon closes on a press near its first corner, as near as it looks on the screen', () => {
	const { tools, seen } = toolsOn(['0000', '0000', '0000', '0000']);
	tools.choose('polygon');
	// At 10 screen pixels an image pixel, a press within 1 pixel closes.
	for (const [x, y] of [
		[0, 0],
		[3, 0],
		[3, 3],
		[0, 3],
	] as const) {
		tools.press({ x, y }, 10);
	}
	tools.press({ x: 0.9, y: 0.9 }, 10);
	expect(tools.corners).toHaveLength(5);
	tools.undo();
	tools.press({ x: 0.5, y: 0.5 }, 10);
	expect(seen()).toEqual(['1110', '1110', '1110', '0000']);
	expect(tools.corners).toEqual([]);
	tools.undo();
	expect(seen()).toEqual(['0000', '0000', '0000', '0000']);
});

test('another tool drops the corners of a polygon', () => {
	const { tools } = toolsOn(['00']);
	tools.choose('polygon');
	tools.press(at(0, 0), 1);
	tools.choose('brush');
	expect(tools.corners).toEqual([]);
});

test('pick takes a class that can be painted and hands back the tool before', () => {
	const { tools } = toolsOn(['0213'], [0, 1, 2]);
	tools.choose('fill');
	tools.choose('pick');
	tools.press(at(1, 0), 1);
	expect([tools.tool, tools.classIndex]).toEqual(['fill', 2]);
	tools.choose('pick');
	tools.press(at(3, 0), 1);
	tools.press(at(9, 0), 1);
	expect([tools.tool, tools.classIndex]).toEqual(['pick', 2]);
});

test('the cursor of the keyboard stays inside, and draws while a stroke is under way', () => {
	const { tools, seen } = toolsOn(['000', '000']);
	tools.step(-9, -9);
	expect(tools.cursor).toEqual(at(0, 0));
	tools.press(tools.cursor, 1);
	tools.step(1, 0);
	tools.step(0, 9);
	tools.release();
	expect(seen()).toEqual(['110', '010']);
});

test('classes that cannot be painted cannot be chosen', () => {
	const { tools } = toolsOn(['00'], [0, 2]);
	expect(tools.classIndex).toBe(2);
	tools.chooseClass(1);
	expect(tools.classIndex).toBe(2);
});

test('a pen draws as wide as it is pressed, a mouse as wide as is set', () => {
	const { tools, seen } = toolsOn(['0000000']);
	const tap = (pressure?: number): string[] => {
		tools.press(pressure === undefined ? at(3, 0) : { ...at(3, 0), pressure }, 1);
		tools.release();
		const rows = seen();
		tools.undo();
		return rows;
	};
	// Two pixels.
	tools.size = 2;
	expect(tap()).toEqual(['0111110']);
	expect(tools.penSeen).toBe(false);
	expect(tap(1)).toEqual(['0111110']);
	expect(tools.penSeen).toBe(true);
	// Half of two pixels reach one neighbour on each side, and no pressure still paints the pixel under the pen.
	expect(tap(0.5)).toEqual(['0011100']);
	expect(tap(0)).toEqual(['0001000']);
	tools.pressureSizes = false;
	expect(tap(0)).toEqual(['0111110']);
});

test('the line of a pen takes the width at each place that it went by', () => {
	const { tools, seen } = toolsOn(['00000', '00000', '00000']);
	tools.size = 1;
	tools.press({ ...at(0, 1), pressure: 0.1 }, 1);
	tools.move([
		{ ...at(2, 1), pressure: 0.1 },
		{ ...at(4, 1), pressure: 1 },
	]);
	tools.release();
	// One pixel wide up to the third pixel, then with a neighbour above and below.
	expect(seen()).toEqual(['00111', '11111', '00111']);
});
