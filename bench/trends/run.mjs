/** Trains an experiment in the built app, on its own data. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { startApp } from '../../scripts/drive-app.mjs';
import { specOf } from './experiments.mjs';

/** @typedef {import('./experiments.mjs').Experiment} Experiment */
/** @typedef {Awaited<ReturnType<typeof startApp>>} App */

/** Only some folders of a data set, under its name: the others would lead to a question. @param {string} folder @param {readonly string[]} parts */
async function staged(folder, parts) {
	const place = join(await mkdtemp(join(tmpdir(), 'overlap-trends-')), basename(folder));
	for (const part of parts) await cp(join(folder, part), join(place, part), { recursive: true });
	return place;
}

/** @param {App} app @param {Experiment['data']} data @param {string} shared */
async function openData(app, data, shared) {
	if ('sample' in data) {
		await app.openSampleWith(data.sample, { Images: data.images, ...(data.foreground ? { Foreground: data.foreground } : {}) });
		return;
	}
	const folder = join(shared, data.folder);
	const place = data.parts ? await staged(folder, data.parts) : folder;
	await app.openFolder(place);
	await app.setThreshold(data.threshold);
	await app.acceptFiles();
	if (data.parts) await rm(dirname(place), { recursive: true });
}

/**
 * The app once all runs are over; the caller closes it.
 * @param {Experiment} experiment
 * @param {number[]} seeds
 * @param {string} shared the folder above `data/`
 * @param {string} name printed with the progress
 */
export async function startExperiment(experiment, seeds, shared, name) {
	const hash = `#experiment=${Buffer.from(JSON.stringify(specOf(experiment, seeds))).toString('base64url')}`;
	const app = await startApp({ hash, width: 1920, height: 1080 });
	try {
		await openData(app, experiment.data, shared);
		await app.start();
		await app.finished(
			({ done, total, label }) => process.stdout.isTTY && process.stdout.write(`\r${name} ${done}/${total} ${label}\x1b[K`),
		);
		return app;
	} catch (error) {
		await app.close();
		throw error;
	}
}
