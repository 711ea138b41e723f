/** Files handed to the person: nothing is sent anywhere, the browser writes them to disk. */

/** Starts a download of `content` under `name`. */
export function saveFile(content: Blob | string, name: string, type = 'text/plain;charset=utf-8'): void {
	const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// The browser has begun to read the blob by the next turn of the event loop.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Draws an SVG document at `scale` times its size. Rejects when the browser cannot read it. */
export async function rasterise(svg: string, scale: number): Promise<Blob> {
	const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
	try {
		const image = new Image();
		image.src = url;
		await image.decode();
		const canvas = document.createElement('canvas');
		canvas.width = image.naturalWidth * scale;
		canvas.height = image.naturalHeight * scale;
		canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
		return await new Promise((resolve, reject) => {
			canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The canvas gave no image.'))), 'image/png');
		});
	} finally {
		URL.revokeObjectURL(url);
	}
}

/** A title as a file name: lower case, words joined by hyphens. */
export function fileName(title: string): string {
	return (
		title
			.normalize('NFKD')
			.replace(/[^\p{L}\p{N}]+/gu, '-')
			.replace(/^-|-$/gu, '')
			.toLowerCase() || 'overlap'
	);
}
