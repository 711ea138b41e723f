/** "Which loss for my data?", and what is said of a run that goes wrong. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { chooseLosses, finished, makeSmall, openApp, openSample, openStep, start, type } from './workbench.ts';

test('the masks’ own numbers suggest losses, which are compared at one click', async ({ page }) => {
	await openApp(page);
	await openSample(page, 'Lesions');
	const step = await openStep(page, 'Losses');
	await step.getByText('Which loss for my data?').click();
	await expect(step.getByText(/^8 masks looked at: [\d.]+ % foreground/)).toBeVisible();
	await expect(step.getByText(/losses that average over pixels tend to call everything background/)).toBeVisible();
	await step.getByRole('switch', { name: 'The masks are drawn roughly' }).check();
	await expect(step.getByText('Noise-robust Dice', { exact: true })).toBeVisible();
	await expectAccessible(page);
	await step.getByRole('button', { name: 'Compare these 3' }).click();
	await expect(step.getByRole('button', { name: /^Remove / })).toHaveCount(3);
	await expect(step.getByRole('button', { name: 'Remove Noise-robust Dice' })).toBeVisible();
});

test('a run that marks nothing is named, with a reason and what to try', async ({ page }) => {
	await openApp(page);
	await openSample(page, 'Lesions');
	await makeSmall(page, { epochs: 10 });
	await type(await openStep(page, 'Train'), 'Learning rate', 0.03);
	await chooseLosses(page, ['Cross-entropy', 'Dice']);
	await start(page);
	await finished(page);
	const watch = page.getByRole('status', { name: 'Watch' });
	const sign = watch.getByText(/^Cross-entropy marks nothing: every validation pixel is below the threshold, since epoch \d\.$/);
	await sign.click();
	await expect(watch.getByText(/Where the object is small/).first()).toBeVisible();
	await expectAccessible(page);
	await watch.getByRole('button', { name: 'Show epoch 1' }).first().click();
	await expect(page.getByRole('slider', { name: 'Epoch' })).toHaveValue('1');
});
