/** Measurements in processes of their own. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** `torch.compile` tries many kernels. */
const [longestMs, longestPyTorchMs] = [300_000, 540_000];

/** @typedef {{ failed: string }} Failure why there is no answer */

/**
 * What a process writes to file descriptor 3, or why it does not.
 * @param {string} command @param {readonly string[]} args @param {Record<string, string>} env @param {number} timeout milliseconds
 * @returns {any}
 */
function ask(command, args, env, timeout) {
	const { output, signal, stderr, error } = spawnSync(command, args, {
		env: { ...process.env, ...env },
		encoding: 'utf8',
		stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
		timeout,
		maxBuffer: 2 ** 26,
	});
	const answer = error ? null : output[3];
	if (answer) return JSON.parse(answer);
	if (error && 'code' in error && error.code === 'ETIMEDOUT') return { failed: `took longer than ${timeout / 60_000} min` };
	if (error) return { failed: error.message };
	const lines = stderr.split('\n').map((line) => line.trim());
	const said = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.findLast((line) => line !== '');
	return { failed: said ?? `ended by ${signal ?? 'itself'} without a word` };
}

/** @param {import('./measure.mjs').Request} request @param {Record<string, string>} env @returns {any} */
export const measure = (request, env) => ask(process.execPath, [join(here, 'measure.mjs'), JSON.stringify(request)], env, longestMs);

/** A Python that has PyTorch: `$PYTHON`, the one on the path, or the system's. */
function findPython() {
	const pythons = process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3'];
	return pythons.find((python) => spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0) ?? null;
}

/** @type {string | null | undefined} */
let python;

/** @param {object} request as `pytorch_gpu.py` describes it @returns {any} */
export function pyTorch(request) {
	python ??= findPython();
	if (!python) return { failed: 'no Python here has PyTorch; $PYTHON may name one' };
	return ask(python, [join(here, 'pytorch_gpu.py'), JSON.stringify(request)], {}, longestPyTorchMs);
}
