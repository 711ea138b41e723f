/**
 * Keeps the app usable offline. A version is installed whole or not at all, and answers from its own files only, so that a
 * page never sees two versions at once. A new version waits until the page says so: it must not take over during a run.
 */
declare const self: ServiceWorkerGlobalScope & { readonly precache?: Precache };

interface Precache {
	readonly version: string;
	/** Paths relative to the app's root. A page is the path of its folder. */
	readonly files: readonly { readonly path: string; readonly integrity: string }[];
}

// Written in front of the built worker by scripts/precache.mjs.
const { version, files } = self.precache ?? { version: 'development', files: [] };
const root = new URL('./', self.location.href);
const family = `overlap ${root.pathname} `;
const cacheName = family + version;
const addresses = new Set(files.map(({ path }) => new URL(path, root).href));

self.addEventListener('install', (event) => {
	event.waitUntil(install());
});

async function install(): Promise<void> {
	const cache = await caches.open(cacheName);
	try {
		await cache.addAll(files.map(({ path, integrity }) => request(path, integrity)));
	} catch (error) {
		await caches.delete(cacheName);
		throw error;
	}
}

/** A file whose name is its hash may come from the browser's cache; for others the host is asked whether its copy changed. */
function request(path: string, integrity: string): Request {
	return new Request(new URL(path, root), { integrity, cache: isImmutable(path) ? 'default' : 'no-cache' });
}

function isImmutable(path: string): boolean {
	return path.startsWith('_app/immutable/');
}

self.addEventListener('activate', (event) => {
	event.waitUntil(activate());
});

/** Keeps the version before this one: another tab may still run it, and ask for its chunks. */
async function activate(): Promise<void> {
	const earlier = await earlierVersions();
	await Promise.all(earlier.slice(0, -1).map((name) => caches.delete(name)));
	await self.clients.claim();
}

/** Names of the caches of this app's other versions, oldest first: keys come in order of creation. */
async function earlierVersions(): Promise<string[]> {
	return (await caches.keys()).filter((name) => name.startsWith(family) && name !== cacheName);
}

self.addEventListener('message', (event) => {
	const message: unknown = event.data;
	if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'activate')
		event.waitUntil(self.skipWaiting());
});

self.addEventListener('fetch', (event) => {
	const inScope = event.request.url.startsWith(root.href);
	if (event.request.method === 'GET' && inScope) event.respondWith(answer(event.request));
});

async function answer(wanted: Request): Promise<Response> {
	const { origin, pathname, search } = new URL(wanted.url);
	const address = origin + pathname;
	const cache = await caches.open(cacheName);
	if (addresses.has(address)) return (await cache.match(address)) ?? fetch(wanted);
	// A page's relative links resolve against its folder, so its address must end in a slash.
	if (wanted.mode === 'navigate' && addresses.has(`${address}/`)) return Response.redirect(`${address}/${search}`);
	return (await fromEarlierVersion(address)) ?? fromNetwork(wanted, cache);
}

/** A chunk that a page of an earlier version, still open in some tab, asks for late. */
async function fromEarlierVersion(address: string): Promise<Response | undefined> {
	if (!isImmutable(address.slice(root.href.length))) return undefined;
	for (const name of await earlierVersions()) {
		const response = await caches.match(address, { cacheName: name });
		if (response !== undefined) return response;
	}
	return undefined;
}

async function fromNetwork(wanted: Request, cache: Cache): Promise<Response> {
	try {
		return await fetch(wanted);
	} catch (error) {
		const missing = wanted.mode === 'navigate' ? await cache.match(new URL('404.html', root)) : undefined;
		if (missing === undefined) throw error;
		return new Response(missing.body, { status: 404, headers: missing.headers });
	}
}

export {};
