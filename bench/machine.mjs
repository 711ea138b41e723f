/** The machine in words, as every result names it. */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { findChromium } from '../scripts/chromium.mjs';

/** For instance `2 cores of Intel …, 24 GiB, no GPU, Chromium 156`. */
export async function machine() {
	const [first] = cpus();
	const model = (first?.model ?? 'unknown processor').replace(/\s+/g, ' ').trim();
	const executable = findChromium();
	const browser = executable ? execFileSync(executable, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString() : '';
	const version = /\d+(\.\d+)*/.exec(browser)?.[0] ?? 'of unknown version';
	return `${cpus().length} cores of ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, no GPU, Chromium ${version}`;
}
