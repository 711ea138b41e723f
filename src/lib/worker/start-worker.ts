/**
 * Starts workers so that the page's content security policy covers them.
 *
 * A worker fetched from the network has the policy of its own response, and a static host sends none: it could reach any
 * host and evaluate text. A worker from a `blob:` address inherits the policy of the page, so a blob of one line imports
 * the real script. `e2e/worker-policy.test.ts` shows both.
 */

/** The part of Trusted Types that is used here; browsers without them have no `trustedTypes`, and TypeScript has no types for it. */
interface TrustedTypes {
	createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string };
}

declare global {
	var trustedTypes: TrustedTypes | undefined;
}

/** `app-worker` is in the policy's list of names. A name can be taken once a page, so it is made once. */
let bootstrapPolicy: ReturnType<TrustedTypes['createPolicy']> | undefined;

function trusted(address: string): string {
	bootstrapPolicy ??= globalThis.trustedTypes?.createPolicy('app-worker', { createScriptURL: onlyOwnBlobs });
	return bootstrapPolicy?.createScriptURL(address) ?? address;
}

function onlyOwnBlobs(address: string): string {
	if (!address.startsWith(`blob:${location.origin}/`)) throw new TypeError(`a worker may not start from ${address}`);
	return address;
}

/**
 * Starts a module worker.
 *
 * @param url address of a script of this origin, from `import url from './x.worker.ts?worker&url'`
 * @param name shown in the browser's developer tools
 * @throws TypeError for a script of another origin
 */
export function startModuleWorker(url: string, name?: string): Worker {
	const script = new URL(url, location.href);
	if (script.origin !== location.origin) throw new TypeError(`a worker may not load ${script.href}`);
	const bootstrap = new Blob([`import ${JSON.stringify(script.href)};`], { type: 'text/javascript' });
	const address = URL.createObjectURL(bootstrap);
	const worker = new Worker(trusted(address), { type: 'module', ...(name === undefined ? {} : { name }) });
	// The address is read some time after this call; the worker's first word shows that it was.
	const release = () => URL.revokeObjectURL(address);
	worker.addEventListener('message', release, { once: true });
	worker.addEventListener('error', release, { once: true });
	return worker;
}
