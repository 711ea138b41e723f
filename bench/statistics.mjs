/** Statistics of repeated measurements. */

/** The middle value, or the mean of the two middle ones; NaN of nothing. @param {readonly number[]} values */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	if (sorted.length === 0) return Number.NaN;
	return sorted.length % 2 === 1 ? /** @type {number} */ (sorted[middle]) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/**
 * Ours over theirs, round by round: both of a round were measured one right after the other, so what slows the machine for a while
 * slows both and cancels out. Rounds that only one of them had are left out.
 * @param {readonly number[]} ours @param {readonly number[]} theirs one value a round
 */
export function pairedRatio(ours, theirs) {
	const ratios = ours.slice(0, theirs.length).map((value, round) => value / (theirs[round] ?? Number.NaN));
	return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}
