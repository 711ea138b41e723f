/**
 * A prediction and its truth, painted over an image. Pure: pixels in, pixels out; a 256² image takes about a millisecond.
 * Colour is never the only cue: false positives are hatched, false negatives outlined, ignored pixels dotted grey.
 */
import { ignoredClass } from '#lib/core/sample.ts';
import { classColour, outcomeColours, rgbOf, type Rgb } from '../run-colours.ts';
import { blend, inkOf, pictureOf, weightOf, wordsOf } from './blend.ts';
import type { Picture } from './display.ts';
import { nearestAt, predictionAt, type ClassMap, type PredictionMap } from './maps.ts';
import { edgesOf, everyClass, outcome, outcomesOf, regionsOf, type EdgeShape } from './regions.ts';
import { entropyLevels } from './uncertainty.ts';
import { paintViridis } from './viridis.ts';

/**
 * - `overlay`: classes filled in their colours, at the opacity
 * - `errors`: TP filled, FP hatched, FN outlined
 * - `outline`: truth solid white, prediction dashed in its class colour
 * - `probability`: viridis, with a white line at the threshold
 * - `uncertainty`: the entropy of each pixel in viridis, from 0 to 1 bit
 * - `classes`: class colours alone, without the image
 * - `none`: the image alone
 */
export type OverlayMode = 'overlay' | 'errors' | 'outline' | 'probability' | 'uncertainty' | 'classes' | 'none';

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
	readonly inks: Uint32Array;
	readonly style: OverlayStyle;
	/** Painted in place. */
	readonly out: Uint32Array<ArrayBuffer>;
}

const white = inkOf([255, 255, 255]);
const black = inkOf([0, 0, 0]);
const grey = inkOf([128, 128, 128]);

const opaque = 256;
const casing = weightOf(0.45);

/** By class index. Made once: a lookup per pixel must not parse text. */
const classInks = Uint32Array.from({ length: 256 }, (_, index) => inkOf(rgbOf(classColour(index))));

function inksOf(colours: readonly Rgb[] | undefined): Uint32Array {
	if (!colours) return classInks;
	const inks = classInks.slice();
	inks.set(colours.map(inkOf));
	return inks;
}

function sceneOf(layers: OverlayLayers, style: OverlayStyle): Scene {
	const { image, truth, prediction } = layers;
	const sized = prediction && predictionAt(prediction, image, style.thresholdLevel);
	return {
		width: image.width,
		height: image.height,
		truth: truth && nearestAt(truth, image),
		predicted: sized?.classes ?? null,
		levels: sized?.levels ?? null,
		// About 1/150 of the longer side.
		stroke: Math.max(1, Math.round(Math.max(image.width, image.height) / 150)),
		inks: inksOf(style.colours),
		style,
		out: wordsOf(image),
	};
}

function paintFill(scene: Scene, classes: Uint8Array): void {
	const { out, style, inks } = scene;
	const weight = weightOf(style.opacity);
	for (let at = 0; at < classes.length; at++) {
		const index = classes[at]!;
		if (index !== 0 && index !== ignoredClass) blend(out, at, inks[index]!, weight);
	}
}

function paintClasses(scene: Scene, classes: Uint8Array): void {
	for (let at = 0; at < classes.length; at++) {
		const index = classes[at]!;
		blend(scene.out, at, scene.inks[index === ignoredClass ? 0 : index]!, opaque);
	}
}

const outcomeInks = {
	truePositive: inkOf(rgbOf(outcomeColours.truePositive)),
	falsePositive: inkOf(rgbOf(outcomeColours.falsePositive)),
	falseNegative: inkOf(rgbOf(outcomeColours.falseNegative)),
};

const outcomeRegions = Uint8Array.from({ length: 256 }, (_, index) => (index === outcome.falseNegative ? 1 : 0));

function paintErrors(scene: Scene, predicted: Uint8Array, truth: Uint8Array): void {
	const { width, height, stroke, style, out } = scene;
	const outcomes = outcomesOf(predicted, truth, style.focusClass);
	const outlines = edgesOf(outcomes, scene, outcomeRegions);
	const { truePositive: tp, falsePositive: fp, falseNegative: fn } = outcomeInks;
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
		if (dash) blend(out, at, scene.inks[predicted[at]!]!, opaque);
		else if (!truth) blend(out, at, black, casing);
	}
}

function paintProbability(scene: Scene, levels: Uint8Array, predicted: Uint8Array): void {
	paintViridis(scene.out, levels);
	const edges = edgesOf(predicted, scene, everyClass);
	for (let at = 0; at < edges.length; at++) if (edges[at] !== 0) blend(scene.out, at, white, opaque);
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
	else if (style.mode === 'uncertainty' && levels) paintViridis(scene.out, entropyLevels(levels));
	else if (style.mode === 'classes' && shown) paintClasses(scene, shown);
	else if (shown) paintFill(scene, shown);
	if (truth && style.mode !== 'probability' && style.mode !== 'uncertainty') paintIgnored(scene, truth);
	return pictureOf(scene.out, width, height);
}
