import { describe, expect, it } from 'vitest';
import { pairsCsv, scoresCsv } from './report-csv.ts';
import { reportHtml, reportMarkdown, type Report } from './report.ts';

const hostile = '</td><script>alert(1)</script>"|*';
const report: Report = {
	title: hostile,
	question: 'Which loss?',
	facts: [['Data', hostile]],
	choices: [['Epochs', '3']],
	losses: [{ name: hostile, formula: '1 − 2·Σp·g / (Σp + Σg)', values: 'Smoothing: 1', code: `(yTrue) => '${hostile}'\n  // </pre>` }],
	conclusions: [hostile],
	signs: [hostile],
	charts: ['<svg xmlns="http://www.w3.org/2000/svg"></svg>'],
	scores: [
		{
			title: 'Test',
			rows: [
				{ name: 'Dice', values: { dice: 0.8125, recall: null }, spreads: { dice: 0.01, recall: null }, runs: 3, epoch: 2, flag: '' },
				{ name: hostile, values: {}, runs: 0, epoch: null, flag: 'predicts no foreground' },
			],
		},
	],
	columns: [
		{ id: 'dice', label: 'Dice', definition: '2·TP / (2·TP + FP + FN)' },
		{ id: 'recall', label: 'Recall', definition: 'TP / (TP + FN)' },
	],
	pairs: {
		title: 'Pairs',
		rows: [
			{
				first: 'Dice',
				second: hostile,
				images: 0,
				firstBetter: 0,
				secondBetter: 0,
				difference: null,
				pValue: 1,
				verdict: 'too-few',
			},
		],
	},
	wall: [{ name: hostile, why: 'differs', panes: [{ label: hostile, score: null, source: null }] }],
	legend: 'green',
	steps: ['Open it'],
};

describe('the report as HTML', () => {
	const html = reportHtml(report);

	it('cannot be broken out of by a name, and forbids itself every script and request', () => {
		expect(html).not.toContain('<script');
		expect(html.match(/<\/pre>/gu)).toHaveLength(1);
		expect(html.match(/<\/td>/gu)).toHaveLength(2 * 5 + 6); // the cells of the two score rows and of the pair, and none more
		expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;`);
		expect(html).not.toMatch(/\bon\w+=|https?:\/\/(?!www\.w3\.org\/2000\/svg)/u);
	});

	it('shows what was measured with its spread, and a dash where nothing was', () => {
		expect(html).toContain(
			'<td class="number">0.813 ± 0.010</td><td class="number">–</td><td class="number">2</td><td class="number">3</td>',
		);
		expect(html).toContain('(predicts no foreground)</td><td class="number">–</td><td class="number">–</td><td class="number">–</td>');
		expect(html).toContain('too few images to tell');
		expect(html).toContain('no prediction');
	});

	it('says so where there is nothing to show', () => {
		expect(reportHtml({ ...report, wall: [] })).toContain('There are no validation images to show.');
	});
});

describe('the report as Markdown', () => {
	const markdown = reportMarkdown(report);

	it('keeps names out of its markup', () => {
		// Code stands indented after an empty line, where no sign in it is markup.
		expect(markdown).toContain(`\n\n      (yTrue) => '${hostile}'\n        // </pre>\n\n`);
		expect(markdown.replace(/^ {6}.*$/gmu, '')).not.toMatch(/(?<!\\)<script/u);
		expect(markdown).toContain('# \\</td\\>\\<script\\>alert(1)\\</script\\>"\\|\\*');
	});

	it('has one line a loss', () => {
		expect(markdown).toContain(
			'| Loss | Dice | Recall | Epoch | N |\n| --- | ---: | ---: | ---: | ---: |\n| Dice | 0.813 ± 0.010 | – | 2 | 3 |',
		);
	});
});

describe('the report as CSV', () => {
	it('has a row for each loss of each table, with the spread beside each metric', () => {
		expect(scoresCsv(report).split('\r\n')).toEqual([
			'scores,loss,runs,epoch,remark,Dice,"Dice, sd",Recall,"Recall, sd"',
			'Test,Dice,3,2,,0.8125,0.01,,',
			'Test,"</td><script>alert(1)</script>""|*",0,,predicts no foreground,,,,',
			'',
		]);
	});

	it('has a row for each pair, and no p where nothing was compared', () => {
		expect(pairsCsv(report).split('\r\n')[1]).toBe('Dice,"</td><script>alert(1)</script>""|*",too few images to tell,,,,0,0,0,');
	});
});
