/** Files with something wrong: each is named with its reason, and the rest is opened all the same. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { discImage, discMask, file, png, type PictureFile } from './pictures.ts';
import { appears, button, choose, drop, images, openApp, patience, usePairs, zip } from './workbench.ts';

const pair = (name: string, image: Buffer = discImage(1), mask: Buffer = discMask(1)): PictureFile[] => [
	file(`${name}.png`, image),
	file(`${name}_mask.png`, mask),
];
const good = [...pair('good 1'), ...pair('good 2')];

/** The line about a file among those that could not be used. */
const lineAbout = (page: Page, name: string) =>
	page
		.getByRole('group')
		.filter({ hasText: 'could not be used; the rest is not affected' })
		.getByRole('listitem')
		.filter({ has: page.getByText(name, { exact: false }) });

test('damaged, empty, unlike and misnamed files each get a line, and the good pairs are used', async ({ page }) => {
	await openApp(page);
	const whole = discImage(3);
	await choose(page, [
		...good,
		file('without.png', discImage(2)),
		...pair('unlike', discImage(1, 64), discMask(1, 32)),
		...pair('cut', whole.subarray(0, whole.length - 60)),
		...pair('hollow', Buffer.alloc(0)),
		...pair('letter', Buffer.from('Dear diary, this is no picture.\n')),
	]);
	await appears(page.getByRole('heading', { name: '2 pairs of image and mask' }));
	await expect(page.getByText('1 image without a mask')).toBeVisible();
	await expect(page.getByText('without.png', { exact: true })).toBeVisible();
	await expect(page.getByText('8 files could not be used; the rest is not affected')).toBeVisible();
	await expect(lineAbout(page, 'unlike.png')).toContainText(
		'unlike.png and its mask differ in size. The image has 64 × 64 pixels, the mask 32 × 32',
	);
	await expect(lineAbout(page, 'cut.png')).toContainText('cut.png could not be read');
	await expect(lineAbout(page, 'hollow.png')).toContainText('hollow.png is empty');
	await expect(lineAbout(page, 'letter.png')).toContainText('holds text, no picture');
	await usePairs(page, 2);
});

test('a mask with three hundred values is called no mask of classes, and a threshold is proposed', async ({ page }) => {
	await openApp(page);
	const smooth = png((x, y) => Math.min(299, x * 5 + (y % 5)) * 200, { bits: 16 });
	await choose(page, [...pair('depth 1', discImage(1), smooth), ...pair('depth 2', discImage(2), smooth)]);
	await appears(page.getByText(/too many different values/).first());
});

test('two images of one name in different folders are told apart, never joined by chance', async ({ page }) => {
	await openApp(page);
	await drop(page, [
		file(
			'rooms.zip',
			zip({
				'set/left/images/a.png': discImage(1),
				'set/left/masks/a.png': discMask(1),
				'set/right/images/a.png': discImage(2),
				'set/right/masks/a.png': discMask(2),
			}),
		),
	]);
	await appears(page.getByRole('heading', { name: '2 pairs of image and mask' }));
	for (const side of ['left', 'right']) {
		const row = page.getByRole('row').filter({ hasText: `set/${side}/images/a.png` });
		await expect(row).toContainText(`set/${side}/masks/a.png`);
	}
});

test('one pair, or none, is too few to train on', async ({ page }) => {
	await openApp(page);
	await choose(page, pair('only'));
	await expect(button(page, 'Use 1 pair')).toBeDisabled(patience);
	await expect(page.getByText('There are too few pairs to train on')).toBeVisible();
	await button(page, 'Cancel').click();
	await choose(page, [file('alone.png', discImage(1))]);
	await appears(page.getByRole('heading', { name: 'No image and mask belong together' }));
	await expect(page.getByText('1 image without a mask')).toBeVisible();
});

test('masks without any foreground are accepted with a word of warning', async ({ page }) => {
	await openApp(page);
	const empty = png(() => 0);
	await choose(page, [...pair('empty 1', discImage(1), empty), ...pair('empty 2', discImage(2), empty)]);
	await appears(page.getByText('Every mask is empty: there is nothing to learn.'));
	await usePairs(page, 2);
});

test('a damaged entry of an archive is left out by name', async ({ page }) => {
	await openApp(page);
	const entries = Object.fromEntries([...good, ...pair('torn')].map(({ name, buffer }) => [name, buffer]));
	const archive = zip(entries);
	// One byte inside the stored bytes of `torn.png`; the archive's own checksum finds it.
	const at = archive.indexOf('torn.png') + 'torn.png'.length + 40;
	archive[at] = (archive[at] ?? 0) ^ 0xff;
	await drop(page, [file('some.zip', archive)]);
	await appears(page.getByRole('heading', { name: '2 pairs of image and mask' }));
	await expect(lineAbout(page, 'torn.png')).toContainText('in the archive is damaged');
	await usePairs(page, 2);
	await expect(images(page).getByLabel('Image', { exact: true }).locator('option')).toHaveCount(2);
});
