/** A browser that gives no storage, as some private windows do. */
import { expect, test } from './fixtures.ts';
import { finished, makeSmall, openApp, openSample, scores, start } from './workbench.ts';

// A service worker would answer for the worker's script, which is changed on its way here.
test.use({ serviceWorkers: 'block' });

/** Runs in page and worker, before the app: as Firefox did in private windows, IndexedDB is there and refuses. */
function refuseStorage(): void {
	IDBFactory.prototype.open = () => {
		throw new DOMException('A mutation operation was attempted on a database that did not allow mutations.', 'InvalidStateError');
	};
}

test('without storage the app says that nothing is kept, and trains all the same', async ({ page }) => {
	await page.addInitScript(refuseStorage);
	await page.route(/train\.worker[^/]*\.js$/u, async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, body: `(${refuseStorage.toString()})();${await response.text()}` });
	});
	await openApp(page);
	await expect(page.getByText('Nothing is kept after this tab is closed.')).toBeVisible();
	await openSample(page);
	await makeSmall(page, { epochs: 1, losses: ['Dice', 'Focal'] });
	await start(page);
	await finished(page);
	await expect(scores(page).getByRole('row')).toHaveCount(3);
	await expect(page.getByText('Nothing is kept after this tab is closed.')).toBeVisible();
});
