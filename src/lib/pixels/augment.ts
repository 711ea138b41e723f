/** Seeded augmentation of a prepared pair. Geometry moves image and labels alike; intensity moves the image only. */
import type { AugmentSpec } from '#lib/core/experiment.ts';
import type { RandomStream } from '#lib/core/random.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { applySymmetry, type Symmetry } from './symmetry.ts';

/** The labels of a square pair: classes [size, size]. */
export interface PreparedMask {
	readonly size: number;
	readonly classes: Uint8Array;
	/**
	 * Set where one class map comes up again and again: the map as it was, and how it was laid. What was made of it once
	 * can be laid likewise. Absent for crops and zooms at random places, which hardly ever return.
	 */
	readonly origin?: { readonly classes: Uint8Array; readonly symmetry: Symmetry };
}

/** A square pair as the net sees it: image [size, size, channels]. */
export interface PreparedPair extends PreparedMask {
	readonly channels: number;
	readonly image: Float32Array;
}

/** The indices of a draw; each keeps its meaning when others are added. */
const draw = { flip: 0, turns: 1, zoom: 2, zoomDirection: 3, brightness: 4, contrast: 5, shiftX: 6, shiftY: 7 } as const;
/** Noise starts after them. */
export const firstNoise = 16;

/** Shows what was around a shifted middle, `factor` times as large. */
interface Zoom {
	readonly factor: number;
	/** Pixels. */
	readonly shiftX: number;
	readonly shiftY: number;
}

/** value → (value − mean) · factor + mean + shift + noise · the normal number `firstNoise` + its place in the image. */
export interface Intensity {
	readonly factor: number;
	readonly shift: number;
	readonly noise: number;
	readonly random: RandomStream;
}

/** What is done to a copy, in this order. */
export interface Augmentation {
	readonly symmetry: Symmetry;
	readonly zoom: Zoom | null;
	readonly intensity: Intensity | null;
}

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

/** Along one axis of a zoom, for each target pixel the source pixels that it comes from. */
export interface ZoomAxis {
	/** The nearest, for labels; −1 where the target lies outside. */
	readonly nearest: Int32Array;
	/** The one before, for images; the next one (the last again at the end) counts with `share`. */
	readonly low: Int32Array;
	readonly share: Float64Array;
}

/** A zoom by `factor` of `size` pixels whose middle comes from `shift` pixels beside the middle. */
export function zoomAxis(size: number, factor: number, shift: number): ZoomAxis {
	const [nearest, low, share] = [new Int32Array(size), new Int32Array(size), new Float64Array(size)];
	const middle = (size - 1) / 2;
	for (let place = 0; place < size; place++) {
		const from = (place - middle) / factor + middle + shift;
		const rounded = Math.round(from);
		nearest[place] = rounded >= 0 && rounded < size ? rounded : -1;
		const before = Math.min(size - 1, Math.max(0, Math.floor(from)));
		low[place] = before;
		share[place] = Math.min(1, Math.max(0, from - before));
	}
	return { nearest, low, share };
}

/** Bilinear image, nearest labels; what comes from outside is ignored in the labels. */
function zoom(pair: PreparedPair, { factor, shiftX, shiftY }: Zoom): PreparedPair {
	const { size, channels } = pair;
	const image = new Float32Array(pair.image.length);
	const classes = new Uint8Array(pair.classes.length).fill(ignoredClass);
	const [across, down] = [zoomAxis(size, factor, shiftX), zoomAxis(size, factor, shiftY)];
	const at = (column: number, row: number, channel: number): number => pair.image[(row * size + column) * channels + channel]!;
	for (let y = 0, target = 0; y < size; y++) {
		const [row, y0, fy] = [down.nearest[y]!, down.low[y]!, down.share[y]!];
		const y1 = Math.min(size - 1, y0 + 1);
		for (let x = 0; x < size; x++, target++) {
			const [column, x0, fx] = [across.nearest[x]!, across.low[x]!, across.share[x]!];
			const x1 = Math.min(size - 1, x0 + 1);
			if (column >= 0 && row >= 0) classes[target] = pair.classes[row * size + column]!;
			for (let c = 0; c < channels; c++) {
				const [upper, lower] = [at(x0, y0, c) * (1 - fx) + at(x1, y0, c) * fx, at(x0, y1, c) * (1 - fx) + at(x1, y1, c) * fx];
				image[target * channels + c] = upper * (1 - fy) + lower * fy;
			}
		}
	}
	return { size, channels, image, classes };
}

function changeIntensity(pair: PreparedPair, { shift, factor, noise, random }: Intensity): PreparedPair {
	const mean = pair.image.reduce((sum, value) => sum + value, 0) / pair.image.length;
	const image = pair.image.map((value, i) => {
		const added = noise > 0 ? noise * random.normal(firstNoise + i) : 0;
		return (value - mean) * factor + mean + shift + added;
	});
	return { ...pair, image };
}

/** How a copy of the stream is laid before anything else is done to it. */
export function drawSymmetry(spec: AugmentSpec, random: RandomStream): Symmetry {
	return { flip: spec.flip && random.uniform(draw.flip) < 0.5, turns: spec.quarterTurns ? random.integer(draw.turns, 4) : 0 };
}

function drawZoom({ scale }: AugmentSpec, size: number, random: RandomStream): Zoom | null {
	if (scale === 0) return null;
	const strength = 1 + random.uniform(draw.zoom) * (1 / (1 - scale) - 1);
	const factor = random.uniform(draw.zoomDirection) < 0.5 ? strength : 1 / strength;
	const room = Math.max(0, ((size - 1) / 2) * (1 - 1 / factor));
	return { factor, shiftX: (2 * random.uniform(draw.shiftX) - 1) * room, shiftY: (2 * random.uniform(draw.shiftY) - 1) * room };
}

function drawIntensity({ brightness, contrast, noise }: AugmentSpec, random: RandomStream): Intensity | null {
	if (brightness === 0 && contrast === 0 && noise === 0) return null;
	const shift = (2 * random.uniform(draw.brightness) - 1) * brightness;
	return { shift, factor: 1 + (2 * random.uniform(draw.contrast) - 1) * contrast, noise, random };
}

/** All that is drawn for one copy of a pair of `size`² pixels; the same stream gives the same. */
export function drawAugmentation(spec: AugmentSpec, size: number, random: RandomStream): Augmentation {
	return { symmetry: drawSymmetry(spec, random), zoom: drawZoom(spec, size, random), intensity: drawIntensity(spec, random) };
}

/** The copy. Returns the pair itself when nothing changes. */
export function augment(pair: PreparedPair, { symmetry, zoom: zoomed, intensity }: Augmentation): PreparedPair {
	const laid = flipAndTurn(pair, symmetry);
	const scaled = zoomed ? zoom(laid, zoomed) : laid;
	return intensity ? changeIntensity(scaled, intensity) : scaled;
}

/** The labels of the copy that `augment` makes. */
export function augmentMask(mask: PreparedMask, augmentation: Augmentation): PreparedMask {
	return augment({ ...mask, channels: 0, image: new Float32Array(0) }, { ...augmentation, intensity: null });
}
