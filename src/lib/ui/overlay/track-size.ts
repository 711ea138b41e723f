/** The size of an element in device pixels, where the browser tells them. */
import type { Attachment } from 'svelte/attachments';

export interface DeviceSize {
	readonly width: number;
	readonly height: number;
}

export function trackSize(onsize: (size: DeviceSize) => void): Attachment<HTMLElement> {
	return (element) => {
		const observer = new ResizeObserver(([entry]) => {
			const device = entry && 'devicePixelContentBoxSize' in entry ? entry.devicePixelContentBoxSize[0] : undefined;
			const css = entry?.contentRect ?? { width: 0, height: 0 };
			onsize(
				device
					? { width: device.inlineSize, height: device.blockSize }
					: { width: Math.round(css.width * devicePixelRatio), height: Math.round(css.height * devicePixelRatio) },
			);
		});
		observer.observe(element);
		return () => observer.disconnect();
	};
}

/** Gives a canvas its size; an equal one would be cleared for nothing. */
export function resizeCanvas(canvas: HTMLCanvasElement, { width, height }: DeviceSize): void {
	if (canvas.width === width && canvas.height === height) return;
	canvas.width = width;
	canvas.height = height;
}
