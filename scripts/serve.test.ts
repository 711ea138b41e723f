import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sealServiceWorker } from './precache.mjs';
import { createSiteServer, listen, parseHeaders } from './serve.mjs';

const outside = mkdtempSync(join(tmpdir(), 'overlap-serve-'));
const root = join(outside, 'site');
const open: { close(): unknown }[] = [];

beforeAll(() => {
	mkdirSync(join(root, 'losses/dice'), { recursive: true });
	writeFileSync(join(outside, 'secret.txt'), 'secret');
	writeFileSync(join(outside, 'site-of-a-neighbour.txt'), 'secret');
	writeFileSync(join(root, 'index.html'), 'start');
	writeFileSync(join(root, '404.html'), 'missing');
	writeFileSync(join(root, 'losses/dice/index.html'), 'dice');
	writeFileSync(join(root, 'kernel.wasm'), '');
	writeFileSync(join(root, 'manifest.webmanifest'), '{}');
	writeFileSync(join(root, 'service-worker.js'), 'worker();');
	writeFileSync(
		join(root, '_headers'),
		"# for hosts\n/*\n  X-Content-Type-Options: nosniff\n  Cross-Origin-Opener-Policy: same-origin\n  Content-Security-Policy: object-src 'none'\n\n/losses/*\n  Content-Security-Policy: form-action 'none'\n",
	);
});
afterEach(() => open.splice(0).forEach((server) => server.close()));
afterAll(() => rmSync(outside, { recursive: true }));

async function serve(options: { base?: string; isolation?: boolean } = {}): Promise<number> {
	const server = createSiteServer({ root, ...options });
	open.push(server);
	return listen(server, { port: 0 });
}

/** The path goes out as it is written: `fetch` would tidy it up first. */
function ask(port: number, path: string): Promise<{ status: number | undefined; headers: IncomingMessage['headers']; body: string }> {
	return new Promise((resolve, reject) => {
		get({ host: 'localhost', port, path, agent: false }, (response) => {
			let body = '';
			response.setEncoding('utf8').on('data', (part: string) => (body += part));
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
		}).on('error', reject);
	});
}

describe('the server of the built site', () => {
	it('answers with pages, types and the headers of the site', async () => {
		const port = await serve();
		const start = await ask(port, '/?a=b');
		expect(start).toMatchObject({ status: 200, body: 'start' });
		expect(start.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' });
		expect((await ask(port, '/kernel.wasm')).headers['content-type']).toBe('application/wasm');
		expect((await ask(port, '/manifest.webmanifest')).headers['content-type']).toBe('application/manifest+json');
		expect((await ask(port, '/losses/dice/')).body).toBe('dice');
	});

	it('joins a header that two patterns set', async () => {
		const { headers } = await ask(await serve(), '/losses/dice/');
		expect(headers['content-security-policy']).toBe("object-src 'none', form-action 'none'");
	});

	it('leaves out isolation, and nothing else, when asked', async () => {
		expect((await ask(await serve(), '/')).headers['cross-origin-opener-policy']).toBe('same-origin');
		const { headers } = await ask(await serve({ isolation: false }), '/');
		expect(headers['cross-origin-opener-policy']).toBeUndefined();
		expect(headers['x-content-type-options']).toBe('nosniff');
	});

	it('leads a folder to its slash and keeps the query', async () => {
		expect(await ask(await serve(), '/losses/dice?run=1')).toMatchObject({ status: 301, headers: { location: '/losses/dice/?run=1' } });
		const port = await serve({ base: '/sub/' });
		expect(await ask(port, '/sub?run=1')).toMatchObject({ status: 301, headers: { location: '/sub/?run=1' } });
		expect(await ask(port, '/sub/losses/dice')).toMatchObject({ status: 301, headers: { location: '/sub/losses/dice/' } });
	});

	it('stands below a path and nowhere else', async () => {
		const port = await serve({ base: '/sub/' });
		expect(await ask(port, '/sub/')).toMatchObject({ status: 200, body: 'start' });
		expect(await ask(port, '/')).toMatchObject({ status: 404, body: 'missing' });
		expect(await ask(port, '/subway/')).toMatchObject({ status: 404 });
	});

	it.each([
		'/../secret.txt',
		'/%2e%2e/secret.txt',
		'/%2e%2e%2fsecret.txt',
		'/losses/../../secret.txt',
		'/..%5csecret.txt',
		'/../site-of-a-neighbour.txt',
		'//etc/passwd',
		'/index.html%00.txt',
		'/_headers',
		'/./_headers',
		'/nothing',
	])('has no page at %s', async (path) => {
		expect(await ask(await serve(), path)).toMatchObject({ status: 404, body: 'missing' });
	});

	it('never leads to another host', async () => {
		expect((await ask(await serve(), '//losses/dice')).headers.location).toBe('/losses/dice/');
	});

	it('refuses an address that cannot be decoded, and methods that change things', async () => {
		const port = await serve();
		expect((await ask(port, '/%E0%A4%A')).status).toBe(400);
		expect((await fetch(`http://localhost:${port}/`, { method: 'POST' })).status).toBe(405);
	});

	it('takes the next free port, unless it must have this one', async () => {
		const other = createServer();
		open.push(other);
		await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve));
		const { port } = other.address() as AddressInfo;

		const server = createSiteServer({ root });
		open.push(server);
		expect(await listen(server, { port })).toBeGreaterThan(port);
		await expect(listen(createSiteServer({ root }), { port, exact: true })).rejects.toThrow('EADDRINUSE');
	});
});

describe('a _headers file', () => {
	it('is read by pattern, where a star is any text', () => {
		const [rule] = parseHeaders('/_app/*.js\n  A: 1\n\tB: x: y\n');
		expect(rule?.headers).toEqual([
			['a', '1'],
			['b', 'x: y'],
		]);
		expect(rule?.pattern.test('/_app/a/b.js')).toBe(true);
		expect(rule?.pattern.test('/_app/a/bxjs')).toBe(false);
	});
});

describe('the seal of the service worker', () => {
	it('lists every file but those for the host, pages by folder, and can be renewed', async () => {
		await sealServiceWorker(root);
		await sealServiceWorker(root);
		const { body } = await ask(await serve(), '/service-worker.js');
		const [seal, ...rest] = body.split('\n');
		expect(rest).toEqual(['worker();']);
		const { files } = JSON.parse(seal!.slice('self.precache='.length, -1)) as { files: { path: string; integrity: string }[] };
		expect(files.map(({ path }) => path)).toEqual(['404.html', '', 'kernel.wasm', 'losses/dice/', 'manifest.webmanifest']);
		// sha256 of no bytes at all
		expect(files[2]?.integrity).toBe('sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
	});
});
