/** Wheel, drag, pinch, double click and keys on a pane, turned into moves of a viewport. */
import type { Attachment } from 'svelte/attachments';
import type { Viewport } from './viewport.svelte.ts';

const wheelSpeed = 0.0018;
const keyZoom = 1.25;
const keyPan = 0.125;

/** Image point under a client position, in shares. The pane shows the image without a border. */
export function imagePoint(element: Element, viewport: Viewport, clientX: number, clientY: number): { x: number; y: number } {
	const box = element.getBoundingClientRect();
	return {
		x: viewport.x + ((clientX - box.left) / box.width - 0.5) / viewport.scale,
		y: viewport.y + ((clientY - box.top) / box.height - 0.5) / viewport.scale,
	};
}

interface PanZoomOptions {
	/** True where the first pointer draws and the arrows move a cursor: two fingers, the middle button and the wheel move the view. */
	readonly draws?: boolean;
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1],
};

/** True when the key did something, so that arrows on a fitted image still turn to the next one. */
function handleKey(viewport: Viewport, pane: string, event: KeyboardEvent, draws: boolean): boolean {
	const arrow = arrows[event.key];
	if (event.ctrlKey || event.metaKey || event.altKey) return false;
	if (event.key === '+' || event.key === '=') viewport.zoomAt(keyZoom, viewport.x, viewport.y);
	else if (event.key === '-') viewport.zoomAt(1 / keyZoom, viewport.x, viewport.y);
	else if (event.key === '0') viewport.fit();
	else if (!arrow || draws) return false;
	else if (viewport.grid) viewport.stepPixel(...arrow, pane);
	else if (viewport.isFitted) return false;
	else viewport.panBy((arrow[0] * keyPan) / viewport.scale, (arrow[1] * keyPan) / viewport.scale);
	return true;
}

/** The pointers that are down, and what their motion means. */
class Gesture {
	readonly #element: HTMLElement;
	readonly #viewport: Viewport;
	readonly #draws: boolean;
	readonly #points = new Map<number, { x: number; y: number }>();

	constructor(element: HTMLElement, viewport: Viewport, draws: boolean) {
		this.#element = element;
		this.#viewport = viewport;
		this.#draws = draws;
	}

	down(event: PointerEvent): void {
		if (event.button !== 0 && !(this.#draws && event.button === 1)) return;
		this.#points.set(event.pointerId, { x: event.clientX, y: event.clientY });
		this.#element.setPointerCapture(event.pointerId);
	}

	move(event: PointerEvent): void {
		const before = this.#points.get(event.pointerId);
		if (!before) return;
		const now = { x: event.clientX, y: event.clientY };
		const others = [...this.#points].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
		this.#points.set(event.pointerId, now);
		const other = others[0];
		const isDrawing = this.#draws && (event.buttons & 1) === 1;
		if (!other && isDrawing) return;
		if (other) this.#pinch(before, now, other);
		const box = this.#element.getBoundingClientRect();
		const scale = this.#viewport.scale * (others.length + 1);
		this.#viewport.panBy((before.x - now.x) / box.width / scale, (before.y - now.y) / box.height / scale);
	}

	#pinch(before: { x: number; y: number }, now: { x: number; y: number }, other: { x: number; y: number }): void {
		const was = Math.hypot(before.x - other.x, before.y - other.y);
		const is = Math.hypot(now.x - other.x, now.y - other.y);
		if (was === 0 || is === 0) return;
		const middle = imagePoint(this.#element, this.#viewport, (now.x + other.x) / 2, (now.y + other.y) / 2);
		this.#viewport.zoomAt(is / was, middle.x, middle.y);
	}

	up(event: PointerEvent): void {
		this.#points.delete(event.pointerId);
	}
}

/** Makes an element move a viewport. `pane` names the element in `viewport.pointer`. */
export function panZoom(viewport: Viewport, pane: string, { draws = false }: PanZoomOptions = {}): Attachment<HTMLElement> {
	return (element) => {
		const gesture = new Gesture(element, viewport, draws);
		const ended = new AbortController();
		const listen = <K extends keyof HTMLElementEventMap>(type: K, handler: (event: HTMLElementEventMap[K]) => void): void =>
			element.addEventListener(type, handler, { signal: ended.signal, passive: false });

		listen('wheel', (event) => {
			// A fitted image lets the page scroll on.
			if (event.deltaY > 0 && viewport.isFitted) return;
			event.preventDefault();
			const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
			const { x, y } = imagePoint(element, viewport, event.clientX, event.clientY);
			viewport.zoomAt(Math.exp(-event.deltaY * lines * wheelSpeed), x, y);
		});
		const point = (event: PointerEvent): void => {
			viewport.pointer = { ...imagePoint(element, viewport, event.clientX, event.clientY), pane };
		};
		listen('pointerdown', (event) => {
			gesture.down(event);
			point(event);
		});
		listen('pointermove', (event) => {
			gesture.move(event);
			point(event);
		});
		listen('pointerup', (event) => gesture.up(event));
		listen('pointercancel', (event) => gesture.up(event));
		listen('pointerleave', () => {
			// The loupe goes on showing the last pixel.
			if (!viewport.grid) viewport.pointer = null;
		});
		listen('focus', () => {
			if (!viewport.pointer) viewport.stepPixel(0, 0, pane);
		});
		if (!draws) listen('dblclick', () => viewport.fit());
		listen('keydown', (event) => {
			if (!handleKey(viewport, pane, event, draws)) return;
			event.preventDefault();
			event.stopPropagation();
		});
		return () => ended.abort();
	};
}
