/** Seeded augmentation of a prepared pair. Geometry moves image and labels alike; intensity moves the image only. */
import type { AugmentSpec } from '#lib/core/experiment.ts';
import type { RandomStream } from '#lib/core/random.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { applySymmetry, type Symmetry } from './symmetry.ts';

/** A square pair as the net sees it: image [size, size, channels], classes [size, size]. */
export interface PreparedPair {
	readonly size: number;
	readonly channels: number;
	readonly image: Float32Array;
	readonly classes: Uint8Array;
	/**
	 * Set where one class map comes up again and again: the map as it was, and how it was laid. What was made of it once
	 * can be laid likewise. Absent for crops and zooms at random places, which hardly ever return.
	 */
	readonly origin?: { readonly classes: Uint8Array; readonly symmetry: Symmetry };
}

/** The indices of a draw; each keeps its meaning when others are added. Noise starts after them. */
const draw = { flip: 0, turns: 1, zoom: 2, zoomDirection: 3, brightness: 4, contrast: 5, shiftX: 6, shiftY: 7, noise: 16 } as const;

function flipAndTurn(pair: PreparedPair, symmetry: Symmetry): PreparedPair {
	if (!symmetry.flip && symmetry.turns === 0) return pair;
	const { size, channels, image, classes, origin } = pair;
	return {
		size,
		channels,
		image: applySymmetry(image, new Float32Array(image.length), size, channels, symmetry),
		classes: applySymmetry(classes, new Uint8Array(classes.length), size, 1, symmetry),
		...(origin ? { origin: { ...origin, symmetry } } : {}),
	};
}

/** Zooms about a shifted centre: bilinear image, nearest labels; what comes from outside is ignored in the labels. */
function zoom(pair: PreparedPair, factor: number, shiftX: number, shiftY: number): PreparedPair {
	const { size, channels } = pair;
	const image = new Float32Array(pair.image.length);
	const classes = new Uint8Array(pair.classes.length).fill(ignoredClass);
	const middle = (size - 1) / 2;
	const clamp = (value: number): number => Math.min(size - 1, Math.max(0, value));
	for (let y = 0, target = 0; y < size; y++) {
		const v = (y - middle) / factor + middle + shiftY;
		for (let x = 0; x < size; x++, target++) {
			const u = (x - middle) / factor + middle + shiftX;
			const [column, row] = [Math.round(u), Math.round(v)];
			if (column >= 0 && column < size && row >= 0 && row < size) classes[target] = pair.classes[row * size + column]!;
			const [x0, y0] = [clamp(Math.floor(u)), clamp(Math.floor(v))];
			const [x1, y1] = [clamp(x0 + 1), clamp(y0 + 1)];
			const [fx, fy] = [Math.min(1, Math.max(0, u - x0)), Math.min(1, Math.max(0, v - y0))];
			for (let c = 0; c < channels; c++) {
				const at = (column_: number, row_: number): number => pair.image[(row_ * size + column_) * channels + c]!;
				image[target * channels + c] =
					(at(x0, y0) * (1 - fx) + at(x1, y0) * fx) * (1 - fy) + (at(x0, y1) * (1 - fx) + at(x1, y1) * fx) * fy;
			}
		}
	}
	return { size, channels, image, classes };
}

function changeIntensity(pair: PreparedPair, spec: AugmentSpec, random: RandomStream): PreparedPair {
	if (spec.brightness === 0 && spec.contrast === 0 && spec.noise === 0) return pair;
	const shift = (2 * random.uniform(draw.brightness) - 1) * spec.brightness;
	const factor = 1 + (2 * random.uniform(draw.contrast) - 1) * spec.contrast;
	const mean = pair.image.reduce((sum, value) => sum + value, 0) / pair.image.length;
	const image = pair.image.map((value, i) => {
		const noise = spec.noise > 0 ? spec.noise * random.normal(draw.noise + i) : 0;
		return (value - mean) * factor + mean + shift + noise;
	});
	return { ...pair, image };
}

/** How a copy of the stream is laid before anything else is done to it. */
export function drawSymmetry(spec: AugmentSpec, random: RandomStream): Symmetry {
	return { flip: spec.flip && random.uniform(draw.flip) < 0.5, turns: spec.quarterTurns ? random.integer(draw.turns, 4) : 0 };
}

/** One augmented copy; the same stream gives the same copy. Returns the pair itself when the spec changes nothing. */
export function augment(pair: PreparedPair, spec: AugmentSpec, random: RandomStream): PreparedPair {
	let result = flipAndTurn(pair, drawSymmetry(spec, random));
	if (spec.scale > 0) {
		const strength = 1 + random.uniform(draw.zoom) * (1 / (1 - spec.scale) - 1);
		const factor = random.uniform(draw.zoomDirection) < 0.5 ? strength : 1 / strength;
		const room = Math.max(0, ((pair.size - 1) / 2) * (1 - 1 / factor));
		result = zoom(result, factor, (2 * random.uniform(draw.shiftX) - 1) * room, (2 * random.uniform(draw.shiftY) - 1) * room);
	}
	return changeIntensity(result, spec, random);
}
