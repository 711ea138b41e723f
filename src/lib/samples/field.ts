/** Square planes of brightness: noise, blur, and the camera that turns them into stored levels. Values are nominally 0…1. */
import type { RandomStream } from '#lib/core/random.ts';
import type { Raster } from '#lib/core/sample.ts';

/** `data.length === size · size`, row by row. */
export interface Plane {
	readonly size: number;
	readonly data: Float32Array;
}

export function plane(size: number, fill = 0): Plane {
	return { size, data: new Float32Array(size * size).fill(fill) };
}

/** A plane whose value at pixel (x, y) is `value(x, y, index)`. */
export function planeOf(size: number, value: (x: number, y: number, index: number) => number): Plane {
	const data = new Float32Array(size * size);
	for (let y = 0, index = 0; y < size; y++) for (let x = 0; x < size; x++, index++) data[index] = value(x, y, index);
	return { size, data };
}

/** `value` held between `low` and `high`. */
export function clamp(value: number, low: number, high: number): number {
	return value < low ? low : value > high ? high : value;
}

/** 0 below `from`, 1 above `to`, smooth between (either order of the two). */
export function smoothstep(from: number, to: number, value: number): number {
	const t = clamp((value - from) / (to - from), 0, 1);
	return t * t * (3 - 2 * t);
}

/** `a` at t = 0, `b` at t = 1. */
export function mix(a: number, b: number, t: number): number {
	return a + (b - a) * t;
}

const fade = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);

/** Adds one octave of gradient noise (Perlin 1985, with his 2002 fade), `cells` lattice cells across the plane, on a lattice turned at random. */
function addOctave(data: Float32Array, size: number, stream: RandomStream, cells: number, amplitude: number, salt: number): void {
	// A square turned about its centre fits a lattice √2 as wide.
	const span = cells * Math.SQRT2;
	const columns = Math.ceil(span) + 3;
	const gradients = Float32Array.from({ length: columns * columns * 2 }, (_, i) => {
		const angle = stream.uniform(salt + (i >> 1)) * 2 * Math.PI;
		return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
	});
	const turn = stream.uniform(salt + columns * columns) * 2 * Math.PI;
	const [cos, sin] = [(Math.cos(turn) * cells) / size, (Math.sin(turn) * cells) / size];
	const corner = (column: number, row: number, dx: number, dy: number): number => {
		const at = (row * columns + column) * 2;
		return gradients[at]! * dx + gradients[at + 1]! * dy;
	};
	const middle = span / 2 + 0.5 + stream.uniform(salt + columns * columns + 1);
	for (let y = 0, index = 0; y < size; y++) {
		const fromMiddle = y + 0.5 - size / 2;
		for (let x = 0; x < size; x++, index++) {
			const u = middle + (x + 0.5 - size / 2) * cos - fromMiddle * sin;
			const v = middle + (x + 0.5 - size / 2) * sin + fromMiddle * cos;
			const column = Math.floor(u);
			const row = Math.floor(v);
			const dx = u - column;
			const dy = v - row;
			const blend = fade(dx);
			const top = mix(corner(column, row, dx, dy), corner(column + 1, row, dx - 1, dy), blend);
			const bottom = mix(corner(column, row + 1, dx, dy - 1), corner(column + 1, row + 1, dx - 1, dy - 1), blend);
			data[index]! += amplitude * mix(top, bottom, fade(dy));
		}
	}
}

/**
 * Smooth noise around 0, about ±1 (standard deviation near 0.4): `octaves` sheets of gradient noise, each half as large
 * and half as strong as the one before; the first has `cells` bumps across the plane whatever the plane's size.
 */
export function fractalNoise(stream: RandomStream, size: number, cells: number, octaves = 1): Plane {
	const out = plane(size);
	let amplitude = 1.6;
	for (let octave = 0; octave < octaves; octave++, amplitude /= 2) {
		addOctave(out.data, size, stream, cells * 2 ** octave, amplitude, octave * 100_000);
	}
	return out;
}

function gaussianKernel(sigma: number): Float32Array {
	const radius = Math.max(1, Math.ceil(3 * sigma));
	const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)));
	const sum = kernel.reduce((total, weight) => total + weight, 0);
	return kernel.map((weight) => weight / sum);
}

/** One pass along rows, written transposed, so that two passes blur both ways and end upright. */
function blurRowsTransposed(from: Float32Array, to: Float32Array, size: number, kernel: Float32Array): void {
	const radius = (kernel.length - 1) / 2;
	const row = new Float32Array(size + 2 * radius);
	for (let y = 0; y < size; y++) {
		for (let x = 0; x < row.length; x++) row[x] = from[y * size + clamp(x - radius, 0, size - 1)]!;
		for (let x = 0; x < size; x++) {
			let sum = 0;
			for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * row[x + k]!;
			to[x * size + y] = sum;
		}
	}
}

/** Gaussian blur with standard deviation `sigma` (pixels); the edge is continued outwards. `sigma` below 0.1 returns the plane itself. */
export function blurred(source: Plane, sigma: number): Plane {
	if (sigma < 0.1) return source;
	const kernel = gaussianKernel(sigma);
	const half = new Float32Array(source.data.length);
	const data = new Float32Array(source.data.length);
	blurRowsTransposed(source.data, half, source.size, kernel);
	blurRowsTransposed(half, data, source.size, kernel);
	return { size: source.size, data };
}

/**
 * A camera: noise whose variance grows with the light (shot noise) over a floor (read noise), then 8-bit levels.
 * `noise` is the standard deviation at full brightness, as a share of the range. One plane per channel.
 */
export function photographed(planes: readonly Plane[], noise: number, stream: RandomStream): Raster {
	const size = planes[0]?.size ?? 0;
	const channels = planes.length;
	const data = new Uint8Array(size * size * channels);
	for (let i = 0; i < data.length; i++) {
		const light = clamp(planes[i % channels]!.data[Math.floor(i / channels)]!, 0, 1);
		const deviation = noise * Math.sqrt(0.15 + 0.85 * light);
		data[i] = clamp(Math.round(255 * (light + (deviation > 0 ? deviation * stream.normal(i) : 0))), 0, 255);
	}
	return { width: size, height: size, channels, maxValue: 255, data };
}
