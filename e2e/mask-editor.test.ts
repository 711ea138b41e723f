/** A person corrects a mask: by mouse, by keyboard, and goes on training with it. */
import type { Locator, Page } from '@playwright/test';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import {
	appears,
	button,
	checkpoints,
	datasets,
	experiments,
	finished,
	images,
	makeSmall,
	openApp,
	openSample,
	openStep,
	patience,
	runBar,
	start,
} from './workbench.ts';

// A sliding dialog would be measured half way.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const editor = (page: Page): Locator => page.getByRole('dialog', { name: /^Edit the mask of / });
const paper = (page: Page): Locator => editor(page).getByRole('application');
const versions = (page: Page): Locator => editor(page).getByRole('region', { name: 'Versions of this mask' }).getByRole('listitem');
const press = (page: Page, name: string): Promise<void> => editor(page).getByRole('button', { name, exact: true }).click();

async function openEditor(page: Page): Promise<void> {
	await button(page, 'Edit mask…').click();
	await appears(paper(page));
}

/** Draws a straight line, in shares of the image. */
async function draw(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
	const box = (await paper(page).boundingBox())!;
	await page.mouse.move(box.x + from[0] * box.width, box.y + from[1] * box.height);
	await page.mouse.down();
	await page.mouse.move(box.x + to[0] * box.width, box.y + to[1] * box.height, { steps: 5 });
	await page.mouse.up();
}

/** Counts of each stored value of the first image's mask in the newest data set. */
async function counts(page: Page): Promise<Map<number, number>> {
	const newest = (await datasets(page)).at(-1) as DatasetMeta;
	return new Map(newest.samples[0]!.valueCounts.map(([value, count]) => [value, count]));
}

test('by mouse: draw, undo, redo, save, go back, and train on from the runs before', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { epochs: 1, losses: ['Cross-entropy', 'Dice'] });
	await start(page);
	await finished(page);
	const [before] = await experiments(page);

	await openEditor(page);
	await expect(versions(page)).toHaveCount(1);
	await expect(editor(page).getByText('The mask in use is as drawn here.')).toBeVisible();
	await draw(page, [0.1, 0.1], [0.9, 0.1]);
	await expect(editor(page).getByText('Not saved yet.')).toBeVisible();
	await press(page, 'Undo');
	await expect(editor(page).getByText('The mask in use is as drawn here.')).toBeVisible();
	await press(page, 'Redo');
	await expectAccessible(page);

	await page.keyboard.press('Escape');
	await expect(editor(page).getByRole('alert')).toHaveText('Your strokes are not saved yet.');
	await press(page, 'Go on drawing');
	await press(page, 'Save as a new version');
	await expect(versions(page)).toHaveCount(2, patience);
	await expect(versions(page).nth(1)).toContainText('Version 2, in use');
	await expect(versions(page).nth(1)).toContainText('began from the first mask');
	const original = (await datasets(page))[0]!;
	const corrected = (await datasets(page)).at(-1)!;
	expect(corrected.fingerprint).not.toBe(original.fingerprint);
	expect(corrected.origin).toBe(original.id);

	// What a run says is a beginning as well.
	await editor(page)
		.getByLabel('Begin anew from')
		.selectOption({
			label: (await editor(page)
				.getByRole('option', { name: /^Prediction of Dice/ })
				.first()
				.textContent())!,
		});
	await press(page, 'Begin from it');
	await appears(editor(page).getByText('Not saved yet.'));
	await press(page, 'Save as a new version');
	await expect(versions(page).nth(2)).toContainText(/Version 3, in use.*began from the prediction of Dice/u, patience);

	await press(page, 'Use Version 1');
	await expect(versions(page).nth(0)).toContainText('Version 1, in use', patience);
	await press(page, 'Use Version 2');
	await expect(versions(page).nth(1)).toContainText('Version 2, in use', patience);
	await page.keyboard.press('Escape');
	await expect(editor(page)).toBeHidden();

	await runBar(page).getByText('1 change since the runs on the screen').click();
	await expect(runBar(page).getByText('Other masks', { exact: true })).toBeVisible();
	await expectAccessible(page);
	await runBar(page).getByRole('button', { name: 'Train on with the masks in use' }).click();
	await finished(page);
	await expect(runBar(page).getByText(/^began with the best weights of each run in /)).toBeVisible();
	const [first, second] = await experiments(page);
	expect(first).toEqual(before);
	expect(second!.split).toEqual(first!.split);
	expect(second!.hash).not.toBe(first!.hash);
	expect(second!.datasetFingerprint).toBe(corrected.fingerprint);
	expect(second!.startsFrom).toMatchObject({ experimentId: first!.id, which: 'best' });
	expect((await checkpoints(page)).some(({ experimentId }) => experimentId === second!.id)).toBe(true);

	// The runs before are shown with the masks that they were trained on.
	const train = await openStep(page, 'Train');
	await train
		.getByRole('button', { name: /^Cells/ })
		.last()
		.click();
	await appears(runBar(page).getByRole('button', { name: 'Start again' }));
	await openEditor(page);
	await expect(versions(page).nth(0)).toContainText('Version 1, in use');
});

test('by keyboard: brush, polygon, fill, pick, classes and versions', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page, 'Tissue', { count: 4 });
	const before = await counts(page);
	await button(page, 'Edit mask…').focus();
	await page.keyboard.press('Enter');
	await appears(paper(page));
	await paper(page).focus();

	// One pixel of the first class at the upper left corner, then its erasure.
	for (const key of ['b', '1', '[', '[', '[', '[', '[', '[']) await page.keyboard.press(key);
	for (let presses = 0; presses < 7; presses++) for (const key of ['ArrowLeft', 'ArrowUp']) await page.keyboard.press(`Shift+${key}`);
	await expect(paper(page)).toHaveAccessibleName(/brush, .*, at 0 right, 0 down$/);
	// All of one class first, so that the numbers below are known.
	await editor(page).getByLabel('Begin anew from').selectOption('nothing');
	await press(page, 'Begin from it');
	await appears(editor(page).getByText('Not saved yet.'));
	await paper(page).focus();
	await page.keyboard.press('Space');
	// A line of 3 more pixels while Space is held.
	await page.keyboard.press('ArrowDown');
	await page.keyboard.down('Space');
	for (const _press of [1, 2]) await page.keyboard.press('ArrowRight');
	await page.keyboard.up('Space');
	await page.keyboard.press('ControlOrMeta+z');
	await page.keyboard.press('ControlOrMeta+Shift+z');

	// A square of the second class: corners at the centres of (10, 11) and (20, 21) enclose 10 × 10 centres.
	for (const key of ['2', 'p', 'ArrowLeft', 'ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Space', 'Shift+ArrowRight', 'Space']) {
		await page.keyboard.press(key);
	}
	for (const key of ['Shift+ArrowDown', 'Space', 'Shift+ArrowLeft', 'Space', 'Enter']) await page.keyboard.press(key);
	// Escape drops a polygon before it leaves.
	await page.keyboard.press('Space');
	await page.keyboard.press('Escape');
	await expect(paper(page)).toBeVisible();
	await press(page, 'Save as a new version');
	await expect(versions(page)).toHaveCount(2, patience);
	await expect(versions(page).nth(1)).toContainText('began from nothing');
	// 64² pixels: 1 + 3 of the first class, 100 of the second.
	const scheme = (await datasets(page)).at(-1)!.scheme;
	const valueOf = (index: number): number => (scheme.kind === 'values' ? scheme.classes[index]!.values[0]! : -1);
	const drawn = await counts(page);
	expect([0, 1, 2].map((index) => drawn.get(valueOf(index)))).toEqual([64 * 64 - 104, 4, 100]);

	// Pick takes the class inside the square. Fill gives it to all that is background, once that is no longer locked.
	await paper(page).focus();
	for (const key of ['1', 'i', 'ArrowUp', 'Space']) await page.keyboard.press(key);
	await expect(paper(page)).toHaveAccessibleName(/polygon, lumen, at 10 right, 20 down$/);
	const lock = editor(page).getByRole('button', { name: 'Lock stroma' });
	await lock.press('Enter');
	await paper(page).focus();
	for (const key of ['f', 'Shift+ArrowUp', 'Shift+ArrowUp', 'Space']) await page.keyboard.press(key);
	await expect(editor(page).getByText('The mask in use is as drawn here.')).toBeVisible();
	await lock.press('Enter');
	await paper(page).focus();
	await page.keyboard.press('Space');
	await press(page, 'Save as a new version');
	await expect(versions(page)).toHaveCount(3, patience);
	const filled = await counts(page);
	expect([0, 1, 2].map((index) => filled.get(valueOf(index)))).toEqual([undefined, 4, 64 * 64 - 4]);

	await editor(page).getByRole('button', { name: 'Use Version 1' }).press('Enter');
	await expect(versions(page).nth(0)).toContainText('in use', patience);
	await page.keyboard.press('Escape');
	await expect(editor(page)).toBeHidden();
	await expect(images(page)).toBeVisible();
	// Nothing was trained: the first data set is all that is left, and its masks are as they were.
	expect(await datasets(page)).toHaveLength(1);
	expect(await counts(page)).toEqual(before);
});

/** Taps with a pen, as a tablet reports it. `place`: a pixel of an image of 64 × 64; `force`: 0…1. */
async function tapWithPen(page: Page, place: readonly [x: number, y: number], force: number): Promise<void> {
	const box = (await paper(page).boundingBox())!;
	const session = await page.context().newCDPSession(page);
	const [x, y] = [box.x + ((place[0] + 0.5) / 64) * box.width, box.y + ((place[1] + 0.5) / 64) * box.height];
	const pen = { x, y, pointerType: 'pen', button: 'left', clickCount: 1 } as const;
	await session.send('Input.dispatchMouseEvent', { ...pen, type: 'mousePressed', buttons: 1, force });
	await session.send('Input.dispatchMouseEvent', { ...pen, type: 'mouseReleased', buttons: 0 });
}

test('with a pen: the pressure sets the size, until that is switched off', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await openEditor(page);
	await editor(page).getByLabel('Begin anew from').selectOption('nothing');
	await press(page, 'Begin from it');
	await appears(editor(page).getByText('Not saved yet.'));
	const pressure = editor(page).getByRole('switch', { name: 'Pressure sets the size' });
	await expect(pressure).toBeHidden();
	const place = await paper(page).boundingBox();
	// Of the 4 pixels of the brush, 3.4 and 2.4: 37 and 21 centres are as near as that.
	await tapWithPen(page, [16, 16], 0.85);
	await expect(pressure).toBeChecked();
	expect(await paper(page).boundingBox(), 'the image stays where it is under the pen').toEqual(place);
	await tapWithPen(page, [48, 16], 0.6);
	await expectAccessible(page);
	await press(page, 'Save as a new version');
	await expect(versions(page)).toHaveCount(2, patience);
	expect([...(await counts(page)).values()].sort((a, b) => a - b)).toEqual([37 + 21, 64 * 64 - 37 - 21]);

	// All 4 pixels: 45 centres are nearer than that, 4 more are exactly as far.
	await pressure.uncheck();
	await tapWithPen(page, [32, 48], 0.1);
	await press(page, 'Save as a new version');
	await expect(versions(page)).toHaveCount(3, patience);
	expect(Math.min(...(await counts(page)).values())).toBeGreaterThanOrEqual(37 + 21 + 45);
});

test('on a phone, in the dark, everything is in reach', async ({ page }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await page.emulateMedia({ colorScheme: 'dark' });
	await openApp(page);
	await openSample(page);
	await openEditor(page);
	await draw(page, [0.2, 0.2], [0.6, 0.2]);
	await expectAccessible(page);
	await expect.poll(() => editor(page).evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
	await press(page, 'Save as a new version');
	await expect(versions(page)).toHaveCount(2, patience);
});
