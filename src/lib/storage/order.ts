/** Orders that both stores give their lists in. */

/** Newest first; equal times by id, so that a list never changes by itself. */
export function newestFirst<T extends { readonly createdAt: number; readonly id: string }>(records: readonly T[]): T[] {
	return [...records].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
}

/** Oldest first; equal times by id. */
export function oldestFirst<T extends { readonly createdAt: number; readonly id: string }>(records: readonly T[]): T[] {
	return [...records].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}
