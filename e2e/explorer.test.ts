/** Seeing what a loss does, before any data are opened. */
import { expect, expectAccessible, test } from './fixtures.ts';

test('a loss is explored beside another: curves, errors, and a prediction that is painted by keyboard', async ({ page }) => {
	await page.goto('losses/dice/');
	const explorer = page.getByRole('region', { name: 'What it does' });
	const curves = explorer.getByRole('img', { name: /^Loss against p, line chart/ });
	await expect(curves).toHaveAccessibleName(/Dice, object .*Dice, around /);
	await explorer.getByRole('button', { name: 'Beside another loss…' }).click();
	await page.getByRole('dialog').getByRole('searchbox').fill('cross-entropy');
	await page.keyboard.press('Enter');
	await expect(curves).toHaveAccessibleName(/Cross-entropy, object/);
	await expectAccessible(page);

	await explorer.getByRole('radio', { name: 'Over errors' }).check();
	// Half of the object missed, nothing false: Dice is 1 − 2·½/(½ + 1) = ⅓ but for smoothing and 0.02 of each wrong pixel.
	const dice = explorer.getByRole('listitem').filter({ hasText: 'Dice' }).getByRole('status');
	await explorer.getByRole('slider', { name: 'Missed' }).fill('6');
	await explorer.getByRole('slider', { name: 'False' }).fill('0');
	await expect.poll(async () => Math.abs(Number(await dice.textContent()) - 1 / 3)).toBeLessThan(0.1);

	await explorer.getByRole('radio', { name: 'Paint a prediction' }).check();
	const value = explorer
		.getByRole('listitem')
		.filter({ hasText: 'Dice' })
		.getByText(/^loss /);
	await explorer.getByRole('button', { name: 'Right' }).click();
	await expect(value).toHaveText(/^loss 0\.(0|1)/);
	const right = await value.textContent();
	await explorer.getByRole('application').focus();
	await page.keyboard.press('ArrowLeft');
	await explorer.getByRole('button', { name: 'Nothing' }).click();
	await expect(value).not.toHaveText(right ?? '');
	const nothing = await value.textContent();
	await explorer.getByRole('application').focus();
	await page.keyboard.press('Space');
	await expect(value).not.toHaveText(nothing ?? '');
	await expectAccessible(page);
});

test('a loss is written out as a formula and as code of other libraries', async ({ page, context }) => {
	await context.grantPermissions(['clipboard-read', 'clipboard-write']);
	await page.goto('losses/dice/');
	const code = page.getByRole('region', { name: /^Written out/ });
	await expect(code.getByText('def dice(y_true, y_pred')).toBeVisible();
	await code.getByRole('radio', { name: 'PyTorch' }).check();
	await code.getByRole('button', { name: 'Copy' }).click();
	await expect(code.getByRole('button', { name: 'Copied' })).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('import torch');
	await page.goto('losses/boundary/');
	await expect(code.getByText(/^It cannot be written out in full: Boundary compares with maps/)).toBeVisible();
});
