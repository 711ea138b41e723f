/** Measures one sample for the checks. */
import { sha256 } from '#lib/core/hash.ts';
import { ignoredClass, type LabelMap, type Raster, type SamplePixels } from '#lib/core/sample.ts';
import { connectedComponents } from '#lib/pixels/components.ts';
import { pickChannels } from '#lib/pixels/intensity.ts';
import { toClassMap } from '#lib/pixels/labels.ts';
import type { ObjectFacts, PixelFacts, ValueFacts } from './facts.ts';
import { lookOf } from './look.ts';

function objectsOf(classes: Uint8Array, width: number, height: number): ObjectFacts[] {
	const { labels, list } = connectedComponents(classes, width, height, 8);
	const areas = new Uint32Array(list.length + 1);
	for (const label of labels) areas[label]!++;
	return list.map(({ left, right, top, bottom }, index) => ({ area: areas[index + 1] ?? 0, width: right - left, height: bottom - top }));
}

function borderForeground(classes: Uint8Array, width: number, height: number): number | null {
	let counted = 0;
	let foreground = 0;
	const look = (at: number): void => {
		if (classes[at] === ignoredClass) return;
		counted++;
		if (classes[at] !== 0) foreground++;
	};
	for (let y = 0; y < height; y++) {
		const wholeRow = y === 0 || y === height - 1;
		for (let x = 0; x < width; x += wholeRow || width === 1 ? 1 : width - 1) look(y * width + x);
	}
	return counted === 0 ? null : foreground / counted;
}

/** True when a pixel has a smaller and a larger value around it. Ignored pixels are no neighbours. */
function isBetween({ data, width, height }: LabelMap, classes: Uint8Array, x: number, y: number): boolean {
	const value = data[y * width + x]!;
	const above = y > 0 ? data[(y - 1) * width + x] : value;
	const below = y < height - 1 ? data[(y + 1) * width + x] : value;
	// Inside of an area, which is nearly everywhere: the rest is not looked at.
	if (above === value && below === value && (x === 0 || data[y * width + x - 1] === value)) return false;
	let smaller = false;
	let larger = false;
	for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
		for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
			const at = row * width + column;
			if (classes[at] === ignoredClass) continue;
			if (data[at]! < value) smaller = true;
			else if (data[at]! > value) larger = true;
		}
	}
	return smaller && larger;
}

function valuesOf(mask: LabelMap, classes: Uint8Array): ValueFacts[] {
	const pixels = new Uint32Array(65536);
	const between = new Uint32Array(65536);
	for (let y = 0; y < mask.height; y++) {
		for (let x = 0; x < mask.width; x++) {
			const at = y * mask.width + x;
			if (classes[at] === ignoredClass) continue;
			const value = mask.data[at]!;
			pixels[value]!++;
			if (isBetween(mask, classes, x, y)) between[value]!++;
		}
	}
	return [...pixels.keys()]
		.filter((value) => pixels[value]! > 0)
		.map((value) => ({ value, pixels: pixels[value]!, between: between[value]! }));
}

function fingerprintOf({ width, height, channels, maxValue, data }: Raster): Promise<string> {
	const shape = Uint32Array.of(width, height, channels, maxValue);
	const bytes = new Uint8Array(shape.byteLength + data.byteLength);
	bytes.set(new Uint8Array(shape.buffer));
	bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), shape.byteLength);
	return sha256(bytes);
}

function meanOf(levels: Float32Array): number {
	let sum = 0;
	for (const level of levels) sum += level;
	return sum / levels.length;
}

/** @param lookup class index of every stored value */
export async function measurePixels({ image, mask }: SamplePixels, lookup: Uint8Array): Promise<PixelFacts> {
	const { width, height } = mask;
	const classes = toClassMap(mask, lookup);
	const grey = pickChannels(image, 'grey');
	return {
		objects: objectsOf(classes, width, height),
		borderForeground: borderForeground(classes, width, height),
		values: valuesOf(mask, classes),
		brightness: meanOf(grey.data),
		fingerprint: await fingerprintOf(image),
		look: lookOf(grey),
	};
}
