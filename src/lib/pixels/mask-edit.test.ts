import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ignoredClass } from '#lib/core/sample.ts';
import { fillRings } from './fill-rings.ts';
import { MaskEdit } from './mask-edit.ts';
import { MaskHistory } from './mask-history.ts';
import { brushSpans, regionSpans, type Place } from './paint-spans.ts';

/** Rows of digits: the class of each pixel. */
const rowsOf = (edit: MaskEdit): string[] =>
	Array.from({ length: edit.height }, (_, y) => [...edit.classes.subarray(y * edit.width, (y + 1) * edit.width)].join(''));

function editOf(rows: readonly string[], history?: MaskHistory): MaskEdit {
	const width = rows[0]?.length ?? 0;
	return new MaskEdit(width, rows.length, Uint8Array.from(rows.join(''), Number), history);
}

const empty = (width: number, height: number): MaskEdit => editOf(Array.from({ length: height }, () => '0'.repeat(width)));

function brush(edit: MaskEdit, classIndex: number, radius: number, from: Place, to: Place = from): void {
	edit.paint(classIndex, (fill) => brushSpans(from, to, radius, fill));
}

function fillFrom(edit: MaskEdit, classIndex: number, x: number, y: number): void {
	edit.paint(classIndex, (fill) => regionSpans(edit.classes, edit.width, edit.height, x, y, fill));
}

describe('the brush', () => {
	test('of half a pixel paints the pixel under it, also between the centres', () => {
		const edit = empty(4, 2);
		brush(edit, 1, 0.5, { x: 1, y: 0.01 });
		expect(rowsOf(edit)).toEqual(['0100', '0000']);
	});

	test('of one pixel at a centre paints it and its four neighbours: the diagonal ones are √2 away', () => {
		const edit = empty(5, 5);
		brush(edit, 1, 1, { x: 2.5, y: 2.5 });
		expect(rowsOf(edit)).toEqual(['00000', '00100', '01110', '00100', '00000']);
	});

	test('of two pixels at a centre: (1, 1) is √2 away and inside, (2, 1) is √5 away and outside', () => {
		const edit = empty(7, 7);
		brush(edit, 1, 2, { x: 3.5, y: 3.5 });
		expect(rowsOf(edit)).toEqual(['0000000', '0001000', '0011100', '0111110', '0011100', '0001000', '0000000']);
	});

	test('drawn from place to place leaves no gap, and is round at its ends', () => {
		const edit = empty(8, 4);
		brush(edit, 1, 1, { x: 1.5, y: 1.5 }, { x: 5.5, y: 1.5 });
		expect(rowsOf(edit)).toEqual(['01111100', '11111110', '01111100', '00000000']);
	});

	test('outside the image it is cut off, on every side', () => {
		const edit = empty(3, 3);
		brush(edit, 1, 1, { x: -0.5, y: -0.5 });
		expect(rowsOf(edit)).toEqual(['000', '000', '000']);
		brush(edit, 1, 1, { x: 3.5, y: 0.5 });
		brush(edit, 2, 1, { x: 0.5, y: 3.5 });
		expect(rowsOf(edit)).toEqual(['001', '000', '200']);
	});
});

describe('the polygon', () => {
	test('takes the pixels whose centres are inside: the corner (0.5, 0.5) is, the corner (2.5, 2.5) is not', () => {
		const edit = empty(4, 4);
		edit.paint(1, (fill) => fillRings(Float64Array.of(0.5, 0.5, 2.5, 0.5, 2.5, 2.5, 0.5, 2.5), [], 0, 4, 4, fill));
		expect(rowsOf(edit)).toEqual(['1100', '1100', '0000', '0000']);
	});

	test('a triangle: in row y the right edge is at 6 − (y + ½), and centres left of it are inside', () => {
		const edit = empty(6, 6);
		edit.paint(2, (fill) => fillRings(Float64Array.of(0, 0, 6, 0, 0, 6), [], 0, 6, 6, fill));
		expect(rowsOf(edit)).toEqual(['222220', '222200', '222000', '220000', '200000', '000000']);
	});
});

describe('the fill', () => {
	test('takes the region of one class that hangs together along edges, not across corners', () => {
		const edit = editOf(['00100', '01000', '10011', '00011']);
		fillFrom(edit, 2, 0, 0);
		expect(rowsOf(edit)).toEqual(['22100', '21000', '10011', '00011']);
		fillFrom(edit, 3, 4, 3);
		expect(rowsOf(edit)).toEqual(['22100', '21000', '10033', '00033']);
	});

	test('finds its way round: a spiral is one region', () => {
		const spiral = ['1111111', '0000001', '0111101', '0100101', '0110001', '0000011'];
		const edit = editOf(spiral);
		fillFrom(edit, 2, 0, 1);
		expect(rowsOf(edit)).toEqual(spiral.map((row) => row.replaceAll('0', '2')));
	});

	test('outside the image it does nothing', () => {
		const edit = empty(2, 2);
		fillFrom(edit, 1, 2, 0);
		fillFrom(edit, 1, 0, -1);
		expect(edit.endStroke()).toBe(false);
		expect(rowsOf(edit)).toEqual(['00', '00']);
	});
});

describe('strokes', () => {
	test('a stroke of several pieces is taken back as one', () => {
		const edit = editOf(['00000']);
		brush(edit, 1, 0.5, { x: 0.5, y: 0.5 });
		brush(edit, 1, 0.5, { x: 4.5, y: 0.5 });
		expect(edit.endStroke()).toBe(true);
		expect(rowsOf(edit)).toEqual(['10001']);
		edit.undo();
		expect(rowsOf(edit)).toEqual(['00000']);
		expect(edit.canUndo).toBe(false);
	});

	test('a stroke that changes nothing leaves nothing to take back, and keeps what can be redone', () => {
		const edit = editOf(['01']);
		brush(edit, 1, 0.5, { x: 0.5, y: 0.5 });
		edit.endStroke();
		edit.undo();
		brush(edit, 1, 0.5, { x: 1.5, y: 0.5 });
		expect(edit.endStroke()).toBe(false);
		expect([edit.canUndo, edit.canRedo]).toEqual([false, true]);
	});

	test('a new stroke ends what could be redone', () => {
		const edit = editOf(['00']);
		brush(edit, 1, 0.5, { x: 0.5, y: 0.5 });
		edit.undo();
		brush(edit, 2, 0.5, { x: 1.5, y: 0.5 });
		edit.endStroke();
		edit.redo();
		expect(rowsOf(edit)).toEqual(['02']);
	});

	test('a cancelled stroke leaves the map as it was, and says that it must be drawn anew', () => {
		const edit = editOf(['01', '10']);
		brush(edit, 1, 0.5, { x: 0.5, y: 0.5 });
		edit.takeChanged();
		edit.cancelStroke();
		expect(rowsOf(edit)).toEqual(['01', '10']);
		expect(edit.takeChanged()).toEqual({ top: 0, bottom: 1 });
		expect(edit.canUndo).toBe(false);
	});

	test('what the map began from follows undo and redo, and outlives what is forgotten', () => {
		const edit = editOf(['00'], new MaskHistory(12));
		edit.replace(Uint8Array.of(1, 1), 'a prediction');
		expect(edit.beganFrom).toBe('a prediction');
		edit.undo();
		expect(edit.beganFrom).toBe('');
		edit.redo();
		brush(edit, 2, 0.5, { x: 0.5, y: 0.5 });
		edit.endStroke();
		// 10 and 9 bytes: the replacement is forgotten.
		edit.undo();
		edit.undo();
		expect([edit.beganFrom, rowsOf(edit)]).toEqual(['a prediction', ['11']]);
	});

	test('the history forgets the oldest strokes beyond its bound, and always keeps the latest', () => {
		// A stroke of one pixel takes 8 bytes for its run and 1 for its pixel; two fit in 20 bytes.
		const edit = editOf(['000'], new MaskHistory(20));
		for (const x of [0, 1, 2]) {
			brush(edit, 1, 0.5, { x: x + 0.5, y: 0.5 });
			edit.endStroke();
		}
		for (let presses = 0; presses < 5; presses++) edit.undo();
		expect(rowsOf(edit)).toEqual(['100']);
		const small = editOf(['0000'], new MaskHistory(1));
		expect(small.replace(Uint8Array.of(1, 2, 3, 0), 'a prediction')).toBe(true);
		small.undo();
		expect(rowsOf(small)).toEqual(['0000']);
	});
});

describe('whatever is drawn', () => {
	const side = 12;
	const place = fc.record({ x: fc.double({ min: -3, max: side + 3, noNaN: true }), y: fc.double({ min: -3, max: side + 3, noNaN: true }) });
	const painted = fc.constantFrom(0, 1, 2, 3, ignoredClass);
	const map = fc.uint8Array({ minLength: side * side, maxLength: side * side, max: 3 });
	const stroke = fc.oneof(
		fc.record({ tool: fc.constant('brush' as const), classIndex: painted, radius: fc.constantFrom(0.5, 1, 2, 5), from: place, to: place }),
		fc.record({ tool: fc.constant('polygon' as const), classIndex: painted, corners: fc.array(place, { minLength: 3, maxLength: 6 }) }),
		fc.record({ tool: fc.constant('fill' as const), classIndex: painted, x: fc.integer({ min: -1, max: side }), y: fc.nat(side) }),
		fc.record({ tool: fc.constant('replace' as const), classes: map }),
	);
	type Stroke = typeof stroke extends fc.Arbitrary<infer T> ? T : never;

	function draw(edit: MaskEdit, next: Stroke): void {
		if (next.tool === 'brush') brush(edit, next.classIndex, next.radius, next.from, next.to);
		else if (next.tool === 'fill') fillFrom(edit, next.classIndex, next.x, next.y);
		else if (next.tool === 'replace') edit.replace(next.classes, 'another map');
		else {
			const ring = Float64Array.from(next.corners.flatMap(({ x, y }) => [x, y]));
			edit.paint(next.classIndex, (fill) => fillRings(ring, [], 0, side, side, fill));
		}
	}

	test('undoing everything gives the first bytes, redoing everything the last', () => {
		fc.assert(
			fc.property(map, fc.array(stroke, { minLength: 1, maxLength: 8 }), (classes, strokes) => {
				const edit = new MaskEdit(side, side, classes);
				const states = [classes.slice()];
				for (const next of strokes) {
					draw(edit, next);
					edit.endStroke();
					if (edit.classes.some((now, at) => now !== states.at(-1)![at])) states.push(edit.classes.slice());
				}
				for (const state of [...states].reverse()) {
					expect(edit.classes).toEqual(state);
					edit.undo();
				}
				expect(edit.classes).toEqual(classes);
				for (const state of states) {
					expect(edit.classes).toEqual(state);
					edit.redo();
				}
				expect(edit.classes).toEqual(states.at(-1));
			}),
		);
	});

	test('pixels of locked classes never change, and the others do as without the lock', () => {
		fc.assert(
			fc.property(map, fc.array(stroke, { minLength: 1, maxLength: 6 }), fc.constantFrom(0, 1, 2, 3), (classes, strokes, locked) => {
				const edit = new MaskEdit(side, side, classes);
				edit.lock(locked, true);
				for (const next of strokes) {
					const before = edit.classes.slice();
					const free = new MaskEdit(side, side, before);
					draw(edit, next);
					draw(free, next);
					edit.endStroke();
					expect(edit.classes).toEqual(before.map((was, at) => (was === locked ? was : free.classes[at]!)));
				}
			}),
		);
	});

	test('what is drawn anew is all that changed', () => {
		fc.assert(
			fc.property(map, fc.array(fc.tuple(stroke, fc.constantFrom('end', 'cancel', 'undo', 'redo')), { maxLength: 8 }), (classes, steps) => {
				const edit = new MaskEdit(side, side, classes);
				const drawn = classes.slice();
				for (const [next, then] of steps) {
					draw(edit, next);
					if (then === 'end') edit.endStroke();
					else if (then === 'cancel') edit.cancelStroke();
					else if (then === 'undo') edit.undo();
					else edit.redo();
					const rows = edit.takeChanged();
					if (rows) drawn.set(edit.classes.subarray(rows.top * side, rows.bottom * side), rows.top * side);
					expect(drawn).toEqual(edit.classes);
				}
			}),
		);
	});
});
