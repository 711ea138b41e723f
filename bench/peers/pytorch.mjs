/** The reference nets in PyTorch, in a process of its own: Debian's `python3-torch`, or whatever `$PYTHON` has. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { nets } from '../nets.mjs';

const script = join(dirname(fileURLToPath(import.meta.url)), 'pytorch.py');

/**
 * @typedef {{ version: string, open(id: string, config: import('../nets.mjs').Config, threads: number): Promise<void>,
 *   steps(id: string, count: number): Promise<number>, close(): void }} PyTorch `steps` gives milliseconds a step
 */

/**
 * Starts PyTorch; null where no Python with it is found.
 * @returns {Promise<PyTorch | null>}
 */
export async function openPyTorch() {
	const child = spawn(process.env.PYTHON ?? '/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'ignore'] });
	/** @type {Promise<never>} */
	const failed = new Promise((_resolve, reject) => child.once('error', reject).once('exit', () => reject(new Error('PyTorch ended.'))));
	failed.catch(() => undefined);
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const read = async () => JSON.parse((await Promise.race([lines.next(), failed])).value ?? 'null');
	/** @param {object} request */
	const ask = async (request) => {
		child.stdin.write(`${JSON.stringify(request)}\n`);
		return read();
	};
	const greeting = await read().catch(() => null);
	if (greeting === null) return null;
	return {
		version: greeting.version,
		open: async (id, { net, norm }, threads) => {
			await ask({ op: 'open', id, ...nets[net], norm, threads, layout: 'nchw' });
		},
		steps: async (id, count) => (await ask({ op: 'steps', id, count })).msPerStep,
		close: () => child.kill(),
	};
}
