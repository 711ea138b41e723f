/** A loss that a person writes: checked in its cage, trained beside the others, and unable to reach anything. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Page } from '@playwright/test';
import { listen } from '../scripts/serve.mjs';
import { expect, expectAccessible, test } from './fixtures.ts';
import { button, chooseLosses, finished, makeSmall, openApp, openSample, openStep, scoreRow, start } from './workbench.ts';

const editor = (page: Page) => page.getByRole('textbox', { name: 'Loss code' });
const report = (page: Page) => page.getByRole('region', { name: 'Report card' });

async function openEditor(page: Page): Promise<void> {
	await openStep(page, 'Losses');
	await page.getByRole('link', { name: 'Write a loss of your own' }).click();
	await expect(editor(page)).toBeVisible();
	await expect(button(page, 'Check')).toBeEnabled();
}

/** Puts the code into the editor and checks it. */
async function check(page: Page, code: string): Promise<void> {
	await editor(page).fill(code);
	await button(page, 'Check').click();
	await expect(button(page, 'Check')).toBeEnabled({ timeout: 20_000 });
}

const textbookDice = `(yTrue, yPred) => {
	const overlap = tf.sum(yTrue.mul(yPred));
	return tf.sub(1, overlap.mul(2).add(2).div(tf.sum(yTrue).add(tf.sum(yPred)).add(2)));
}`;

test('the textbook’s Dice is written, checked and trained: equal to the built-in one', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await makeSmall(page);
	await chooseLosses(page, ['Dice']);
	await openEditor(page);
	await check(page, textbookDice);
	await expect(report(page)).toContainText('Perfect is best');
	await expect(report(page)).toContainText('Gradient as measured');
	await expect(page.getByText('def my_dice(y_true, y_pred):')).toBeVisible();
	await expectAccessible(page);
	await button(page, 'Use in the experiment').click();
	await start(page);
	await finished(page);
	const dice = await scoreRow(page, 'Dice').getByRole('cell').allInnerTexts();
	const own = await scoreRow(page, 'My Dice').getByRole('cell').allInnerTexts();
	expect(own.slice(0, 3)).toEqual(dice.slice(0, 3));
});

test('a class has sliders, is saved, and is there after a reload', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await openEditor(page);
	await button(page, 'New from a template').click();
	await page.getByRole('button', { name: 'Focal Tversky', exact: true }).click();
	await button(page, 'Save').click();
	await expect(page.getByRole('status').filter({ hasText: 'is saved in this browser' })).toBeVisible();
	await page.reload();
	await page.getByRole('button', { name: 'Focal Tversky', exact: true }).click();
	await expect(editor(page)).toContainText('class FocalTversky extends Loss');
	await button(page, 'Use in the experiment').click();
	const step = await openStep(page, 'Losses');
	await step.locator('summary').filter({ hasText: 'Focal Tversky' }).click();
	await expect(step.getByRole('textbox', { name: 'gamma' })).toHaveValue('0.75');
});

test('what is wrong with the code is said with its line', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await openEditor(page);
	for (const [code, line, words] of [
		['(y, p) => {\n\tthrow new Error("x");\n}', 'Line 2', 'Error: x'],
		['(y, p) => 0.5', 'This cannot', 'returns the number 0.5'],
		['(y, p) =>\n\ttf.mean(tf.equal(tf.round(p), y))', 'This cannot', 'tf.round (line 2)'],
		['(y, p) => {\n\tconst a = 1;\n\treturn tf.matMul(y.reshape([-1, 5]), p);\n}', 'Line 3', '['],
		['(y, p) => {\n\treturn y.nothing(p);\n}', 'Line 2', 'nothing'],
		['(y, p) => {\n\treturn (;\n}', 'Line 2', 'cannot be read'],
		['(y, p) => { while (true) {} }', 'This cannot', 'loop without end'],
	] as const) {
		await check(page, code);
		const alert = page.getByRole('alert');
		await expect(alert).toContainText(line);
		await expect(alert).toContainText(words);
	}
	// The cage works on after an endless loop.
	await check(page, textbookDice);
	await expect(report(page)).toContainText('Finite');
});

/** Ways out of the cage, each tried in the code itself. */
const ways = [
	'fetch(to)',
	'fetch(to, { mode: "no-cors" })',
	'{ const x = new XMLHttpRequest(); x.open("GET", to, false); x.send(); }',
	'new WebSocket(to.replace("http", "ws"))',
	'new EventSource(to)',
	'importScripts(to)',
	'import(to)',
	'new Worker(to)',
	'new Worker(URL.createObjectURL(new Blob([`fetch("${to}")`])))',
	'new Worker(`data:text/javascript,fetch("${to}")`)',
	'new SharedWorker(to)',
	'new WebTransport(to.replace("http", "https"))',
	'new FontFace("x", `url(${to})`).load()',
	'navigator.sendBeacon(to)',
	'new Request(to) && fetch(new Request(to, { keepalive: true }))',
	'eval(`fetch("${to}")`)',
	'new Function(`fetch("${to}")`)()',
	'setTimeout(`fetch("${to}")`)',
	'location.href = to',
	'new RTCPeerConnection({ iceServers: [{ urls: "stun:" + new URL(to).host }] }).createDataChannel("x")',
	'fetch(`data:text/plain,x`).then(() => fetch(to))',
	'indexedDB.open("stolen")',
	'caches.open("stolen")',
	'navigator.storage.getDirectory()',
	'localStorage.setItem("stolen", "1")',
	'new BroadcastChannel("workbench").postMessage("stolen")',
];

test.describe('hostile code', () => {
	// Each refusal is reported; they are what is tested here.
	test.use({ expectedProblems: [/./] });

	test('reaches no host and no storage, floods nothing, and leaves the app alive', async ({ page, context }) => {
		let visits = 0;
		const stranger = createServer((_request, response) => {
			visits++;
			response.writeHead(200, { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
			response.end('postMessage(1)');
		});
		stranger.on('upgrade', (_request, socket) => {
			visits++;
			socket.destroy();
		});
		const port = await listen(stranger, { port: 0 });
		await openApp(page);
		await openSample(page);
		await openEditor(page);
		const tries = ways.map((way) => `try { ${way.startsWith('{') ? way : `void (${way})`} } catch {}`).join('\n');
		const spin = 'for (const end = Date.now() + 700; Date.now() < end; );';
		await check(
			page,
			`(yTrue, yPred) => {\nconst to = 'http://localhost:${port}/';\n${tries}\n${spin}\nreturn yTrue.sub(yPred).square();\n}`,
		);
		expect(visits).toBe(0);
		// The same lines in a worker that nobody locks up do arrive.
		const free = await context.newPage();
		await free.goto(`http://localhost:${port}/`);
		const before = visits;
		await free.evaluate(
			(text) => void new Worker(URL.createObjectURL(new Blob([text]))),
			`const to = 'http://localhost:${port}/';\n${tries}`,
		);
		await expect.poll(() => visits - before).toBeGreaterThan(5);
		await free.close();
		expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).not.toContain('stolen');
		expect(await page.evaluate(() => caches.has('stolen'))).toBe(false);
		expect(await page.evaluate(() => localStorage.length)).toBe(0);

		await check(page, '(y, p) => { for (let i = 0; i < 1e5; i++) postMessage({ ok: true, graphs: [], warnings: [] }); return p.mean(); }');
		await expect(page.getByRole('alert')).toBeVisible();
		await check(page, '(y, p) => { const all = []; for (;;) all.push(new Float64Array(1e7).fill(1)); }');
		await expect(page.getByRole('alert')).toBeVisible();
		await check(page, textbookDice);
		await expect(report(page)).toContainText('Finite');
		stranger.close();
		stranger.closeAllConnections();
		await once(stranger, 'close');
	});
});

test('code that came with a link does not run before it is allowed', async ({ page, context }) => {
	await openApp(page);
	await openSample(page);
	await makeSmall(page);
	await chooseLosses(page, ['Dice']);
	await openEditor(page);
	await check(page, textbookDice);
	await button(page, 'Use in the experiment').click();
	await openStep(page, 'Train');
	await context.grantPermissions(['clipboard-read', 'clipboard-write']);
	await button(page, 'Copy a link to these choices').click();
	const link = await page.evaluate(() => navigator.clipboard.readText());
	// Another browser, where nobody allowed anything.
	const browser = context.browser();
	if (!browser) throw new Error('there is no browser');
	const other = await browser.newContext();
	const fresh = await other.newPage();
	await fresh.goto(link);
	await openSample(fresh);
	await expect(button(fresh, 'Start')).toBeDisabled();
	await expect(fresh.getByText('My Dice has code that was not written here')).toBeVisible();
	expect(await fresh.locator('iframe').count()).toBe(0);
	const step = await openStep(fresh, 'Losses');
	await step.locator('summary').filter({ hasText: 'My Dice' }).click();
	await expect(step.getByText('Nothing of it has run')).toBeVisible();
	await button(fresh, 'Allow My Dice to run').click();
	await start(fresh);
	await finished(fresh);
	await expect(scoreRow(fresh, 'My Dice')).toBeVisible();
	await other.close();
});

test('the step that loses a number is found; a loss goes to a file and comes back without running', async ({ page }) => {
	await page.goto('losses/own/');
	await expect(button(page, 'Check')).toBeEnabled();
	await check(page, '(yTrue, yPred) =>\n\ttf.mean(tf.div(yTrue, yPred.sub(0.5)))');
	await expect(report(page)).toContainText('Not finite');
	await report(page).getByText('Step by step').click();
	await report(page).getByRole('combobox', { name: 'Case' }).selectOption('onePixel');
	// 0 / 0 at every pixel but the true one, where it is 1 / 0: 2 images of 16².
	await expect(report(page).getByRole('status')).toContainText(
		'tf.div in line 2 is the first to give 512 values that are infinite or no number, the first at image 0, row 0, column 0',
	);
	await expectAccessible(page);

	await page.getByRole('textbox', { name: 'Name' }).fill('Odd one');
	await button(page, 'Save').click();
	const download = page.waitForEvent('download');
	await button(page, 'Save Odd one as a file').click();
	const saved = await download;
	expect(saved.suggestedFilename()).toBe('odd-one.js');
	const path = await saved.path();
	await button(page, 'Delete Odd one').click();
	await editor(page).fill('');
	await page.getByLabel('File of loss code').setInputFiles(path);
	await expect(editor(page)).toContainText('tf.div(yTrue, yPred.sub(0.5))');
	await expect(page.getByText(/is open\. Nothing of it has run yet\.$/)).toBeVisible();
	await expect(report(page)).toBeHidden();
});
