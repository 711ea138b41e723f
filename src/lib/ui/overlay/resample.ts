/** Predictions come small and are shown at the image's size: levels by bilinear, classes by nearest neighbour. */

/** Source positions of `length` targets over `sourceLength` pixels, half-pixel centres, clamped to the edge. */
function positions(length: number, sourceLength: number): { first: Int32Array; second: Int32Array; weight: Float32Array } {
	const first = new Int32Array(length);
	const second = new Int32Array(length);
	const weight = new Float32Array(length);
	for (let target = 0; target < length; target++) {
		const source = Math.min(sourceLength - 1, Math.max(0, ((target + 0.5) * sourceLength) / length - 0.5));
		first[target] = Math.floor(source);
		second[target] = Math.min(sourceLength - 1, first[target]! + 1);
		weight[target] = source - first[target]!;
	}
	return { first, second, weight };
}

/** Values [h, w] → [height, width] by nearest neighbour. The same array when the sizes agree. */
export function resampleNearest(data: Uint8Array, w: number, h: number, width: number, height: number): Uint8Array {
	if (w === width && h === height) return data;
	const result = new Uint8Array(width * height);
	const columns = Int32Array.from({ length: width }, (_, x) => Math.min(w - 1, Math.floor(((x + 0.5) * w) / width)));
	for (let y = 0, to = 0; y < height; y++) {
		const row = Math.min(h - 1, Math.floor(((y + 0.5) * h) / height)) * w;
		for (let x = 0; x < width; x++) result[to++] = data[row + columns[x]!]!;
	}
	return result;
}

/**
 * The enlarged form of each prediction, kept for as long as the prediction is: moving the threshold asks for it again and
 * again. Predictions are never changed in place.
 */
const enlarged = new WeakMap<Uint8Array, { readonly width: number; readonly height: number; readonly data: Uint8Array }>();

/** Levels [h, w] → [height, width] by bilinear interpolation, rounded. The same array when the sizes agree. */
export function resampleBilinear(data: Uint8Array, w: number, h: number, width: number, height: number): Uint8Array {
	if (w === width && h === height) return data;
	const kept = enlarged.get(data);
	if (kept?.width === width && kept.height === height) return kept.data;
	const result = bilinear(data, w, h, width, height);
	enlarged.set(data, { width, height, data: result });
	return result;
}

function bilinear(data: Uint8Array, w: number, h: number, width: number, height: number): Uint8Array {
	const across = positions(width, w);
	const down = positions(height, h);
	const result = new Uint8Array(width * height);
	const row = new Float32Array(w);
	for (let y = 0, to = 0; y < height; y++) {
		const upper = down.first[y]! * w;
		const lower = down.second[y]! * w;
		const weight = down.weight[y]!;
		for (let x = 0; x < w; x++) row[x] = data[upper + x]! * (1 - weight) + data[lower + x]! * weight;
		for (let x = 0; x < width; x++) {
			const left = row[across.first[x]!]!;
			result[to++] = left + (row[across.second[x]!]! - left) * across.weight[x]! + 0.5;
		}
	}
	return result;
}
