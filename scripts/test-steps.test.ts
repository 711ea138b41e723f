import { expect, it } from 'vitest';
import { countPlaywright, countsOf, countVitest } from './test-steps.mjs';

const file = (status: string, ...statuses: string[]) => ({ status, assertionResults: statuses.map((each) => ({ status: each })) });

it('counts the tests of all files', () => {
	const report = JSON.stringify({
		testResults: [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'failed', 'passed'), file('passed', 'todo')],
	});
	expect(countVitest(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

it('counts a test file that could not be loaded as one failure', () => {
	expect(countVitest(JSON.stringify({ testResults: [file('failed')] }))).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

it('counts a journey that passed only when repeated, and an error outside of tests, as failures', () => {
	const report = JSON.stringify({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] });
	expect(countPlaywright(report)).toEqual({ passed: 5, failed: 3, skipped: 2 });
});

it('counts a check as one, by how it ended', () => {
	expect(countsOf({ name: 'lint', command: [] }, true)).toEqual({ passed: 1, failed: 0, skipped: 0 });
	expect(countsOf({ name: 'lint', command: [] }, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

it('counts a runner that left no report as one failure, even when it ended well', () => {
	const step = { name: 'node', command: [], report: 'test-results/no-such-report.json', count: countVitest };
	expect(countsOf(step, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

it('counts one failure for a runner that failed although each of its tests passed', () => {
	const step = { name: 'node', command: [], report: 'package.json', count: () => ({ passed: 9, failed: 0, skipped: 0 }) };
	expect(countsOf(step, false)).toEqual({ passed: 9, failed: 1, skipped: 0 });
});
