/** What axe-core finds on every page and state of the app, light and dark; and how it fits a phone. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { discImage, discMask, file } from './pictures.ts';
import { appears, button, choose, finished, images, makeSmall, openApp, openSample, openStep, runBar, start } from './workbench.ts';

// Sliding panels would be measured half way.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

/** Light, dark, and narrow as a phone, where nothing may make the whole page scroll sideways. */
async function expectFit(page: Page, schemes: readonly ('dark' | 'light')[] = ['dark', 'light']): Promise<void> {
	for (const colorScheme of schemes) {
		await page.emulateMedia({ colorScheme });
		await expectAccessible(page);
	}
	await page.setViewportSize({ width: 390, height: 844 });
	await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
	await page.setViewportSize({ width: 1280, height: 720 });
}

test('the empty workbench', async ({ page }) => {
	await openApp(page);
	await expectFit(page);
	await page.getByRole('button', { name: 'Change it first…' }).first().click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await expectFit(page);
});

test('opened files that are looked through', async ({ page }) => {
	await openApp(page);
	const pairs = [1, 2].flatMap((index) => [file(`disc ${index}.png`, discImage(index)), file(`disc ${index}_mask.png`, discMask(index))]);
	await choose(page, [...pairs, file('alone.png', discImage(3)), file('broken.png', 'no picture'), file('some_mask.png', discMask(3))]);
	await appears(button(page, 'Use 2 pairs'));
	await expectFit(page);
});

test('a data set with every step open, its dialogs, and the results', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page, 'Tissue');
	await expectFit(page);
	// Of what is built of the same fields, each is looked at in one of the two.
	for (const [place, step] of (['Model', 'Losses', 'Train', 'Data'] as const).entries()) {
		const panel = await openStep(page, step);
		for (const summary of await panel.locator('summary').all()) await summary.click();
		await expectFit(page, [place % 2 === 0 ? 'dark' : 'light']);
	}
	for (const [place, name] of ['Classes…', 'Show and change the split…', 'Delete…', 'Keys ?'].entries()) {
		await button(page, name).click();
		await expect(page.getByRole('dialog')).toBeVisible();
		await expectFit(page, [place % 2 === 0 ? 'light' : 'dark']);
		await page.keyboard.press('Escape');
		await expect(page.getByRole('dialog')).toBeHidden();
	}

	await makeSmall(page, { epochs: 2, losses: ['Cross-entropy', 'Dice'] });
	await start(page);
	await finished(page);
	// Under reduced motion as well, each curve has the colour of its run.
	const coloured = page.locator('canvas').evaluateAll((all) =>
		all.some((canvas) => {
			if (!(canvas instanceof HTMLCanvasElement) || !canvas.closest('.uplot')) return false;
			const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
			return Array.from({ length: data.length / 4 }, (_, i) => data.subarray(4 * i, 4 * i + 3)).some(
				(p) => Math.max(...p) - Math.min(...p) > 60,
			);
		}),
	);
	expect(await coloured, 'the curves have colours').toBe(true);
	await page.getByText('Own loss of each run.').click();
	for (const mode of ['Errors', 'Outline', 'Mask', 'Fill']) {
		await images(page).getByRole('radio', { name: mode }).check();
		await expectAccessible(page);
	}
	await expectFit(page);
	const losses = await openStep(page, 'Losses');
	await losses.getByRole('button', { name: 'Remove Dice' }).click();
	await expect(runBar(page).getByRole('button', { name: 'Restart with these changes' })).toBeVisible();
	await expectFit(page);
});

for (const [path, title] of [
	['predict/', 'Predict'],
	['losses/', 'Losses'],
	['losses/tversky/', 'Tversky'],
	['about/', 'About'],
] as const) {
	test(`the page ${path}`, async ({ page }) => {
		await page.goto(path);
		await appears(page.getByRole('heading', { level: 1 }));
		await expect(page).toHaveTitle(new RegExp(title, 'iu'));
		await expectFit(page);
	});
}
