/**
 * The only colours with a meaning: runs, classes, and TP / FP / FN. From the palette of Okabe and Ito (2008),
 * <https://jfly.uni-koeln.de/color/>, which people with any kind of colour vision can tell apart; a shape or a dash always
 * says the same thing a second time.
 */

import type { LabelScheme } from '#lib/core/sample.ts';

export type Marker = 'circle' | 'square' | 'triangle' | 'diamond' | 'triangle-down' | 'cross' | 'plus' | 'star';

export interface RunStyle {
	/** CSS colour that follows the scheme, for markup. */
	readonly colour: string;
	/** The same as plain hexadecimal, for canvases and files on a white or a dark ground. */
	readonly light: string;
	readonly dark: string;
	readonly marker: Marker;
	/** Lengths of strokes and gaps in pixels; empty for a solid line. */
	readonly dash: readonly number[];
}

/**
 * Light and dark form of each hue of the palette. On white, its bright hues are too faint for lines, and darkening them
 * alike would make some of them meet for colour-blind eyes; so each keeps its hue within 12°, and the lightnesses are spread
 * until any two runs differ by 0.1 in OKLab for every kind of colour vision, at a contrast of 3 or more to the panel.
 * The first three are not the colours of TP, FP and FN, which stand right below them on the wall.
 */
const runHues = [
	['#0a9ed6', '#5badde'],
	['#6b3960', '#a15d79'],
	['#a0620e', '#f39924'],
	['#188773', '#92e0b8'],
	['#912600', '#df5100'],
	['#0050a1', '#3177ce'],
	['#af921c', '#fedb2b'],
	['#232323', '#ffffff'],
] as const;

const markers = ['circle', 'square', 'triangle', 'diamond', 'triangle-down', 'cross', 'plus', 'star'] as const;

/** Colour, marker and dash of the run at `index` of an experiment, from 0. After eight, colours return with a dash and another marker. */
export function runStyle(index: number): RunStyle {
	const [light, dark] = runHues[index % runHues.length] ?? runHues[0];
	const round = Math.floor(index / runHues.length);
	const marker = markers[(index + 3 * round) % markers.length] ?? 'circle';
	return { colour: `light-dark(${light}, ${dark})`, light, dark, marker, dash: round === 0 ? [] : [7, 3] };
}

/** What belongs to no run. */
export const plainStyle: RunStyle = { colour: 'var(--text-quiet)', light: '#575757', dark: '#a8a8a8', marker: 'cross', dash: [] };

const readingDashes = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [12, 3, 2, 3, 2, 3]] as const;

/** One of several lines of the run at `index`: the run's colour, with a marker and a dash by `place`, from 0. */
export function readingStyle(index: number, place: number): RunStyle {
	return {
		...runStyle(index),
		marker: markers[place % markers.length] ?? 'circle',
		dash: readingDashes[place % readingDashes.length] ?? [],
	};
}

/** Outline of a marker as SVG path data, centred on 0, within a square of side 2. */
export const markerPaths: Record<Marker, string> = {
	circle: 'M-0.9 0A0.9 0.9 0 1 1 0.9 0A0.9 0.9 0 1 1 -0.9 0Z',
	square: 'M-0.8 -0.8H0.8V0.8H-0.8Z',
	triangle: 'M0 -1L1 0.8H-1Z',
	diamond: 'M0 -1.1L1.1 0L0 1.1L-1.1 0Z',
	'triangle-down': 'M0 1L1 -0.8H-1Z',
	cross: 'M-1 -0.6L-0.6 -1L0 -0.4L0.6 -1L1 -0.6L0.4 0L1 0.6L0.6 1L0 0.4L-0.6 1L-1 0.6L-0.4 0Z',
	plus: 'M-0.3 -1H0.3V-0.3H1V0.3H0.3V1H-0.3V0.3H-1V-0.3H-0.3Z',
	star: 'M0 -1.1L0.28 -0.39L1.05 -0.34L0.46 0.15L0.65 0.89L0 0.48L-0.65 0.89L-0.46 0.15L-1.05 -0.34L-0.28 -0.39Z',
};

export type Rgb = readonly [red: number, green: number, blue: number];

/** Background first: it is never painted over an image, but label maps and lists need a colour for it. */
const classPalette = ['#3a3a3a', '#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7', '#999999'] as const;

/** Colour of a class index as hexadecimal. After eight foreground classes the hues return. */
export function classColour(classIndex: number): string {
	if (classIndex === 0) return classPalette[0];
	return classPalette[1 + ((classIndex - 1) % (classPalette.length - 1))] ?? classPalette[0];
}

/** Colour of a class as the scheme gives it, else the app's own. */
export function schemeColour(scheme: LabelScheme, classIndex: number): string {
	return (classIndex === 0 ? undefined : scheme.classes[classIndex]?.colour) ?? classColour(classIndex);
}

/** What became of a pixel when a prediction met the truth. */
export const outcomeColours = { truePositive: '#009e73', falsePositive: '#d55e00', falseNegative: '#0072b2' } as const;

/** What two runs say about a pixel; what neither marks keeps the image. `apart` is two foreground classes. */
export const differenceColours = { firstOnly: '#e69f00', secondOnly: '#56b4e9', both: '#f5f5f5', apart: '#cc79a7' } as const;

/** `#rrggbb` → three bytes. */
export function rgbOf(hex: string): Rgb {
	const value = Number.parseInt(hex.slice(1), 16);
	return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Colours of all classes of a scheme, by class index. */
export function schemeRgb(scheme: LabelScheme): Rgb[] {
	return scheme.classes.map((_, index) => rgbOf(schemeColour(scheme, index)));
}
