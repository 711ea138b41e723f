/** A class map under a person's hand: strokes, locked classes, undo and redo. */
import type { FillSpan } from './fill-rings.ts';
import { MaskHistory } from './mask-history.ts';

/** Rows [top, bottom) of the map. */
export interface Rows {
	readonly top: number;
	readonly bottom: number;
}

export class MaskEdit {
	readonly width: number;
	readonly height: number;
	/** Class index per pixel, 255 where it is ignored. Read it; only strokes write. */
	readonly classes: Uint8Array<ArrayBuffer>;
	/** The map as it was before the stroke under way. */
	readonly #before: Uint8Array;
	readonly #history: MaskHistory;
	readonly #locked = new Uint8Array(256);
	/** Rows that the stroke under way has touched. */
	#stroke: Rows | null = null;
	/** Rows that changed since `takeChanged`. */
	#changed: Rows | null = null;

	/** @param classes copied */
	constructor(width: number, height: number, classes: Uint8Array, history = new MaskHistory()) {
		this.width = width;
		this.height = height;
		this.classes = Uint8Array.from(classes);
		this.#before = this.classes.slice();
		this.#history = history;
	}

	get canUndo(): boolean {
		return this.#history.canUndo;
	}

	get canRedo(): boolean {
		return this.#history.canRedo;
	}

	/** What was last put in place of the whole map and not taken back; '' for the map that was given. */
	get beganFrom(): string {
		return this.#history.beganFrom;
	}

	isLocked(classIndex: number): boolean {
		return this.#locked[classIndex] === 1;
	}

	/** Pixels of a locked class keep it, whatever is painted over them; undo and redo still restore what was. */
	lock(classIndex: number, locked: boolean): void {
		this.#locked[classIndex] = locked ? 1 : 0;
	}

	/** The class of pixel (x, y); null outside the image. */
	classAt(x: number, y: number): number | null {
		return x < 0 || y < 0 || x >= this.width || y >= this.height ? null : this.classes[y * this.width + x]!;
	}

	/** Paints a class as part of the stroke under way. `draw` calls back with rows of pixels; those outside the image are cut off. */
	paint(classIndex: number, draw: (fill: FillSpan) => void): void {
		draw((y, from, to) => {
			if (y < 0 || y >= this.height) return;
			const end = y * this.width + Math.min(this.width, to);
			for (let at = y * this.width + Math.max(0, from); at < end; at++) {
				if (this.#locked[this.classes[at]!] === 0) this.classes[at] = classIndex;
			}
			this.#stroke = joined(this.#stroke, { top: y, bottom: y + 1 });
		});
		this.#changed = joined(this.#changed, this.#stroke);
	}

	/** Puts another map in place of this one, but for locked classes, as a stroke of its own. False when it is the same. */
	replace(classes: Uint8Array, beganFrom: string): boolean {
		this.endStroke();
		for (let at = 0; at < classes.length; at++) {
			if (this.#locked[this.classes[at]!] === 0) this.classes[at] = classes[at]!;
		}
		this.#stroke = { top: 0, bottom: this.height };
		this.#changed = this.#stroke;
		return this.endStroke(beganFrom);
	}

	/** Ends the stroke: from now on it is taken back as one. False when it changed nothing. */
	endStroke(beganFrom: string | null = null): boolean {
		if (!this.#stroke) return false;
		const [from, to] = [this.#stroke.top * this.width, this.#stroke.bottom * this.width];
		const recorded = this.#history.record(this.#before, this.classes, from, to, beganFrom);
		this.#before.set(this.classes.subarray(from, to), from);
		this.#stroke = null;
		return recorded;
	}

	/** Drops the stroke under way, as if it had never begun. */
	cancelStroke(): void {
		if (!this.#stroke) return;
		const [from, to] = [this.#stroke.top * this.width, this.#stroke.bottom * this.width];
		this.classes.set(this.#before.subarray(from, to), from);
		this.#changed = joined(this.#changed, this.#stroke);
		this.#stroke = null;
	}

	/** Takes the latest stroke back; one under way is ended first. */
	undo(): void {
		this.endStroke();
		this.#noteRange(this.#history.undo(this.classes, this.#before));
	}

	redo(): void {
		this.endStroke();
		this.#noteRange(this.#history.redo(this.classes, this.#before));
	}

	/** The rows that changed since the last call, for whoever draws the map; null when none did. */
	takeChanged(): Rows | null {
		const changed = this.#changed;
		this.#changed = null;
		return changed;
	}

	#noteRange(range: readonly [from: number, to: number] | null): void {
		if (!range) return;
		const rows = { top: Math.floor(range[0] / this.width), bottom: Math.ceil(range[1] / this.width) };
		this.#changed = joined(this.#changed, rows);
	}
}

function joined(a: Rows | null, b: Rows | null): Rows | null {
	if (!a || !b) return a ?? b;
	return { top: Math.min(a.top, b.top), bottom: Math.max(a.bottom, b.bottom) };
}
