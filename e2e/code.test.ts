/** An experiment goes out as Python: the file has the script, the data and the first weights of each seed. */
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { expect, test } from './fixtures.ts';
import { button, computeWith, finished, makeSmall, openApp, openSample, start } from './workbench.ts';

test('the code of an experiment is saved with all that it reads', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await computeWith(page, 'wasm');
	await makeSmall(page, { epochs: 1, losses: ['Cross-entropy', 'Boundary'] });
	await start(page);
	await finished(page);

	const download = page.waitForEvent('download');
	await button(page, 'Save as Python code').click();
	const saved = await download;
	expect(saved.suggestedFilename()).toMatch(/-code\.zip$/u);
	const files = unzipSync(readFileSync(await saved.path()));
	const text = (name: string): string => new TextDecoder().decode(files[name]);
	expect(Object.keys(files)).toEqual(
		expect.arrayContaining([
			...['README.txt', 'train_torch.py', 'train_keras.py', 'spec.json', 'split.json', 'data/images.npy', 'data/classes.npy'],
			...['seed-1/batches.npy', 'seed-1/symmetries.npy', 'seed-1/weights/down0_conv0/kernel.npy', 'seed-1/weights/head/bias.npy'],
		]),
	);
	for (const script of ['train_torch.py', 'train_keras.py']) expect(text(script)).toContain('def loss_cross');
	expect(text('README.txt')).toMatch(/- Boundary.* is left out: .+ compares with maps prepared from the masks/u);
});
