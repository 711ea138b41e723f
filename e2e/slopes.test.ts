/** Why losses differ: their gradients on one prediction. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { chooseLosses, finished, makeSmall, openApp, openSample, start } from './workbench.ts';

test('each loss shows what it would change about the same prediction', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await makeSmall(page);
	await chooseLosses(page, ['Cross-entropy', 'Dice']);
	await start(page);
	await finished(page);
	const summary = page.getByText('Why they differ: what each loss would raise and lower');
	await summary.focus();
	await page.keyboard.press('Enter');
	const dice = page.getByRole('img', { name: /^Gradient of Dice: / });
	await expect(dice).toBeVisible();
	await expect(
		page.getByRole('img', { name: /^Gradient of Cross-entropy: \d+ % on the object, \d+ % on the border, \d+ % on the background$/ }),
	).toBeVisible();
	// The same prediction under another run's weights is another map.
	const before = await dice.screenshot();
	await page.getByRole('radiogroup', { name: 'Prediction of' }).getByRole('radio', { name: 'Dice' }).check();
	await expect(page.getByText('Prediction of Dice', { exact: true })).toBeVisible();
	expect((await dice.screenshot()).equals(before)).toBe(false);
	await expectAccessible(page);

	// One batch from the images to the gradient, by keyboard.
	await page.getByText('Step by step: what a run makes of one batch').focus();
	await page.keyboard.press('Enter');
	const step = page.getByRole('textbox', { name: 'Batch of step' });
	await step.fill('1');
	await step.press('Tab');
	await page.getByRole('button', { name: 'Take apart' }).press('Enter');
	await expect(page.getByRole('heading', { name: /^Cross-entropy, batch of step 1, last weights/ })).toBeVisible();
	for (const row of ['image', 'logits', 'probabilities', 'loss', '∂loss/∂logits'])
		await expect(page.getByRole('rowheader', { name: row, exact: true }).first()).toBeVisible();
	await expectAccessible(page);
});
