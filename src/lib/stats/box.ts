/** A sample in five numbers (Tukey 1977, "Exploratory Data Analysis"). */

export interface Box {
	/** Ends of the whiskers: the values furthest out that lie within 1.5 times the box from it. */
	readonly low: number;
	readonly firstQuartile: number;
	readonly median: number;
	readonly thirdQuartile: number;
	readonly high: number;
	readonly n: number;
}

/** The value at a share of an ascending list, on a straight line between neighbours, as NumPy has it. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
	const at = share * (ascending.length - 1);
	const below = Math.floor(at);
	const low = ascending[below] ?? Number.NaN;
	return low + (at - below) * ((ascending[below + 1] ?? low) - low);
}

/** Null without a value. */
export function boxOf(values: readonly number[]): Box | null {
	const ascending = values.toSorted((a, b) => a - b);
	const [firstQuartile, median, thirdQuartile] = [quantile(ascending, 0.25), quantile(ascending, 0.5), quantile(ascending, 0.75)];
	const reach = 1.5 * (thirdQuartile - firstQuartile);
	const low = ascending.find((value) => value >= firstQuartile - reach);
	const high = ascending.findLast((value) => value <= thirdQuartile + reach);
	if (low === undefined || high === undefined) return null;
	return { low, firstQuartile, median, thirdQuartile, high, n: ascending.length };
}
