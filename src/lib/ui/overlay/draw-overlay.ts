/**
 * A prediction and its truth, painted over an image. Pure: pixels in, pixels out; a 256² image takes about a millisecond.
 * Colour is never the only cue: false positives are hatched, false negatives outlined, ignored pixels dotted grey.
 */
import { ignoredClass } from '#lib/core/sample.ts';
import { classColour, outcomeColours, rgbOf, type Rgb } from '../run-colours.ts';
import type { Picture } from './display.ts';
import { edgesOf, everyClass, outcome, outcomesOf, regionsOf, type EdgeShape } from './regions.ts';
import { resampleBilinear, resampleNearest } from './resample.ts';
import { viridisTable } from './viridis.ts';

/**
 * - `overlay`: classes filled in their colours, at the opacity
 * - `errors`: TP filled, FP hatched, FN outlined
 * - `outline`: truth solid white, prediction dashed in its class colour
 * - `probability`: viridis, with a white line at the threshold
 * - `classes`: class colours alone, without the image
 * - `none`: the image alone
 */
export type OverlayMode = 'overlay' | 'errors' | 'outline' | 'probability' | 'classes' | 'none';

/** Class index per pixel, 255 where it is ignored. */
export interface ClassMap {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array;
}

/** Probability levels (`binary`) or class indices (`classes`) at any size; a `Preview` and a `Prediction` both fit. */
export interface PredictionMap extends ClassMap {
	readonly kind: 'binary' | 'classes';
}

export interface OverlayLayers {
	readonly image: Picture;
	/** Of the image's size, or resampled to it. */
	readonly truth: ClassMap | null;
	/** Null paints the truth itself, as on the truth pane. */
	readonly prediction: PredictionMap | null;
}

export interface OverlayStyle {
	readonly mode: OverlayMode;
	/** Of fills, 0…1. */
	readonly opacity: number;
	/** A pixel is foreground from this level on, 1…255. */
	readonly thresholdLevel: number;
	/** Judge this class against all others; null takes any foreground. */
	readonly focusClass: number | null;
	/** By class index; classes beyond its end have the app's own colours. */
	readonly colours?: readonly Rgb[] | undefined;
}

/** Layers at the image's size, as the painters need them. */
interface Scene extends EdgeShape {
	readonly truth: Uint8Array | null;
	readonly predicted: Uint8Array | null;
	readonly levels: Uint8Array | null;
	/** By class index, 256 of them. */
	readonly colours: readonly Rgb[];
	readonly style: OverlayStyle;
	/** Painted in place. */
	readonly out: Uint8ClampedArray<ArrayBuffer>;
}

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const grey: Rgb = [128, 128, 128];

/** A pixel moves towards a colour by `weight`/256. `at` is the pixel's index. Whole numbers only, for speed. */
function blend(out: Uint8ClampedArray, at: number, colour: Rgb, weight: number): void {
	const to = at * 4;
	const red = out[to]!;
	const green = out[to + 1]!;
	const blue = out[to + 2]!;
	out[to] = red + (((colour[0] - red) * weight) >> 8);
	out[to + 1] = green + (((colour[1] - green) * weight) >> 8);
	out[to + 2] = blue + (((colour[2] - blue) * weight) >> 8);
}

/** Opacity 0…1 → weight of `blend`. */
const weightOf = (opacity: number): number => Math.round(Math.min(1, opacity) * 256);

const opaque = 256;
const casing = weightOf(0.45);

/** Levels → class 0 or 1. */
function thresholded(levels: Uint8Array, thresholdLevel: number): Uint8Array {
	const result = new Uint8Array(levels.length);
	for (let at = 0; at < levels.length; at++) result[at] = levels[at]! >= thresholdLevel ? 1 : 0;
	return result;
}

/** Colours by class index. Made once: a lookup per pixel must not parse text. */
const classRgb: readonly Rgb[] = Array.from({ length: 256 }, (_, index) => rgbOf(classColour(index)));

function sceneOf(layers: OverlayLayers, style: OverlayStyle): Scene {
	const { image, truth, prediction } = layers;
	const { width, height } = image;
	const at = (map: ClassMap, how: typeof resampleNearest): Uint8Array => how(map.data, map.width, map.height, width, height);
	const levels = prediction?.kind === 'binary' ? at(prediction, resampleBilinear) : null;
	const classes = prediction?.kind === 'classes' ? at(prediction, resampleNearest) : null;
	return {
		width,
		height,
		truth: truth ? at(truth, resampleNearest) : null,
		predicted: levels ? thresholded(levels, style.thresholdLevel) : classes,
		levels,
		// About 1/150 of the longer side.
		stroke: Math.max(1, Math.round(Math.max(width, height) / 150)),
		colours: style.colours ? [...style.colours, ...classRgb.slice(style.colours.length)] : classRgb,
		style,
		out: image.data.slice(),
	};
}

function paintFill(scene: Scene, classes: Uint8Array): void {
	const { out, style, colours } = scene;
	const weight = weightOf(style.opacity);
	for (let at = 0; at < classes.length; at++) {
		const index = classes[at]!;
		if (index !== 0 && index !== ignoredClass) blend(out, at, colours[index]!, weight);
	}
}

function paintClasses(scene: Scene, classes: Uint8Array): void {
	for (let at = 0; at < classes.length; at++) {
		const index = classes[at]!;
		blend(scene.out, at, scene.colours[index === ignoredClass ? 0 : index]!, opaque);
	}
}

const outcomeRegions = Uint8Array.from({ length: 256 }, (_, index) => (index === outcome.falseNegative ? 1 : 0));

function paintErrors(scene: Scene, predicted: Uint8Array, truth: Uint8Array): void {
	const { width, height, stroke, style, out } = scene;
	const outcomes = outcomesOf(predicted, truth, style.focusClass);
	const outlines = edgesOf(outcomes, scene, outcomeRegions);
	const [tp, fp, fn] = [rgbOf(outcomeColours.truePositive), rgbOf(outcomeColours.falsePositive), rgbOf(outcomeColours.falseNegative)];
	const period = 4 + 2 * stroke;
	const [fill, faint, strong] = [weightOf(style.opacity), weightOf(style.opacity * 0.6), weightOf(style.opacity * 2)];
	for (let y = 0, at = 0; y < height; y++) {
		for (let x = 0; x < width; x++, at++) {
			const is = outcomes[at]!;
			if (is === outcome.truePositive) blend(out, at, tp, fill);
			else if (is === outcome.falsePositive) blend(out, at, fp, (x + y) % period < period / 2 ? strong : faint);
			else if (is === outcome.falseNegative) blend(out, at, fn, outlines[at] !== 0 ? strong : faint);
		}
	}
}

/** True on the strokes of a dashed line and false in its gaps; they alternate along the way the edge runs. */
function onDash(edge: number, x: number, y: number, stroke: number): boolean {
	return (edge === 1 ? x : y) % (6 * stroke) < 3 * stroke;
}

/** Darkens what touches an outline, so that it shows on bright images too. */
function paintCasing(scene: Scene, edges: Uint8Array): void {
	const { width, height, out } = scene;
	for (let y = 0, at = 0; y < height; y++) {
		for (let x = 0; x < width; x++, at++) {
			if (edges[at] !== 0) continue;
			const touches =
				(x > 0 && edges[at - 1] !== 0) ||
				(x + 1 < width && edges[at + 1] !== 0) ||
				(y > 0 && edges[at - width] !== 0) ||
				(y + 1 < height && edges[at + width] !== 0);
			if (touches) blend(out, at, black, casing);
		}
	}
}

function paintOutline(scene: Scene): void {
	const { truth, predicted, width, style, out } = scene;
	const region = regionsOf(style.focusClass);
	if (truth) {
		const edges = edgesOf(truth, scene, region);
		paintCasing(scene, edges);
		for (let at = 0; at < edges.length; at++) if (edges[at] !== 0) blend(out, at, white, opaque);
	}
	if (!predicted) return;
	const edges = edgesOf(predicted, scene, region);
	for (let at = 0; at < edges.length; at++) {
		if (edges[at] === 0) continue;
		const dash = onDash(edges[at]!, at % width, Math.floor(at / width), scene.stroke);
		if (dash) blend(out, at, scene.colours[predicted[at]!]!, opaque);
		else if (!truth) blend(out, at, black, casing);
	}
}

function paintProbability(scene: Scene, levels: Uint8Array, predicted: Uint8Array): void {
	const { out } = scene;
	for (let at = 0; at < levels.length; at++) {
		const from = levels[at]! * 3;
		out[at * 4] = viridisTable[from]!;
		out[at * 4 + 1] = viridisTable[from + 1]!;
		out[at * 4 + 2] = viridisTable[from + 2]!;
	}
	const edges = edgesOf(predicted, scene, everyClass);
	for (let at = 0; at < edges.length; at++) if (edges[at] !== 0) blend(out, at, white, opaque);
}

/** Grey dots where a pixel counts nowhere. */
function paintIgnored(scene: Scene, truth: Uint8Array): void {
	if (!truth.includes(ignoredClass)) return;
	const { width, stroke, out } = scene;
	const [dot, ground] = [weightOf(0.9), weightOf(0.35)];
	for (let at = 0; at < truth.length; at++) {
		if (truth[at] !== ignoredClass) continue;
		const x = Math.floor((at % width) / (stroke + 1));
		const y = Math.floor(at / width / (stroke + 1));
		blend(out, at, grey, (x & 1) === 0 && (y & 1) === 0 ? dot : ground);
	}
}

/** Layers and style → RGBA picture of the image's size. The image's own pixels are not changed. */
export function drawOverlay(layers: OverlayLayers, style: OverlayStyle): Picture {
	const { width, height } = layers.image;
	if (style.mode === 'none' || (!layers.truth && !layers.prediction)) return layers.image;
	const scene = sceneOf(layers, style);
	const { truth, predicted, levels } = scene;
	const shown = predicted ?? truth;
	if (style.mode === 'outline') paintOutline(scene);
	else if (style.mode === 'errors' && predicted && truth) paintErrors(scene, predicted, truth);
	else if (style.mode === 'probability' && levels && predicted) paintProbability(scene, levels, predicted);
	else if (style.mode === 'classes' && shown) paintClasses(scene, shown);
	else if (shown) paintFill(scene, shown);
	if (truth && style.mode !== 'probability') paintIgnored(scene, truth);
	return { width, height, data: scene.out };
}
