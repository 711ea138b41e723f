/** How fast is this computer? Asked before, beside and after a training. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { appears, finished, makeSmall, openApp, openSample, openStep, patience, runBar, start, type } from './workbench.ts';

test('a person measures the computer, knows how long it will take, trains, and finds it again after a reload', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { epochs: 200 });
	const speed = (await openStep(page, 'Train')).getByRole('region', { name: 'Speed' });
	const ask = speed.getByRole('button', { name: 'How fast is this computer?' });

	await ask.click();
	await expect(speed.getByRole('progressbar', { name: /^Training made-up images: \d of about 7 s$/ })).toBeVisible();
	await speed.getByRole('button', { name: 'Cancel' }).click();
	await expect(ask).toBeFocused();
	await expect(speed.getByRole('status')).toBeEmpty();
	await expect(runBar(page).getByText('on this computer')).toHaveCount(0);

	// The backend starts anew after that.
	await expect(ask).toHaveAttribute('aria-disabled', 'false', patience);
	await ask.click();
	await appears(speed.getByRole('button', { name: 'Measure again' }));
	await expect(speed.getByRole('status')).toContainText(/Takes (less than|about) [\d.]+ (s|min|h) here: 200 epochs × 4 losses\./);
	await expect(speed.getByRole('status')).toContainText(/ a step of one loss, [\d\u202f.]+ images\/s on WebAssembly \(SIMD\)\. Measured /);
	await expect(runBar(page).getByText(/^Takes (less than|about) .* on this computer\.$/)).toBeVisible();
	await expectAccessible(page);

	await start(page);
	await expect(speed.getByText('Pause the training first: both would be slower, and the result wrong.')).toBeVisible();
	await expect(speed.getByRole('button', { name: 'Measure again' })).toHaveAttribute('aria-disabled', 'true');
	await appears(runBar(page).getByText(/ left$/));
	await runBar(page).getByRole('button', { name: 'Pause' }).click();

	// Beside paused runs, which go on where they stood; Resume does not wait for the measurement.
	const resume = runBar(page).getByRole('button', { name: 'Resume' });
	await appears(resume);
	await speed.getByRole('button', { name: 'Measure again' }).click();
	await expect(speed.getByRole('button', { name: 'Cancel' })).toBeVisible();
	await resume.click();
	await appears(runBar(page).getByText(/^epoch \d+ of 200$/));
	await runBar(page).getByRole('button', { name: 'Stop' }).click();
	await finished(page);

	await page.reload();
	const again = (await openStep(page, 'Train')).getByRole('region', { name: 'Speed' });
	await appears(again.getByRole('button', { name: 'Measure again' }));
});

test('where it would take long, a click makes it smaller and says what changes; nothing changes by itself', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await makeSmall(page);
	const train = await openStep(page, 'Train');
	const speed = train.getByRole('region', { name: 'Speed' });
	await speed.getByRole('button', { name: 'How fast is this computer?' }).click();
	await appears(speed.getByRole('button', { name: 'Measure again' }));

	const model = await openStep(page, 'Model');
	await model.getByRole('radio', { name: 'Medium' }).check();
	await type(model, 'Size', 512);
	await openStep(page, 'Train');
	await type(train, 'Epochs', 200);
	// From there on it is reckoned, and both places say so.
	await expect(runBar(page).getByText(/^Likely takes about .* on this computer\.$/)).toBeVisible();
	await expect(speed.getByRole('status')).toContainText(/Likely takes about .* here: 200 epochs × 4 losses\./);
	await expect(speed.getByRole('status')).toContainText('Reckoned from 32², depth 2, 8 filters and batches of 2, measured ');
	const smaller = speed.getByRole('button', { name: /^Use .*: about \d+ min$/ });
	const [, size = ''] = /^Use (\d+)²/u.exec((await smaller.textContent())?.trim() ?? '') ?? [];
	expect(Number(size)).toBeLessThan(512);
	await openStep(page, 'Model');
	await expect(model.getByLabel('Size', { exact: true })).toHaveValue('512');
	await openStep(page, 'Train');
	await smaller.click();
	await expect(smaller).toHaveCount(0);
	await openStep(page, 'Model');
	await expect(model.getByLabel('Size', { exact: true })).toHaveValue(size);
});

test('a net that does not fit into memory is refused with a sentence, and a smaller one can be measured after that', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await makeSmall(page);
	const model = await openStep(page, 'Model');
	await model.getByText('Net in detail').click();
	await type(model, 'Filters of the first level', 64);
	await type(model, 'Size', 512);
	const train = await openStep(page, 'Train');
	await type(train, 'Batch size', 32);
	const speed = train.getByRole('region', { name: 'Speed' });
	await speed.getByRole('button', { name: 'How fast is this computer?' }).click();
	await appears(speed.getByText('There is not enough memory for this'));
	await expectAccessible(page);

	await makeSmall(page);
	await openStep(page, 'Train');
	await speed.getByRole('button', { name: 'How fast is this computer?' }).click();
	await expect(speed.getByText('There is not enough memory for this')).toHaveCount(0);
	await appears(speed.getByRole('button', { name: 'Measure again' }));
});
