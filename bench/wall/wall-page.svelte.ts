/** Mounts the wall and measures the time from frame to frame, at rest or while the epoch moves with every frame. */
import { mount, tick } from 'svelte';
import type { OverlayMode } from '#lib/ui/overlay/draw-overlay.ts';
import '#lib/ui/tokens.css';
import '#lib/ui/base.css';
import { drawWall } from './drawn-wall.ts';
import WallBench from './WallBench.svelte';

let painted = 0;
// eslint-disable-next-line @typescript-eslint/unbound-method -- the proxy calls it with the context that it was called with
CanvasRenderingContext2D.prototype.putImageData = new Proxy(CanvasRenderingContext2D.prototype.putImageData, {
	apply(target, context, args) {
		painted++;
		Reflect.apply(target, context, args);
	},
});

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

const shown = $state<{ epoch: number; mode: OverlayMode }>({ epoch: 0, mode: 'overlay' });
const drawn = drawWall({ images: 60, runs: 6, epochs: 4, side: 256 });
const target = document.createElement('main');
// As wide as the stage of the app in a window of 1600 pixels.
target.style.inlineSize = '1200px';
document.body.append(target);
mount(WallBench, { target, props: { drawn, shown } });
await tick();
await nextFrame();

interface Frames {
	/** Milliseconds from each frame to the next. */
	readonly times: number[];
	/** Pictures in the document, and how many were painted over all frames. */
	readonly cells: number;
	readonly painted: number;
}

/** Frames of so many seconds. */
async function frames(seconds: number, mode: OverlayMode, scrubs: boolean): Promise<Frames> {
	shown.mode = mode;
	await tick();
	painted = 0;
	const times: number[] = [];
	let before = await nextFrame();
	const end = before + 1000 * seconds;
	while (before < end) {
		if (scrubs) shown.epoch = (shown.epoch + 1) % drawn.epochs;
		const now = await nextFrame();
		times.push(now - before);
		before = now;
	}
	return { times, cells: target.querySelectorAll('canvas').length, painted };
}

Object.assign(globalThis, { wall: { frames } });
