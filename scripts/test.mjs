/**
 * `npm test`: every check and every test, once, and one line at the end. A failing step does not stop the others.
 * `npm test -- lint node` runs only the steps of these names.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './install-chromium.mjs';
import { countsOf, steps } from './test-steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const limitMs = 16 * 60_000;

/**
 * Runs one step to its end, or to the time limit: a hang must not keep the other results from being told.
 *
 * @param {import('./test-steps.mjs').Step} step
 * @returns {Promise<boolean>} whether it succeeded
 */
function run({ name, command: [command = '', ...args], environment, together = false }) {
	const windows = process.platform === 'win32';
	return new Promise((resolve) => {
		/** @type {Buffer[]} */
		const said = [];
		const child = spawn(command, args, {
			cwd: root,
			stdio: together ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
			shell: windows,
			// A group of its own, so that the browsers it started end with it.
			detached: !windows,
			env: { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter), ...environment },
		});
		for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
		const end = () => {
			if (child.pid === undefined) return;
			if (windows) child.kill();
			else process.kill(-child.pid, 'SIGKILL');
		};
		const timer = setTimeout(() => {
			console.error(`${name} did not end within ${limitMs / 60_000} minutes`);
			end();
		}, limitMs);
		const interrupt = () => {
			end();
			process.exit(130);
		};
		process.once('SIGINT', interrupt);
		child.on('error', (error) => {
			console.error(error.message);
			resolve(false);
		});
		child.on('close', (code) => {
			clearTimeout(timer);
			process.off('SIGINT', interrupt);
			if (together) console.log(`\n── ${name} ──\n${Buffer.concat(said).toString()}`);
			resolve(code === 0);
		});
	});
}

/** @param {string[]} wanted names of steps; none means all */
async function main(wanted) {
	const unknown = wanted.filter((name) => steps.every((step) => step.name !== name));
	if (unknown.length > 0) throw new Error(`There is no step ${unknown.join(', ')}. There are ${steps.map(({ name }) => name).join(', ')}.`);
	const chosen = wanted.length === 0 ? steps : steps.filter(({ name }) => wanted.includes(name));
	rmSync(join(root, 'test-results'), { recursive: true, force: true });
	mkdirSync(join(root, 'test-results'));
	const hasBrowser = !chosen.some((step) => step.browser) || ensureChromium();

	const total = { passed: 0, failed: 0, skipped: 0 };
	/** @type {string[]} */
	const summary = [];
	/** @type {Set<string>} */
	const broken = new Set();
	/** @param {import('./test-steps.mjs').Step} step */
	async function take(step) {
		if (!step.together) console.log(`\n── ${step.name} ──`);
		const missing = step.after?.find((name) => broken.has(name)) ?? (step.browser && !hasBrowser ? 'a browser' : undefined);
		if (missing !== undefined) console.error(`${step.name} cannot run without ${missing}`);
		const startMs = performance.now();
		const succeeded = missing === undefined && (await run(step));
		if (!succeeded) broken.add(step.name);
		const counts = countsOf(step, succeeded);
		total.passed += counts.passed;
		total.failed += counts.failed;
		total.skipped += counts.skipped;
		const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
		summary.push(`${counts.failed === 0 ? '✓' : '✗'} ${step.name.padEnd(14)}${seconds.padStart(7)} s  ${line(counts)}`);
	}

	const left = [...chosen];
	while (left.length > 0) {
		const alone = left.findIndex(({ together }) => !together);
		const group = left.splice(0, alone === 0 ? 1 : alone < 0 ? left.length : alone);
		// As many at a time as there are cores.
		const next = async () => {
			for (let step = group.shift(); step; step = group.shift()) await take(step);
		};
		await Promise.all(Array.from({ length: availableParallelism() }, next));
	}
	console.log(`\n${summary.join('\n')}\n\n${line(total)}`);
	process.exitCode = total.failed === 0 ? 0 : 1;
}

/** @param {import('./test-steps.mjs').Counts} counts */
function line({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

await main(process.argv.slice(2));
