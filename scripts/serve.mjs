/** A small server for the built site, with the headers of its `_headers` file: `npm start`, and every end-to-end test. */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** @type {Record<string, string>} */
const mimeTypes = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.jpg': 'image/jpeg',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.wasm': 'application/wasm',
	'.webmanifest': 'application/manifest+json',
	'.webp': 'image/webp',
	'.woff2': 'font/woff2',
	'.zip': 'application/zip',
};

const isolationHeaders = new Set(['cross-origin-opener-policy', 'cross-origin-embedder-policy']);

/**
 * Reads a `_headers` file: a line at the margin is a path pattern, an indented line a header of the pattern above it.
 *
 * @param {string} text
 */
export function parseHeaders(text) {
	/** @type {{ pattern: RegExp, headers: [string, string][] }[]} */
	const rules = [];
	/** @type {[string, string][]} */
	let headers = [];
	for (const line of text.split(/\r?\n/)) {
		if (line.trim() === '' || line.startsWith('#')) continue;
		if (/^\s/.test(line)) {
			const colon = line.indexOf(':');
			headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
		} else {
			const pattern = line
				.trim()
				.split('*')
				.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
				.join('.*');
			headers = [];
			rules.push({ pattern: new RegExp(`^${pattern}$`), headers });
		}
	}
	return rules;
}

/**
 * The headers of one path. A header that several patterns set is joined by a comma, as the hosts do.
 *
 * @param {ReturnType<typeof parseHeaders>} rules
 * @param {string} path
 * @param {boolean} isolation
 */
function headersFor(rules, path, isolation) {
	/** @type {Record<string, string>} */
	const result = {};
	for (const { pattern, headers } of rules) {
		if (!pattern.test(path)) continue;
		for (const [name, value] of headers) {
			if (!isolation && isolationHeaders.has(name)) continue;
			result[name] = result[name] === undefined ? value : `${result[name]}, ${value}`;
		}
	}
	return result;
}

/**
 * The file behind a path, or where to go instead.
 *
 * @param {string} root
 * @param {string} path decoded, starts with a slash
 * @returns {{ file: string } | { redirect: string } | undefined}
 */
function locate(root, path) {
	const file = resolve(root, `.${path}`);
	const inside = file === root || file.startsWith(root + sep);
	if (!inside || path.includes('\0') || file === join(root, '_headers') || !existsSync(file)) return undefined;
	if (!statSync(file).isDirectory()) return path.endsWith('/') ? undefined : { file };
	if (!path.endsWith('/')) return { redirect: `${file.slice(root.length).replaceAll(sep, '/')}/` };
	const index = join(file, 'index.html');
	return existsSync(index) ? { file: index } : undefined;
}

/**
 * A server of a built site, not yet listening.
 *
 * @param {{ root: string, base?: string, isolation?: boolean }} options `base`: the path below which the site stands, with
 * a slash at both ends. `isolation`: false leaves out the headers that make the page cross-origin isolated.
 */
export function createSiteServer({ root, base = '/', isolation = true }) {
	const folder = resolve(root);
	const headersFile = join(folder, '_headers');
	const rules = existsSync(headersFile) ? parseHeaders(readFileSync(headersFile, 'utf8')) : [];

	return createServer((request, response) => {
		/** @type {(status: number, headers?: Record<string, string>, file?: string) => void} */
		const reply = (status, headers = {}, file) => {
			const type = file === undefined ? {} : { 'content-type': mimeTypes[extname(file)] ?? 'application/octet-stream' };
			response.writeHead(status, { 'cache-control': 'no-cache', ...type, ...headers });
			if (file === undefined || request.method === 'HEAD') response.end();
			else
				createReadStream(file)
					.on('error', () => response.destroy())
					.pipe(response);
		};
		if (request.method !== 'GET' && request.method !== 'HEAD') return reply(405, { allow: 'GET, HEAD' });

		const [rawPath = '/', query] = (request.url ?? '/').split('?', 2);
		const search = query === undefined ? '' : `?${query}`;
		let path;
		try {
			path = decodeURIComponent(rawPath);
		} catch {
			return reply(400);
		}
		if (`${path}/` === base) return reply(301, { location: base + search });
		const below = path.startsWith(base) ? `/${path.slice(base.length)}` : undefined;
		const found = below === undefined ? undefined : locate(folder, below);
		const headers = headersFor(rules, below ?? path, isolation);
		if (found === undefined) {
			const missing = join(folder, '404.html');
			return existsSync(missing) ? reply(404, headers, missing) : reply(404, headers);
		}
		if ('redirect' in found) return reply(301, { location: encodeURI(base.slice(0, -1) + found.redirect) + search });
		return reply(200, headers, found.file);
	});
}

/**
 * Listens on a port, or on the next free one.
 *
 * @param {import('node:http').Server} server
 * @param {{ port: number, host?: string, exact?: boolean }} options `port` 0 lets the system choose; `exact` fails where the port is taken
 * @returns {Promise<number>} the port
 */
export async function listen(server, { port, host = 'localhost', exact = false }) {
	for (let candidate = port; ; candidate++) {
		try {
			return await listenOn(server, candidate, host);
		} catch (error) {
			const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
			if (!taken || exact || candidate >= port + 50) throw error;
		}
	}
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>}
 */
function listenOn(server, port, host) {
	return new Promise((resolvePort, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			const address = server.address();
			resolvePort(typeof address === 'object' && address !== null ? address.port : port);
		});
	});
}

/** @returns {[string, ...string[]]} */
function browserCommand() {
	if (process.platform === 'darwin') return ['open'];
	if (process.platform === 'win32') return ['cmd', '/c', 'start', ''];
	return ['xdg-open'];
}

/** Opens the person's browser where there is a screen and somebody in front of it. */
function openBrowser(/** @type {string} */ address) {
	const screen = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
	if (!screen || process.env.CI !== undefined || !process.stdout.isTTY) return;
	const [command, ...args] = browserCommand();
	const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
	// The address is on the screen already: a browser that does not open is no failure.
	child.on('error', () => undefined);
	child.unref();
}

const usage = `Serves the built site.

  --port 4173       the next free port is taken where this one is not free
  --strict-port     fail instead
  --host localhost  0.0.0.0 to be reached from other machines (the browser then allows no GPU without HTTPS)
  --base /sub/      serve below this path
  --root build      the built site
  --no-isolation    leave out the headers for cross-origin isolation
  --open            open the browser where there is a screen`;

async function main() {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4173' },
			'strict-port': { type: 'boolean', default: false },
			host: { type: 'string', default: 'localhost' },
			base: { type: 'string', default: '/' },
			root: { type: 'string', default: fileURLToPath(new URL('../build', import.meta.url)) },
			'no-isolation': { type: 'boolean', default: false },
			open: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(usage);
	if (!existsSync(join(values.root, 'index.html'))) throw new Error(`There is no site in ${values.root}. Build it first: npm run build`);
	const base = `/${values.base.replace(/^\/+|\/+$/g, '')}/`.replace('//', '/');
	const server = createSiteServer({ root: values.root, base, isolation: !values['no-isolation'] });
	const port = await listen(server, { port: Number(values.port), host: values.host, exact: values['strict-port'] });
	const address = `http://${values.host}:${port}${base}`;
	console.log(`\n  Overlap is at ${address}\n  Stop with Ctrl+C.\n`);
	if (values.open) openBrowser(address);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		await main();
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	}
}
