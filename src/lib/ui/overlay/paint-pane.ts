/** A picture on a canvas through a viewport: sharp pixels when enlarged, smooth when shrunk. */
import type { Picture } from './display.ts';

interface View {
	readonly scale: number;
	readonly x: number;
	readonly y: number;
}

/** From this many device pixels per image pixel on, a grid separates them. */
const gridFrom = 12;

/** The picture on a canvas of its own, which `drawImage` can scale. */
export function sourceCanvas(picture: Picture): OffscreenCanvas {
	const canvas = new OffscreenCanvas(picture.width, picture.height);
	canvas.getContext('2d')?.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
	return canvas;
}

function paintGrid(context: CanvasRenderingContext2D, left: number, top: number, step: readonly [number, number]): void {
	const { width, height } = context.canvas;
	context.beginPath();
	for (let x = left % step[0]; x < width; x += step[0]) {
		context.moveTo(Math.round(x) + 0.5, 0);
		context.lineTo(Math.round(x) + 0.5, height);
	}
	for (let y = top % step[1]; y < height; y += step[1]) {
		context.moveTo(0, Math.round(y) + 0.5);
		context.lineTo(width, Math.round(y) + 0.5);
	}
	context.strokeStyle = 'rgb(128 128 128 / 0.35)';
	context.lineWidth = 1;
	context.stroke();
}

/** Fills the canvas with the part of `source` that the view shows. The canvas is sized in device pixels beforehand. */
export function paintPane(canvas: HTMLCanvasElement, source: OffscreenCanvas, view: View): void {
	const context = canvas.getContext('2d');
	if (!context) return;
	const width = canvas.width * view.scale;
	const height = canvas.height * view.scale;
	const left = canvas.width / 2 - view.x * width;
	const top = canvas.height / 2 - view.y * height;
	const step = [width / source.width, height / source.height] as const;
	context.imageSmoothingEnabled = step[0] < 1;
	context.imageSmoothingQuality = 'high';
	context.clearRect(0, 0, canvas.width, canvas.height);
	context.drawImage(source, left, top, width, height);
	if (step[0] >= gridFrom) paintGrid(context, left, top, step);
}
