/** The report of an experiment as one HTML file that needs nothing else, and as Markdown. Pure text; all words are escaped. */
import type { PairComparison } from '#lib/stats/compare-pairs.ts';
import { escapeXml } from '../charts/svg.ts';
import { formatScore, missing } from '../format.ts';
import { pairVerdict, signedScore } from '../pair-words.ts';

type Named = readonly (readonly [name: string, value: string])[];

interface Row {
	readonly name: string;
	readonly values: Readonly<Record<string, number | null>>;
	readonly spreads?: Readonly<Record<string, number | null>>;
	/** How many runs the values are of. */
	readonly runs: number;
	readonly epoch: number | null;
	readonly flag: string;
}

export interface Report {
	readonly title: string;
	readonly question: string;
	readonly facts: Named;
	readonly choices: Named;
	/** `code`: what a person wrote; '' for a loss of the shelf. */
	readonly losses: readonly { readonly name: string; readonly formula: string; readonly values: string; readonly code: string }[];
	readonly conclusions: readonly string[];
	/** What went wrong in runs: sentences. */
	readonly signs: readonly string[];
	/** Whole SVG documents. */
	readonly charts: readonly string[];
	readonly scores: readonly { readonly title: string; readonly rows: readonly Row[] }[];
	readonly columns: readonly { readonly id: string; readonly label: string; readonly definition: string }[];
	readonly pairs: { readonly title: string; readonly rows: readonly PairComparison[] };
	/** Images with one pane for the image, the truth and each run. */
	readonly wall: readonly {
		readonly name: string;
		readonly why: string;
		/** `source` is a data URL. */
		readonly panes: readonly { readonly label: string; readonly score: number | null; readonly source: string | null }[];
	}[];
	/** What the colours of the panes mean. */
	readonly legend: string;
	/** How to do it again, step by step. */
	readonly steps: readonly string[];
}

interface Table {
	readonly title: string;
	readonly head: readonly string[];
	readonly body: readonly (readonly string[])[];
	/** Leading columns of words; numbers follow. */
	readonly words: number;
}

function scoreTable({ title, rows }: Report['scores'][number], columns: Report['columns']): Table {
	return {
		title,
		head: ['Loss', ...columns.map(({ label }) => label), 'Epoch', 'N'],
		body: rows.map(({ name, values, spreads, epoch, runs, flag }) => [
			flag === '' ? name : `${name} (${flag})`,
			...columns.map(({ id }) => {
				const spread = spreads?.[id];
				return `${formatScore(values[id])}${typeof spread === 'number' ? ` ± ${formatScore(spread)}` : ''}`;
			}),
			epoch === null ? missing : String(epoch),
			String(runs),
		]),
		words: 1,
	};
}

function pairTable({ title, rows }: Report['pairs']): Table {
	return {
		title,
		head: ['Losses', 'In words', 'Mean gap', '95 % interval', 'First better on', 'p (Holm)'],
		body: rows.map((pair) => [
			`${pair.first} − ${pair.second}`,
			pairVerdict(pair),
			pair.difference ? signedScore(pair.difference.mean) : missing,
			pair.difference ? `${signedScore(pair.difference.low)} to ${signedScore(pair.difference.high)}` : missing,
			pair.images > 0 ? `${pair.firstBetter} of ${pair.images}` : missing,
			pair.images > 0 ? pair.pValue.toFixed(3) : missing,
		]),
		words: 2,
	};
}

const tablesOf = (report: Report): readonly Table[] => [
	...report.scores.map((part) => scoreTable(part, report.columns)),
	...(report.pairs.rows.length > 0 ? [pairTable(report.pairs)] : []),
];

const style = `
:root { color-scheme: light dark; }
body { max-width: 1120px; margin: 32px auto; padding: 0 16px; font: 15px/1.5 system-ui, sans-serif; color: light-dark(#191919, #e8e8e8); background: light-dark(#fff, #161616); font-variant-numeric: tabular-nums; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 18px; margin: 32px 0 8px; } h3 { font-size: 15px; margin: 16px 0 4px; }
.quiet, dt, figcaption { color: light-dark(#5a5a5a, #a8a8a8); } p, ul, ol { margin: 4px 0 8px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid light-dark(#dedede, #3a3a3a); text-align: left; white-space: nowrap; font-weight: 400; }
thead th { color: light-dark(#5a5a5a, #a8a8a8); } .number { text-align: right; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; } dd { margin: 0; overflow-wrap: anywhere; }
.chart svg { max-width: 100%; height: auto; border-radius: 8px; }
.wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 12px; } figure { margin: 0; } figure img { width: 100%; border-radius: 4px; image-rendering: pixelated; background: #000; }
pre { font-size: 13px; overflow-x: auto; }
code { font-size: 13px; overflow-wrap: anywhere; }
@media print { body { margin: 0; } }
`;

const element = (name: string, content: string, kind = ''): string =>
	`<${name}${kind === '' ? '' : ` class="${kind}"`}>${content}</${name}>`;
const words = (name: string, text: string, kind = ''): string => element(name, escapeXml(text), kind);

function tableHtml({ title, head, body, words: leading }: Table): string {
	const kind = (place: number): string => (place >= leading ? 'number' : '');
	const cells = (row: readonly string[], name: string): string => row.map((text, place) => words(name, text, kind(place))).join('');
	const rows = body.map((row) => element('tr', cells(row, 'td'))).join('\n');
	return `${words('h3', title)}<div class="scroll"><table><thead>${element('tr', cells(head, 'th'))}</thead><tbody>${rows}</tbody></table></div>`;
}

const listHtml = (named: Named): string => element('dl', named.map(([name, value]) => words('dt', name) + words('dd', value)).join(''));

function wallHtml({ wall, legend }: Report): string {
	const figures = wall.map(({ name, why, panes }) => {
		const all = panes.map(({ label, score, source }) => {
			const caption = score === null ? label : `${label}, Dice ${formatScore(score)}`;
			const picture =
				source === null ? words('p', 'no prediction') : `<img alt="${escapeXml(`${name}: ${caption}`)}" src="${escapeXml(source)}">`;
			return element('figure', picture + words('figcaption', caption));
		});
		return words('h3', `${name}: ${why}`) + element('div', all.join(''), 'wall');
	});
	return figures.join('\n') + words('p', legend, 'quiet');
}

/** One HTML document with its own policy: it runs no script and asks nobody for anything. */
export function reportHtml(report: Report): string {
	const { title, question, facts, choices, losses, conclusions, signs, charts, columns, steps } = report;
	const sections: readonly (readonly [title: string, content: string])[] = [
		['What the numbers say', element('ul', conclusions.map((sentence) => words('li', sentence)).join(''))],
		...(signs.length > 0 ? ([['What went wrong', element('ul', signs.map((sentence) => words('li', sentence)).join(''))]] as const) : []),
		['Curves', charts.map((svg) => element('div', svg, 'chart')).join('\n')],
		['Scores', tablesOf(report).map(tableHtml).join('\n')],
		['What the metrics are', listHtml(columns.map(({ label, definition }) => [label, definition] as const))],
		['Masks', report.wall.length > 0 ? wallHtml(report) : words('p', 'There are no validation images to show.', 'quiet')],
		[
			'Losses',
			losses
				.map(({ name, formula, values, code }) => {
					return words('h3', name) + words('code', formula) + words('p', values, 'quiet') + (code === '' ? '' : words('pre', code));
				})
				.join('\n'),
		],
		['Choices', listHtml(choices)],
		['How to do it again', element('ol', steps.map((step) => words('li', step)).join(''))],
	];
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
${words('h1', title)}
${words('p', question)}
${listHtml(facts)}
${sections.map(([name, content]) => words('h2', name) + content).join('\n')}
</body>
</html>
`;
}

/** A cell of a Markdown table; signs that would be markup are escaped. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|]/gu, (sign) => `\\${sign}`).replace(/\s+/gu, ' ');

function tableMarkdown({ title, head, body, words: leading }: Table): string {
	const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
	const rule = `| ${head.map((_, place) => (place < leading ? '---' : '---:')).join(' | ')} |`;
	return [`### ${plain(title)}`, '', line(head), rule, ...body.map(line), ''].join('\n');
}

const listMarkdown = (named: Named): string => named.map(([name, value]) => `- ${plain(name)}: ${plain(value)}`).join('\n');

/** Code is indented, which no sign in it can end. */
function lossMarkdown({ name, formula, values, code }: Report['losses'][number]): string {
	const lines = code === '' ? [] : ['', ...code.split('\n').map((line) => `      ${line}`), ''];
	return [`- ${plain(name)}: ${plain(formula)}. ${plain(values)}`, ...lines].join('\n');
}

/** The same without pictures, for a notebook or a repository. */
export function reportMarkdown(report: Report): string {
	const { title, question, facts, choices, losses, conclusions, signs, steps } = report;
	return `${[
		`# ${plain(title)}`,
		plain(question),
		listMarkdown(facts),
		'## What the numbers say',
		conclusions.map((sentence) => `- ${plain(sentence)}`).join('\n'),
		...(signs.length > 0 ? ['## What went wrong', signs.map((sentence) => `- ${plain(sentence)}`).join('\n')] : []),
		'## Scores',
		tablesOf(report).map(tableMarkdown).join('\n').trimEnd(),
		'## Losses',
		losses.map(lossMarkdown).join('\n'),
		'## Choices',
		listMarkdown(choices),
		'## How to do it again',
		steps.map((step, place) => `${place + 1}. ${plain(step)}`).join('\n'),
	].join('\n\n')}\n`;
}
