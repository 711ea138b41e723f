/** A made-up object, and predictions of it that are wrong in one way. Pure. */
import { RandomStream } from '#lib/core/random.ts';

/** Pixels a side. */
export const toySide = 32;
const pixels = toySide * toySide;

/** How sure a right pixel is, and how sure a wrong one is of the wrong class. */
const sure = 0.98;

/** A disc in the middle that covers `share` of the square, to the pixel; at least one pixel. */
export function discMask(share: number): Uint8Array {
	const middle = (toySide - 1) / 2;
	const distance = (at: number): number => Math.hypot((at % toySide) - middle, Math.floor(at / toySide) - middle);
	const nearest = Array.from({ length: pixels }, (_, at) => at).sort((a, b) => distance(a) - distance(b) || a - b);
	const mask = new Uint8Array(pixels);
	for (const at of nearest.slice(0, Math.max(1, Math.round(share * pixels)))) mask[at] = 1;
	return mask;
}

/** Every pixel of the object at p while those around it are right, and the other way round. */
export function curvePredictions(classes: Uint8Array, ps: readonly number[]): { object: Float32Array[]; around: Float32Array[] } {
	const predict = (object: number, around: number): Float32Array => Float32Array.from(classes, (value) => (value === 1 ? object : around));
	return { object: ps.map((p) => predict(p, 1 - sure)), around: ps.map((p) => predict(sure, p)) };
}

/**
 * A share of the object missed and a share of the surroundings taken for object, in pixels scattered the same way each time.
 * @returns row by row: the missed share grows down, the false one to the right, each from 0 to 1 in `steps` steps
 */
export function surfacePredictions(classes: Uint8Array, steps: number): Float32Array[] {
	const random = new RandomStream(1, 'sample');
	const scattered = Array.from(classes, (_, at) => at).sort((a, b) => random.uniform(a) - random.uniform(b));
	const [object, around] = [1, 0].map((value) => scattered.filter((at) => classes[at] === value));
	const right = Float32Array.from(classes, (value) => (value === 1 ? sure : 1 - sure));
	return Array.from({ length: (steps + 1) ** 2 }, (_, place) => {
		const [missed, falsely] = [Math.floor(place / (steps + 1)) / steps, (place % (steps + 1)) / steps];
		const prediction = right.slice();
		for (const at of (object ?? []).slice(0, Math.round(missed * (object?.length ?? 0)))) prediction[at] = 1 - sure;
		for (const at of (around ?? []).slice(0, Math.round(falsely * (around?.length ?? 0)))) prediction[at] = sure;
		return prediction;
	});
}

/** Predictions to begin painting from, as levels ⌊256·p⌋. */
export const toyPredictions = [
	{ id: 'right', label: 'Right', of: (classes: Uint8Array) => paint(classes, (at) => classes[at] === 1) },
	{ id: 'small', label: 'Too small', of: (classes: Uint8Array) => paint(classes, (at) => inner(classes, at)) },
	{ id: 'large', label: 'Too large', of: (classes: Uint8Array) => paint(classes, (at) => near(classes, at)) },
	{ id: 'shifted', label: 'Beside it', of: (classes: Uint8Array) => paint(classes, (at) => at % toySide >= 4 && classes[at - 4] === 1) },
	{ id: 'nothing', label: 'Nothing', of: (classes: Uint8Array) => paint(classes, () => false) },
	{ id: 'unsure', label: 'Unsure', of: (classes: Uint8Array) => new Uint8Array(classes.length).fill(128) },
] as const;

const level = (p: number): number => Math.min(255, Math.floor(256 * p));

function paint(classes: Uint8Array, isObject: (at: number) => boolean): Uint8Array {
	return Uint8Array.from(classes, (_, at) => level(isObject(at) ? sure : 1 - sure));
}

const neighbours = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy] as const));
const around = (classes: Uint8Array, at: number): number[] =>
	neighbours.flatMap(([dx, dy]) => {
		const [x, y] = [(at % toySide) + dx, Math.floor(at / toySide) + dy];
		return x < 0 || y < 0 || x >= toySide || y >= toySide ? [] : [classes[y * toySide + x] ?? 0];
	});
const inner = (classes: Uint8Array, at: number): boolean => around(classes, at).every((value) => value === 1);
const near = (classes: Uint8Array, at: number): boolean => around(classes, at).includes(1);

/** Paints a round spot of probability `p`; `x` and `y` in pixels from the upper left, 0.5 the middle of the first. Radius in pixels. */
export function paintSpot(levels: Uint8Array, x: number, y: number, radius: number, p: number): Uint8Array {
	return levels.map((old, at) =>
		Math.hypot((at % toySide) + 0.5 - x, Math.floor(at / toySide) + 0.5 - y) <= radius ? level(Math.min(0.995, Math.max(0.005, p))) : old,
	);
}
