/** The tools of the mask editor: what a press, a move and a key do to the map. Places are in pixels of the image. */
import { fillRings } from '#lib/pixels/fill-rings.ts';
import type { MaskEdit } from '#lib/pixels/mask-edit.ts';
import { brushSpans, regionSpans, type Place } from '#lib/pixels/paint-spans.ts';

export type Tool = 'brush' | 'eraser' | 'polygon' | 'fill' | 'pick';

/** Radii of the brush in pixels, in steps that look alike; the first paints single pixels. */
export const brushRadii = [0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] as const;

/** Where a pointer draws; `pressure` is a pen's, 0…1. */
export interface DrawnPlace extends Place {
	readonly pressure?: number;
}

const background = 0;

/** A press this close to the first corner closes the polygon, in pixels of the screen. */
const closingReach = 10;

export class MaskTools {
	tool = $state<Tool>('brush');
	/** The class that brush, polygon and fill paint. */
	classIndex = $state(1);
	/** Place of the radius in `brushRadii`. */
	size = $state(4);
	/** A pen has drawn. */
	penSeen = $state(false);
	/** A pen's brush is as wide as its pressure: the whole radius at the most. */
	pressureSizes = $state(true);
	/** Corners of the polygon under way. */
	corners = $state.raw<readonly Place[]>([]);
	/** Where the keyboard points: a pixel's centre. */
	cursor = $state.raw<Place>({ x: 0.5, y: 0.5 });
	readonly #edit: MaskEdit;
	readonly #paintable: ReadonlySet<number>;
	readonly #onchange: () => void;
	/** The end of the line under way; null when nothing is being drawn. */
	#last: Place | null = null;
	/** The tool that Pick returns to. */
	#before: Tool = 'brush';

	/**
	 * @param paintable classes that can be painted
	 * @param onchange the map has other pixels than before
	 */
	constructor(edit: MaskEdit, paintable: readonly number[], onchange: () => void) {
		this.#edit = edit;
		this.#paintable = new Set(paintable);
		this.#onchange = onchange;
		this.classIndex = paintable.find((index) => index !== background) ?? background;
		this.cursor = { x: Math.floor(edit.width / 2) + 0.5, y: Math.floor(edit.height / 2) + 0.5 };
	}

	get radius(): number {
		return brushRadii[this.size] ?? brushRadii[0];
	}

	get drawing(): boolean {
		return this.#last !== null;
	}

	choose(tool: Tool): void {
		this.cancel();
		if (tool === 'pick' && this.tool !== 'pick') this.#before = this.tool;
		this.tool = tool;
	}

	chooseClass(index: number): void {
		if (!this.#paintable.has(index)) return;
		this.classIndex = index;
		if (this.tool === 'eraser') this.tool = 'brush';
	}

	resize(steps: number): void {
		this.size = Math.min(brushRadii.length - 1, Math.max(0, this.size + steps));
	}

	/** @param scale pixels of the screen per pixel of the image */
	press(place: DrawnPlace, scale: number): void {
		this.penSeen ||= place.pressure !== undefined;
		switch (this.tool) {
			case 'brush':
			case 'eraser':
				this.#last = place;
				this.#line(place, place);
				return;
			case 'polygon':
				return this.#addCorner(place, closingReach / scale);
			case 'fill':
				return this.#fill(Math.floor(place.x), Math.floor(place.y));
			case 'pick':
				return this.#pick(Math.floor(place.x), Math.floor(place.y));
			default:
				this.tool satisfies never;
		}
	}

	/** Draws on through all places that the pointer went by since the last call. */
	move(places: readonly DrawnPlace[]): void {
		for (const place of places) {
			if (!this.#last) return;
			this.#line(this.#last, place);
			this.#last = place;
		}
	}

	release(): void {
		if (!this.#last) return;
		this.#last = null;
		this.#edit.endStroke();
		this.#onchange();
	}

	/** Drops what is under way: a stroke that has not ended, a polygon that is not closed. */
	cancel(): void {
		this.corners = [];
		if (!this.#last) return;
		this.#last = null;
		this.#edit.cancelStroke();
		this.#onchange();
	}

	/** Moves the keyboard's place, and draws on while a stroke is under way. */
	step(dx: number, dy: number): void {
		const { width, height } = this.#edit;
		const x = Math.min(width - 0.5, Math.max(0.5, this.cursor.x + dx));
		const y = Math.min(height - 0.5, Math.max(0.5, this.cursor.y + dy));
		this.cursor = { x, y };
		this.move([this.cursor]);
	}

	/** Paints the polygon; fewer than three corners enclose nothing and are dropped. */
	closePolygon(): void {
		const corners = Float64Array.from(this.corners.flatMap(({ x, y }) => [x, y]));
		const { width, height } = this.#edit;
		this.#edit.paint(this.classIndex, (fill) => fillRings(corners, [], 0, width, height, fill));
		this.#edit.endStroke();
		this.corners = [];
		this.#onchange();
	}

	undo(): void {
		if (this.corners.length > 0) {
			this.corners = this.corners.slice(0, -1);
			return;
		}
		this.release();
		this.#edit.undo();
		this.#onchange();
	}

	redo(): void {
		this.release();
		this.#edit.redo();
		this.#onchange();
	}

	/** As wide as at its end, whose place a pen reports together with the pressure. */
	#line(from: Place, to: DrawnPlace): void {
		const painted = this.tool === 'eraser' ? background : this.classIndex;
		const share = this.pressureSizes ? (to.pressure ?? 1) : 1;
		const radius = Math.max(brushRadii[0], share * this.radius);
		this.#edit.paint(painted, (fill) => brushSpans(from, to, radius, fill));
		this.#onchange();
	}

	#addCorner(place: Place, reach: number): void {
		const [first] = this.corners;
		if (first && this.corners.length > 2 && Math.hypot(place.x - first.x, place.y - first.y) <= reach) this.closePolygon();
		else this.corners = [...this.corners, place];
	}

	#fill(x: number, y: number): void {
		const { classes, width, height } = this.#edit;
		this.#edit.paint(this.classIndex, (fill) => regionSpans(classes, width, height, x, y, fill));
		this.#edit.endStroke();
		this.#onchange();
	}

	#pick(x: number, y: number): void {
		const found = this.#edit.classAt(x, y);
		if (found === null || !this.#paintable.has(found)) return;
		this.tool = this.#before;
		this.chooseClass(found);
	}
}
