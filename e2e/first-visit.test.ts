import { expect, expectAccessible, readyOffline, test } from './fixtures.ts';

test.use({ serviceWorkers: 'allow' });

for (const base of ['/', '/some/where/']) {
	test(`the page loads below ${base}`, async ({ page, serve }) => {
		const site = await serve({ base });
		await page.goto(site.address);
		await expect(page.locator('body')).toContainText('Overlap');
		await readyOffline(page);
		expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(site.address);
	});

	test(`after the first visit the app works with its host gone, below ${base}`, async ({ page, serve }) => {
		const site = await serve({ base });
		await page.goto(site.address);
		await readyOffline(page);
		await site.close();

		await page.reload();
		await expect(page.locator('body')).toContainText('Overlap');
		const missing = await page.goto(`${site.address}no/such/page`);
		expect(missing?.status()).toBe(404);
		await expect(page.getByRole('heading')).toHaveText('There is no page at this address');
	});
}

test.use({ expectedProblems: [/the server responded with a status of 404/] });

test('an unknown address says so, and leads back', async ({ page }) => {
	const response = await page.goto('no/such/page');
	expect(response?.status()).toBe(404);
	await expectAccessible(page);
	await page.getByRole('link', { name: 'Go to Overlap' }).click();
	await expect(page.locator('body')).toContainText('Overlap');
	await expect(page).toHaveURL('/');
});

test('the page is isolated where the host sends the headers for it', async ({ page }) => {
	await page.goto('');
	expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('the page works where the host sends no headers', async ({ page, serve }) => {
	const site = await serve({ isolation: false });
	await page.goto(site.address);
	await expect(page.locator('body')).toContainText('Overlap');
	expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
});
