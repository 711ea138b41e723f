/** What the browser says about the origin's storage: how much is used, and whether it may be evicted. */

/** A worker's storage manager has no `persist`: only a page may ask. */
interface StorageOfPageOrWorker {
	estimate(): Promise<StorageEstimate>;
	persisted(): Promise<boolean>;
	persist?(): Promise<boolean>;
}

function storageManager(): StorageOfPageOrWorker | undefined {
	return 'navigator' in globalThis && 'storage' in navigator ? navigator.storage : undefined;
}

/** Bytes that the browser counts for the whole origin, or undefined where it does not say. Its quota is not asked: it cannot be trusted. */
export async function originUsageBytes(): Promise<number | undefined> {
	try {
		return (await storageManager()?.estimate())?.usage;
	} catch {
		return undefined;
	}
}

/** True when the browser has promised not to evict. */
export async function isPersisted(): Promise<boolean> {
	try {
		return (await storageManager()?.persisted()) ?? false;
	} catch {
		return false;
	}
}

/**
 * Asks the browser to keep the data; from a page, at the first import. Firefox asks the person, Chromium and Safari decide
 * by how the site is used. True when it has agreed.
 */
export async function requestPersistence(): Promise<boolean> {
	try {
		return (await storageManager()?.persist?.()) ?? false;
	} catch {
		return false;
	}
}
