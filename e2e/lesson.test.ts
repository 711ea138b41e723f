/** A teacher makes a lesson link; a student opens it, answers, and leaves the lesson. */
import type { Page } from '@playwright/test';
import { defaultSpec } from '#lib/core/experiment.ts';
import { lessonToHash } from '#lib/state/lesson-link.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { appears, button, finished, images, makeSmall, openApp, openSample, openStep, scores, start } from './workbench.ts';

// Sliding panels would be measured half way.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const lesson = (page: Page) => page.getByRole('region', { name: 'Lesson' });
const steps = (page: Page) =>
	page.getByRole('complementary', { name: 'Experiment' }).getByRole('heading', { level: 2 }).getByRole('button');
const firstAnswer = (page: Page) => lesson(page).getByLabel('Which loss is ahead?');

/** The link of a lesson with a small sample, two hidden steps and two questions. */
async function makeLink(page: Page): Promise<string> {
	await openApp(page);
	await openSample(page, 'Tissue', { count: 9 });
	await makeSmall(page, { epochs: 1, losses: ['Dice', 'Focal'] });
	const train = await openStep(page, 'Train');
	await train.getByRole('button', { name: 'Make a lesson link…' }).click();
	const dialog = page.getByRole('dialog', { name: 'Make a lesson link' });
	await expect(dialog.getByText('Give the lesson a title first.')).toBeVisible();
	await dialog.getByLabel('Title').fill('Small <b>tissue</b>');
	await dialog.getByLabel('Questions and tasks, one a line').fill('Which loss is ahead?\n\n  Why?  ');
	await dialog.getByRole('switch', { name: 'Data' }).uncheck();
	await dialog.getByRole('switch', { name: 'Model' }).uncheck();
	await expectAccessible(page);
	return dialog.getByLabel(/^The link, /u).inputValue();
}

test('a lesson link hides steps, draws its sample, asks, and keeps the answers', async ({ page, browser, baseURL }) => {
	test.slow();
	const link = await makeLink(page);

	const context = await browser.newContext({ baseURL: baseURL ?? '', permissions: ['clipboard-read', 'clipboard-write'] });
	const student = await context.newPage();
	await student.goto(link);
	await appears(images(student));
	await expect(student.getByRole('heading', { name: 'Tissue, 9 images' })).toBeAttached();
	await expect(lesson(student).getByRole('heading')).toHaveText('Small <b>tissue</b>');
	await expect(lesson(student).getByRole('listitem')).toHaveCount(2);
	await expect(lesson(student)).toContainText('Set by the lesson: Data, Model.');
	await expect(steps(student)).toHaveText([/^1 Losses/, /^2 Train/]);
	await expect(steps(student).first()).toContainText('Dice, Focal');
	await expectAccessible(student);
	await student.emulateMedia({ colorScheme: 'dark' });
	await student.setViewportSize({ width: 390, height: 844 });
	await expectAccessible(student);
	expect(await student.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

	await start(student);
	await finished(student);
	await firstAnswer(student).fill('Dice.\nBy far.');
	await student.reload();
	await expect(firstAnswer(student)).toHaveValue('Dice.\nBy far.');
	// What was trained in the lesson is back as well.
	await appears(scores(student));
	await button(student, 'Copy my answers').click();
	await expect(lesson(student).getByRole('status')).toHaveText('Copied.');
	expect(await student.evaluate(() => navigator.clipboard.readText())).toBe(
		'# Small <b>tissue</b>\n\n## 1. Which loss is ahead?\n\nDice.\nBy far.\n\n## 2. Why?\n\n–\n',
	);

	await button(student, 'Leave the lesson').press('Enter');
	await expect(lesson(student)).toBeHidden();
	await expect(student.getByRole('main')).toBeFocused();
	await expect(steps(student)).toHaveText([/^1 Data/, /^2 Model/, /^3 Losses/, /^4 Train/]);
	await student.reload();
	await appears(images(student));
	await expect(lesson(student)).toBeHidden();
	await student.goBack();
	await expect(firstAnswer(student)).toHaveValue('Dice.\nBy far.');
	await context.close();
});

test('a damaged lesson link says so and changes nothing', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await page.evaluate(() => (location.hash = '#lesson=e30'));
	await expect(page.getByRole('alert')).toContainText('This link to a lesson could not be read');
	await expect(steps(page)).toHaveCount(4);
	await page.reload();
	await expect(page.getByRole('alert')).toContainText('This link to a lesson could not be read');
	await expect(images(page)).toBeVisible();
});

test('code in a lesson waits for a click, also where the losses are hidden', async ({ page }) => {
	const own = { name: 'Mine', code: '(y, p) => tf.mean(tf.square(y.sub(p)))', params: {}, graphs: [] };
	const losses = [{ key: 'own-loss', label: 'Mine', loss: 'ownLoss', values: {}, own, learningRateFactor: 1 }];
	const sample = { recipe: 'cells', values: { images: 8, size: 64, foreground: 30, noise: 4 }, seed: 1 };
	const link = lessonToHash({ title: 'Code', questions: [], hidden: ['losses'], sample, spec: { ...defaultSpec, losses } });
	await page.goto(link ?? '');
	await appears(images(page));
	await expect(button(page, 'Start')).toBeDisabled();
	await expect(lesson(page)).toContainText('Nothing of it has run');
	await expect(lesson(page)).toContainText(own.code);
	expect(await page.locator('iframe').count()).toBe(0);
	await expectAccessible(page);
	await lesson(page).getByRole('button', { name: 'Allow Mine to run' }).click();
	await expect(button(page, 'Start')).toBeEnabled();
	await expect(lesson(page).getByText(own.code)).toBeHidden();
});
