/** Counts outcomes and writes them as tables. */
import type { Outcome } from '#lib/losses/testing/golden/check.ts';

export interface Tally {
	readonly group: string;
	readonly supported: number;
	readonly passed: number;
	readonly failed: number;
	readonly unsupported: number;
}

const columns = ['supported', 'passed', 'failed', 'unsupported'] as const;

function tally(group: string, outcomes: readonly Outcome[]): Tally {
	const count = (verdict: Outcome['verdict']): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
	const [passed, failed] = [count('passed'), count('failed')];
	return { group, supported: passed + failed, passed, failed, unsupported: count('unsupported') };
}

/** One row per loss in the order of the outcomes, and the total last. */
export function tallies(outcomes: readonly Outcome[]): Tally[] {
	const groups = [...new Set(outcomes.map(({ group }) => group))];
	return [
		...groups.map((group) =>
			tally(
				group,
				outcomes.filter((outcome) => outcome.group === group),
			),
		),
		tally('total', outcomes),
	];
}

/** The table in plain text. */
export function plainTable(outcomes: readonly Outcome[]): string {
	const rows = tallies(outcomes);
	const width = Math.max(...rows.map(({ group }) => group.length));
	const line = (first: string, cells: readonly string[]): string => first.padEnd(width) + cells.map((cell) => cell.padStart(13)).join('');
	return [
		line('', columns),
		...rows.map((row) =>
			line(
				row.group,
				columns.map((column) => String(row[column])),
			),
		),
	].join('\n');
}

/** Each reason for which cases are unsupported, with its cases. */
export function reasons(outcomes: readonly Outcome[]): readonly { readonly reason: string; readonly ids: readonly string[] }[] {
	const unsupported = outcomes.filter(({ verdict }) => verdict === 'unsupported');
	const names = [...new Set(unsupported.map(({ detail }) => detail ?? ''))];
	return names.map((reason) => ({ reason, ids: unsupported.filter(({ detail }) => (detail ?? '') === reason).map(({ id }) => id) }));
}

/** Cases whose id is long are told by their count. */
const listed = (ids: readonly string[]): string => (ids.length > 6 ? `${ids.length} cases` : ids.map((id) => `\`${id}\``).join(', '));

/** The report as Markdown. */
export function markdown(title: string, lines: readonly string[], outcomes: readonly Outcome[]): string {
	const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
	const failures = outcomes.filter(({ verdict }) => verdict === 'failed');
	return [
		`# ${title}`,
		'',
		...lines,
		'',
		row(['loss', ...columns]),
		row(['---', ...columns.map(() => '---:')]),
		...tallies(outcomes).map((entry) => row([entry.group, ...columns.map((column) => entry[column])])),
		'',
		...(failures.length === 0 ? [] : ['## Failed', '', ...failures.map(({ id, detail }) => `- \`${id}\`: ${detail ?? ''}`), '']),
		'## Unsupported, and why',
		'',
		...reasons(outcomes).map(({ reason, ids }) => `- ${reason}: ${listed(ids)}`),
		'',
	].join('\n');
}
