/** From the store's own failures to the codes that a person can act on. */
import { AppError } from '#lib/core/errors.ts';

/** What a rejected request or an aborted transaction is called. Chromium's `QuotaExceededError` is a class of its own since 138. */
function nameOf(error: unknown): string {
	return error instanceof Error || error instanceof DOMException ? error.name : '';
}

/** Names of failures that our own code causes: they stay as they are, so that they are seen and mended. */
const bugs: ReadonlySet<string> = new Set(['DataCloneError', 'DataError', 'ConstraintError', 'ReadOnlyError', 'TransactionInactiveError']);

/**
 * The error to hand on: quota → `storage-full`, a database of a newer app → `storage-newer`, any other refusal of the
 * store → `storage-unavailable`. What is an `AppError` or a bug already passes unchanged.
 */
export function storageError(error: unknown): unknown {
	const name = nameOf(error);
	if (name === 'QuotaExceededError') return new AppError('storage-full', {}, { cause: error });
	if (name === 'VersionError') return new AppError('storage-newer', {}, { cause: error });
	if (!(error instanceof DOMException) || bugs.has(name)) return error;
	return new AppError('storage-unavailable', { cause: name, detail: error.message }, { cause: error });
}

/** True when the connection is gone, so that opening again can help. */
export function isConnectionLost(error: unknown): boolean {
	return nameOf(error) === 'InvalidStateError';
}

/** True for `storage-full`. */
export function isStorageFull(error: unknown): boolean {
	return error instanceof AppError && error.code === 'storage-full';
}
