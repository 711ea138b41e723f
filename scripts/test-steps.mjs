/** The steps of `npm test`, and how to count what each one found. */
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command
 * @property {boolean} [browser] needs a Chromium
 * @property {string[]} [after] steps without which this one means nothing
 * @property {string} [report] file that the runner writes its results to
 * @property {(report: string) => Counts} [count] reads the report; a step without one is a single check
 * @property {Record<string, string>} [environment]
 * @property {boolean} [together] takes one core only: runs beside the next ones that do, each printing what it said when it ends
 */

/** @param {string} report */
export function countVitest(report) {
	/** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
	const { testResults } = JSON.parse(report);
	const counts = { passed: 0, failed: 0, skipped: 0 };
	for (const file of testResults) {
		// A file that could not be loaded has no results of its own.
		if (file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed')) counts.failed++;
		for (const { status } of file.assertionResults) {
			if (status === 'passed' || status === 'failed') counts[status]++;
			else counts.skipped++;
		}
	}
	return counts;
}

/** @param {string} report */
export function countPlaywright(report) {
	/** @type {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: unknown[] }} */
	const { stats, errors } = JSON.parse(report);
	return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

/** @param {string} name @param {string} [projects] of vitest.config.ts, as a pattern */
function vitest(name, projects = name) {
	const report = `test-results/${name}.json`;
	const command = ['vitest', 'run', '--project', projects, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	return { command, report, count: countVitest };
}

/** @type {Step[]} */
export const steps = [
	{ name: 'kernels', command: ['node', 'scripts/build-kernels.mjs'] },
	{ name: 'sync', command: ['svelte-kit', 'sync'] },
	// The longest first. A browser's tests take one core, as they run one after the other.
	{ name: 'lint', command: ['eslint', '--max-warnings', '0', '.'], after: ['sync'], together: true },
	{ name: 'browser', ...vitest('browser'), browser: true, after: ['kernels', 'sync'], together: true },
	{ name: 'types', command: ['svelte-check', '--output', 'human', '--fail-on-warnings'], after: ['sync'], together: true },
	{ name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'], together: true },
	{ name: 'build', command: ['vite', 'build', '--logLevel', 'warn'], after: ['kernels', 'sync'], together: true },
	{ name: 'types-engine', command: ['tsc', '-p', 'tsconfig.engine.json'], after: ['sync'], together: true },
	{ name: 'unused', command: ['knip', '--no-progress'], together: true },
	{ name: 'node', ...vitest('node', 'node*'), after: ['kernels', 'sync'] },
	{
		name: 'e2e',
		command: ['playwright', 'test', '--reporter=dot,json'],
		environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: 'test-results/e2e.json' },
		browser: true,
		report: 'test-results/e2e.json',
		count: countPlaywright,
		after: ['build'],
	},
];

/**
 * What a step found. A runner that fails without a failed test (an unhandled error, no report) counts as one failure.
 *
 * @param {Step} step
 * @param {boolean} succeeded whether its process ended well
 * @returns {Counts}
 */
export function countsOf(step, succeeded) {
	const check = { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 };
	if (step.report === undefined || step.count === undefined) return check;
	let counts;
	try {
		counts = step.count(readFileSync(step.report, 'utf8'));
	} catch {
		return { passed: 0, failed: 1, skipped: 0 };
	}
	return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}
