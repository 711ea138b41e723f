/** How rows of scores are sorted, and which value of a column is the best. Pure. */

export interface SortOrder {
	/** A column id, or `name`. */
	readonly by: string;
	readonly direction: 'ascending' | 'descending';
}

interface Scored {
	readonly name: string;
	readonly values: Readonly<Record<string, number | null>>;
}

/** Rows in the order asked for; values that were not measured come last either way. Null keeps the given order. */
export function sortRows<Row extends Scored>(rows: readonly Row[], order: SortOrder | null): readonly Row[] {
	if (!order) return rows;
	const sign = order.direction === 'ascending' ? 1 : -1;
	return rows.toSorted((a, b) => {
		if (order.by === 'name') return sign * a.name.localeCompare(b.name, undefined, { numeric: true });
		const [left, right] = [a.values[order.by] ?? null, b.values[order.by] ?? null];
		if (left === null || right === null) return Number(left === null) - Number(right === null);
		return sign * (left - right);
	});
}

/** The best value of each column over rows, by column id. A column with fewer than two values has none to prefer. */
export function bestPerColumn(
	rows: readonly Scored[],
	columns: readonly { readonly id: string; readonly better: 'higher' | 'lower' }[],
): Readonly<Record<string, number>> {
	const entries = columns.flatMap(({ id, better }) => {
		const values = rows.flatMap((row) => row.values[id] ?? []);
		if (values.length < 2) return [];
		return [[id, better === 'higher' ? Math.max(...values) : Math.min(...values)] as const];
	});
	return Object.fromEntries(entries);
}
