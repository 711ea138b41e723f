/** How unsure one run is about a pixel, and how far several runs are apart. Pure; maps have levels 0…255, drawn as viridis. */

/** Entropy of a pixel that is foreground with probability `p`, in bits: 0 where the run is sure, 1 at p = 0.5. */
export function entropyBits(p: number): number {
	const part = (share: number): number => (share > 0 ? -share * Math.log2(share) : 0);
	return part(p) + part(1 - p);
}

/** Level of the entropy by level of probability. A level stands for the middle of what it holds, (level + ½) / 256. */
const entropyTable = Uint8Array.from({ length: 256 }, (_, level) => Math.round(255 * entropyBits((level + 0.5) / 256)));

/** Probability levels → entropy, 255 for 1 bit. */
export function entropyLevels(levels: Uint8Array): Uint8Array {
	return levels.map((level) => entropyTable[level]!);
}

/** The largest standard deviation that probabilities can have: half of them 0, half 1. */
export const mostDeviation = 0.5;

/**
 * Standard deviation of the probability of each pixel over several maps (population, so two maps 0 and 1 give 0.5), as
 * levels: 255 for `mostDeviation`. At least two maps of one length.
 */
export function deviationLevels(maps: readonly Uint8Array[]): Uint8Array {
	const count = maps.length;
	const result = new Uint8Array(maps[0]?.length ?? 0);
	for (let at = 0; at < result.length; at++) {
		let sum = 0;
		let squares = 0;
		for (const map of maps) {
			const level = map[at]!;
			sum += level;
			squares += level * level;
		}
		const variance = Math.max(0, squares / count - (sum / count) ** 2);
		result[at] = Math.round((255 * Math.sqrt(variance)) / (256 * mostDeviation));
	}
	return result;
}
