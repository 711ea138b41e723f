import type { Picture } from './display.ts';

function canvasOf(width: number, height: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
	const canvas = Object.assign(document.createElement('canvas'), { width, height });
	const context = canvas.getContext('2d');
	if (context === null) throw new Error('The browser gives no canvas.');
	return { canvas, context };
}

/** A picture as a PNG in a data URL, at most `side` pixels on its longer side. */
export function pictureUrl(picture: Picture, side: number): string {
	const whole = canvasOf(picture.width, picture.height);
	whole.context.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
	const scale = side / Math.max(picture.width, picture.height);
	if (scale >= 1) return whole.canvas.toDataURL('image/png');
	const small = canvasOf(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
	small.context.imageSmoothingQuality = 'high';
	small.context.drawImage(whole.canvas, 0, 0, small.canvas.width, small.canvas.height);
	return small.canvas.toDataURL('image/png');
}
