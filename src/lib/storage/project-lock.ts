/** One tab at a time works on a project; the browser frees the lock when that tab closes or crashes. */

export interface ProjectLock {
	/** False when another tab holds it: this one must only read. */
	readonly held: boolean;
	/** Lets it go; a second call does nothing. */
	release(): void;
}

interface LockOptions {
	/** Another tab asks to take over: pause, store, then release. */
	readonly onTakeOverRequest?: () => void;
}

const notHeld: ProjectLock = { held: false, release: () => undefined };

/** Undefined where the browser has none (insecure contexts, old engines); then every tab may write, as there is no way to tell. */
function lockManager(): LockManager | undefined {
	return 'navigator' in globalThis && 'locks' in navigator ? navigator.locks : undefined;
}

/** False where nothing can tell whether another tab is at work. */
export const hasLocks = (): boolean => lockManager() !== undefined;

const lockName = (name: string): string => `overlap-lock:${name}`;

function requestLock(name: string, how: { readonly ifAvailable: true } | { readonly signal?: AbortSignal }): Promise<ProjectLock> {
	const manager = lockManager();
	return new Promise((resolve, reject) => {
		if (!manager) return resolve({ held: true, release: () => undefined });
		// The lock is held for as long as the promise that the callback returns is pending.
		const hold = (lock: Lock | null): Promise<void> | undefined => {
			if (!lock) return void resolve(notHeld);
			return new Promise<void>((release) => resolve({ held: true, release }));
		};
		manager.request(lockName(name), how, hold).catch(reject);
	});
}

function listen(name: string, onTakeOverRequest: () => void): () => void {
	const channel = new BroadcastChannel(lockName(name));
	channel.onmessage = () => onTakeOverRequest();
	return () => channel.close();
}

function answering(lock: ProjectLock, name: string, options: LockOptions): ProjectLock {
	if (!lock.held || !options.onTakeOverRequest) return lock;
	const stopListening = listen(name, options.onTakeOverRequest);
	return {
		held: true,
		release() {
			stopListening();
			lock.release();
		},
	};
}

/** Takes the lock if it is free, at once and without taking it from anyone. */
export async function holdProjectLock(name: string, options: LockOptions = {}): Promise<ProjectLock> {
	return answering(await requestLock(name, { ifAvailable: true }), name, options);
}

/** Resolves, holding the lock, when it becomes free. Rejects with the signal's reason when that fires first. */
export async function waitForLock(name: string, signal: AbortSignal, options: LockOptions = {}): Promise<ProjectLock> {
	return answering(await requestLock(name, { signal }), name, options);
}

/** Asks the tab that holds the lock to pause and let go. Wait for it with `waitForLock`; a tab that hangs never answers. */
export function requestTakeOver(name: string): void {
	const channel = new BroadcastChannel(lockName(name));
	channel.postMessage('take-over');
	channel.close();
}
