/** Tells the built service worker which files are the app. SvelteKit's own list leaves out what a worker imports: chunks and wasm. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

const worker = 'service-worker.js';

/** Files for the host, not for the page. */
const unserved = new Set([worker, '_headers', '.nojekyll']);

/** @param {string | Buffer} bytes */
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('base64');

/**
 * Writes the list of files and their hashes in front of `service-worker.js`. A byte that changes anywhere changes the
 * worker, so that the browser sees a new version; a file that does not match its hash is not installed.
 *
 * @param {string} root folder of the built site
 */
export async function sealServiceWorker(root) {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(join(root, sep).length).replaceAll(sep, '/'))
		.filter((path) => !unserved.has(path))
		.sort();
	const files = await Promise.all(
		paths.map(async (path) => ({
			path: path.replace(/(^|\/)index\.html$/, '$1'),
			integrity: `sha256-${sha256(await readFile(join(root, path)))}`,
		})),
	);
	const version = sha256(JSON.stringify(files))
		.replaceAll(/[^a-zA-Z0-9]/g, '')
		.slice(0, 16);
	const script = (await readFile(join(root, worker), 'utf8')).replace(/^self\.precache=.*\n/, '');
	await writeFile(join(root, worker), `self.precache=${JSON.stringify({ version, files })};\n${script}`);
}
