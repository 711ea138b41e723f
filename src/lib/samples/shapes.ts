/** Outlines and strokes, with soft edges. Lengths are pixels. A pixel is labelled where its coverage is at least one half. */
import type { Draws } from './draws.ts';
import { clamp, type Plane } from './field.ts';

/** A closed outline around a centre: an ellipse whose radius is modulated by a few harmonics. */
export interface Blob {
	readonly x: number;
	readonly y: number;
	/** Half axes. */
	readonly a: number;
	readonly b: number;
	/** Direction of `a`, radians. */
	readonly angle: number;
	/** Relative amplitude and phase of the harmonics 2, 3, 4… */
	readonly wobble: readonly (readonly [amplitude: number, phase: number])[];
}

/** Harmonics whose strength falls with their number, so that outlines are irregular but smooth. */
export function wobbleOf(draws: Draws, strength: number, harmonics = 4): Blob['wobble'] {
	return Array.from({ length: harmonics }, (_, i) => [draws.normal(0, strength / (i + 1)), draws.between(0, 2 * Math.PI)] as const);
}

/** The radius of a blob in the direction `theta` of the image, pixels. */
export function radiusAt(blob: Blob, theta: number): number {
	const local = theta - blob.angle;
	// Math.sqrt of a sum of squares: Math.hypot is several times slower, and this runs for every pixel of every outline.
	const ellipse = (blob.a * blob.b) / Math.sqrt((blob.b * Math.cos(local)) ** 2 + (blob.a * Math.sin(local)) ** 2);
	let factor = 1;
	for (let i = 0; i < blob.wobble.length; i++) {
		const harmonic = blob.wobble[i]!;
		factor += harmonic[0] * Math.cos((i + 2) * local + harmonic[1]);
	}
	return ellipse * Math.max(0.3, factor);
}

/** A blob's largest possible radius, pixels. */
export function reachOf(blob: Blob): number {
	return Math.max(blob.a, blob.b) * (1 + blob.wobble.reduce((sum, [amplitude]) => sum + Math.abs(amplitude), 0));
}

/** Visits the pixels within `margin` of a blob with the distance to its outline (negative inside) and its relative radius (0 centre, 1 outline). */
export function visitBlob(
	blob: Blob,
	size: number,
	margin: number,
	visit: (index: number, distance: number, relative: number) => void,
): void {
	const reach = reachOf(blob) + margin;
	const x1 = Math.min(size - 1, Math.ceil(blob.x + reach));
	const y1 = Math.min(size - 1, Math.ceil(blob.y + reach));
	for (let y = Math.max(0, Math.floor(blob.y - reach)); y <= y1; y++) {
		for (let x = Math.max(0, Math.floor(blob.x - reach)); x <= x1; x++) {
			const dx = x - blob.x;
			const dy = y - blob.y;
			const r = Math.sqrt(dx * dx + dy * dy);
			if (r > reach) continue;
			const radius = radiusAt(blob, Math.atan2(dy, dx));
			visit(y * size + x, r - radius, r / radius);
		}
	}
}

/** Coverage of a pixel whose centre is `distance` outside an edge (negative inside): 1 inside, one half on the edge, 0 outside. */
export function coverage(distance: number, softness = 1): number {
	return clamp(0.5 - distance / softness, 0, 1);
}

/** A stretch of a curve between two points whose width runs from one value to another. */
export interface Stroke {
	readonly x0: number;
	readonly y0: number;
	readonly x1: number;
	readonly y1: number;
	readonly width0: number;
	readonly width1: number;
}

/** Visits the pixels within `margin` of a stroke with the distance to its middle line and the half width there. */
export function visitStroke(
	stroke: Stroke,
	size: number,
	margin: number,
	visit: (index: number, distance: number, half: number) => void,
): void {
	const { x0, y0 } = stroke;
	const reach = Math.max(stroke.width0, stroke.width1) / 2 + margin;
	const dx = stroke.x1 - x0;
	const dy = stroke.y1 - y0;
	const lengthSquared = Math.max(1e-9, dx * dx + dy * dy);
	const right = Math.min(size - 1, Math.ceil(Math.max(x0, stroke.x1) + reach));
	const bottom = Math.min(size - 1, Math.ceil(Math.max(y0, stroke.y1) + reach));
	for (let y = Math.max(0, Math.floor(Math.min(y0, stroke.y1) - reach)); y <= bottom; y++) {
		for (let x = Math.max(0, Math.floor(Math.min(x0, stroke.x1) - reach)); x <= right; x++) {
			const along = clamp(((x - x0) * dx + (y - y0) * dy) / lengthSquared, 0, 1);
			const distance = Math.sqrt((x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2);
			if (distance <= reach) visit(y * size + x, distance, (stroke.width0 + (stroke.width1 - stroke.width0) * along) / 2);
		}
	}
}

/** Draws a stroke's coverage into a plane, keeping the larger of old and new. */
export function drawStroke(target: Plane, stroke: Stroke, strength = 1): void {
	visitStroke(stroke, target.size, 1, (index, distance, half) => {
		target.data[index] = Math.max(target.data[index]!, strength * coverage(distance - half));
	});
}
