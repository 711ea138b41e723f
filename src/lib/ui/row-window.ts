/** Which rows of a long list are in view. Rows have one height, so ten thousand cost no more than twenty. Pure. */

export interface RowWindow {
	/** First row to draw. */
	readonly first: number;
	/** One past the last. */
	readonly end: number;
	/** Pixels of the rows not drawn before and after. */
	readonly before: number;
	readonly after: number;
}

/** The rows within the viewport, and `overscan` more on each side so that scrolling shows no gap. */
export function rowWindow(scrollTop: number, viewportHeight: number, rowHeight: number, count: number, overscan = 6): RowWindow {
	const first = Math.min(count, Math.max(0, Math.floor(scrollTop / rowHeight) - overscan));
	const end = Math.min(count, Math.ceil((scrollTop + viewportHeight) / rowHeight) + overscan);
	return { first, end: Math.max(first, end), before: first * rowHeight, after: (count - Math.max(first, end)) * rowHeight };
}
