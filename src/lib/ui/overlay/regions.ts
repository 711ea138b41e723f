/** Where masks have edges, and what became of each pixel of a prediction. Pure; no colours yet. */
import { ignoredClass } from '#lib/core/sample.ts';

/** Size of the maps and width of an edge, in pixels. */
export interface EdgeShape {
	readonly width: number;
	readonly height: number;
	readonly stroke: number;
}

/**
 * Non-zero where a pixel of a region lies within `stroke` of the region's edge: 2 where the edge runs down the image,
 * 1 where it runs across or aslant. Regions are runs of equal non-zero values of `region`, which maps a pixel's class;
 * the image's border is no edge.
 */
export function edgesOf(classes: Uint8Array, { width, height, stroke }: EdgeShape, region: Uint8Array): Uint8Array {
	const edges = new Uint8Array(classes.length);
	for (let y = 0, at = 0; y < height; y++) {
		const up = y >= stroke ? -stroke * width : 0;
		const down = y + stroke < height ? stroke * width : 0;
		for (let x = 0; x < width; x++, at++) {
			const own = region[classes[at]!]!;
			if (own === 0) continue;
			const left = x >= stroke ? at - stroke : at;
			const right = x + stroke < width ? at + stroke : at;
			if (region[classes[at + up]!] !== own || region[classes[at + down]!] !== own) edges[at] = 1;
			else if (region[classes[left]!] !== own || region[classes[right]!] !== own) edges[at] = 2;
		}
	}
	return edges;
}

/** Class → region: each foreground class its own, or only the class in focus. Background and ignored are 0. */
export function regionsOf(focusClass: number | null): Uint8Array {
	const region = new Uint8Array(256);
	for (let index = 1; index < ignoredClass; index++) region[index] = focusClass === null || focusClass === index ? index : 0;
	if (focusClass === 0) region[0] = 1;
	return region;
}

/** Every foreground class is a region of its own. */
export const everyClass = regionsOf(null);

/** What became of a pixel. */
export const outcome = { nothing: 0, truePositive: 1, falsePositive: 2, falseNegative: 3 } as const;

/**
 * What became of each pixel. Without a focus class, a pixel is TP when prediction and truth agree on a foreground class,
 * FP when any wrong foreground class was predicted, FN when foreground was predicted as background. Ignored pixels are nothing.
 */
export function outcomesOf(predicted: Uint8Array, truth: Uint8Array, focusClass: number | null): Uint8Array {
	const outcomes = new Uint8Array(truth.length);
	for (let at = 0; at < truth.length; at++) {
		const is = truth[at]!;
		if (is === ignoredClass) continue;
		const said = predicted[at]!;
		const saidYes = focusClass === null ? said !== 0 : said === focusClass;
		const isYes = focusClass === null ? is !== 0 : is === focusClass;
		if (saidYes) outcomes[at] = isYes && said === is ? outcome.truePositive : outcome.falsePositive;
		else outcomes[at] = isYes ? outcome.falseNegative : outcome.nothing;
	}
	return outcomes;
}
