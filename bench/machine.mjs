/** The machine in words, as every result names it. */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { findChromium } from '../scripts/chromium.mjs';

/** For instance `2 cores of Intel …, 24 GiB, no GPU`. @param {string} gpu */
export function hardware(gpu = 'no GPU') {
	const [first] = cpus();
	const model = (first?.model ?? 'unknown processor').replace(/\s+/g, ' ').trim();
	return `${cpus().length} cores of ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${gpu}`;
}

/** The hardware and the browser. */
export async function machine() {
	const executable = findChromium();
	const browser = executable ? execFileSync(executable, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString() : '';
	const version = /\d+(\.\d+)*/.exec(browser)?.[0] ?? 'of unknown version';
	return `${hardware()}, Chromium ${version}`;
}
