import { describe, expect, it } from 'vitest';
import { classColour, outcomeColours, rgbOf, runStyle, type Rgb } from './run-colours.ts';

const linear = (byte: number): number => (byte <= 10.31475 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
const luminance = (rgb: Rgb): number => 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);

/** Contrast by WCAG 2.2. */
function contrast(a: string, b: string): number {
	const [low, high] = [luminance(rgbOf(a)), luminance(rgbOf(b))].sort((x, y) => x - y);
	return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** Full dichromacy by Machado, Oliveira and Fernandes (2009), table 1, severity 1.0, on linear RGB. */
const visions = {
	protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
	deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
	tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
	full: [1, 0, 0, 0, 1, 0, 0, 0, 1],
} as const;

/** OKLab of a colour as someone with this vision sees it (Ottosson 2020). */
function seen(hex: string, vision: keyof typeof visions): [number, number, number] {
	const m = visions[vision];
	const [r, g, b] = rgbOf(hex).map(linear) as [number, number, number];
	const row = (i: number): number => Math.min(1, Math.max(0, m[i]! * r + m[i + 1]! * g + m[i + 2]! * b));
	const [R, G, B] = [row(0), row(3), row(6)];
	const l = Math.cbrt(0.4122214708 * R + 0.5363325363 * G + 0.0514459929 * B);
	const mm = Math.cbrt(0.2119034982 * R + 0.6806995451 * G + 0.1073969566 * B);
	const s = Math.cbrt(0.0883024619 * R + 0.2817188376 * G + 0.6299787005 * B);
	return [
		0.2104542553 * l + 0.793617785 * mm - 0.0040720468 * s,
		1.9779984951 * l - 2.428592205 * mm + 0.4505937099 * s,
		0.0259040371 * l + 0.7827717662 * mm - 0.808675766 * s,
	];
}

const distance = (a: string, b: string, vision: keyof typeof visions): number => {
	const [p, q] = [seen(a, vision), seen(b, vision)];
	return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};

describe('run styles', () => {
	it('are all different for the twelve runs an experiment can have', () => {
		const styles = Array.from({ length: 12 }, (_, index) => runStyle(index));
		expect(new Set(styles.map(({ colour, marker, dash }) => [colour, marker, dash].join())).size).toBe(12);
		expect(new Set(styles.slice(0, 8).map(({ marker }) => marker)).size).toBe(8);
	});

	it('change the marker when a colour returns', () => {
		for (let index = 8; index < 12; index++) {
			expect(runStyle(index).colour).toBe(runStyle(index - 8).colour);
			expect(runStyle(index).marker).not.toBe(runStyle(index - 8).marker);
			expect(runStyle(index).dash).not.toEqual([]);
		}
	});

	it('keep a contrast of 3 to the panel in both schemes', () => {
		for (let index = 0; index < 8; index++) {
			expect(contrast(runStyle(index).light, '#ffffff'), `light ${index}`).toBeGreaterThanOrEqual(3);
			expect(contrast(runStyle(index).dark, '#1c1c1c'), `dark ${index}`).toBeGreaterThanOrEqual(3);
		}
	});

	// 0.02 in OKLab is just noticeable side by side; five times that holds for thin lines apart.
	it.each(['full', 'protan', 'deutan', 'tritan'] as const)('are told apart with %s vision', (vision) => {
		for (const scheme of ['light', 'dark'] as const) {
			for (let a = 0; a < 8; a++) {
				for (let b = 0; b < a; b++) {
					expect(distance(runStyle(a)[scheme], runStyle(b)[scheme], vision), `${scheme} ${b} and ${a}`).toBeGreaterThan(0.1);
				}
			}
		}
	});
});

describe('class and outcome colours', () => {
	it('follow the order of Okabe and Ito from the first foreground class on', () => {
		expect([1, 2, 3, 4, 5, 6, 7].map(classColour)).toEqual(['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7']);
	});

	it('never give a foreground class the colour of the background', () => {
		for (let index = 1; index < 64; index++) expect(classColour(index)).not.toBe(classColour(0));
	});

	it.each(['protan', 'deutan', 'tritan'] as const)('tell TP, FP and FN apart with %s vision', (vision) => {
		const { truePositive, falsePositive, falseNegative } = outcomeColours;
		expect(distance(truePositive, falsePositive, vision)).toBeGreaterThan(0.08);
		expect(distance(truePositive, falseNegative, vision)).toBeGreaterThan(0.08);
		expect(distance(falsePositive, falseNegative, vision)).toBeGreaterThan(0.08);
	});
});
