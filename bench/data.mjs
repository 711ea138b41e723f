/**
 * Trains on real images in the built app with the recipe of a native PyTorch script, and prints the validation Dice of
 * every seed. `npm run bench:data`; the data are in `../shared/data`, or `$OVERLAP_SHARED/data`. Not part of the tests.
 *
 * Recipe: pairs by name, first 80 % train, the rest validation; whole image stretched, RGB / 255, no augmentation; net
 * 8 filters, depth 3, nearest, batch norm; Adam 0.001; batch 4 drawn with replacement; seeds 0, 1, 2; sums over the
 * batch, smoothing 1; focal γ 2 with 0.25 on foreground. Differences: scores are measured at each image's own size, the
 * native script's at the net's; random numbers differ.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startApp } from '../scripts/drive-app.mjs';
import { machine } from './machine.mjs';

const shared = process.env.OVERLAP_SHARED ?? '../shared';

/** PyTorch 1.13 medians of three seeds, by the script that the recipe comes from. */
const sets = {
	wbc: {
		folder: 'data/wbc/Dataset 1',
		threshold: 64,
		size: 96,
		steps: 200,
		native: { crossEntropy: 0.919, dice: 0.935, focal: 0.924, tversky: 0.941, 'tversky-2': 0.876 },
	},
	blowhole: {
		folder: 'data/magnetic-tile/MT_Blowhole/Imgs',
		threshold: 127,
		size: 160,
		steps: 240,
		native: { crossEntropy: 0, dice: 0.419, focal: 0, tversky: 0.514, 'tversky-2': 0.472 },
	},
};

/** @param {{ size: number, steps: number }} set */
function specOf({ size, steps }) {
	const epochs = 8;
	/** @param {string} key @param {string} loss @param {string} label @param {Record<string, number>} values */
	const loss = (key, loss, label, values = {}) => ({ key, label, loss, values, learningRateFactor: 1 });
	return {
		version: 1,
		seeds: [0, 1, 2],
		split: { mode: 'in-order', validation: 0.2, test: 0, seed: 1, groupSeparator: '', overrides: {} },
		prepare: { channels: 'rgb', size, sizing: 'stretch', foregroundCrops: 0, intensity: 'range' },
		augment: { flip: false, quarterTurns: false, scale: 0, brightness: 0, contrast: 0, noise: 0 },
		net: { depth: 3, base: 8, norm: 'batch', dropout: 0, up: 'nearest' },
		optimizer: { kind: 'adam', learningRate: 0.001, momentum: 0.9, weightDecay: 0, clipNorm: 0, schedule: 'constant', warmUpSteps: 0 },
		training: { epochs, batchSize: 4, sampling: 'with-replacement', stepsPerEpoch: steps / epochs, patience: 0 },
		losses: [
			loss('crossEntropy'.toLowerCase(), 'crossEntropy', 'Cross-entropy'),
			loss('dice', 'dice', 'Dice', { smoothing: 1 }),
			loss('focal', 'focal', 'Focal', { gamma: 2, alpha: 0.25 }),
			loss('tversky', 'tversky', 'Tversky .3/.7', { alpha: 0.3, beta: 0.7, smoothing: 1 }),
			loss('tversky-2', 'tversky', 'Tversky .1/.9', { alpha: 0.1, beta: 0.9, smoothing: 1 }),
		],
	};
}

const median = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** @param {keyof typeof sets} name */
async function train(name) {
	const set = sets[name];
	const hash = `#experiment=${Buffer.from(JSON.stringify(specOf(set))).toString('base64url')}`;
	const app = await startApp({ hash });
	try {
		await app.openFolder(join(shared, set.folder));
		await app.setThreshold(set.threshold);
		await app.acceptFiles();
		const startedAt = performance.now();
		await app.start();
		await app.finished(
			({ done, total, label }) => process.stdout.isTTY && process.stdout.write(`\r${name} ${done}/${total} ${label}\x1b[K`),
		);
		const seconds = (performance.now() - startedAt) / 1000;
		const flags = await app.page.getByRole('region', { name: 'Results' }).getByText('predicts no foreground').count();
		return { set, seconds, results: await app.results(), flags };
	} finally {
		await app.close();
	}
}

const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(sets);
const lines = ['# Real data, against native PyTorch', '', `Printed by \`npm run bench:data\` on ${await machine()}.`, ''];
for (const name of Object.keys(sets).filter((candidate) => wanted.includes(candidate))) {
	const { set, seconds, results, flags } = await train(/** @type {keyof typeof sets} */ (name));
	const { backend } = results.experiment;
	lines.push(
		`## ${name}: ${set.size}², ${set.steps} steps, ${backend.name} (${backend.device}), ${seconds.toFixed(0)} s for ${results.runs.length} runs`,
		'',
	);
	lines.push(
		'| loss | last epoch, seeds 0 1 2 | median | best epoch, seeds 0 1 2 | median | native, last step, median |',
		'|---|---|---|---|---|---|',
	);
	for (const choice of results.experiment.spec.losses) {
		const runs = results.runs.filter((/** @type {any} */ run) => run.label === choice.label);
		/** @param {'last' | 'best'} which */
		const dice = (which) => runs.map((/** @type {any} */ run) => run.validation[which]?.pooled.dice ?? 0);
		const text = (/** @type {number[]} */ values) => values.map((value) => value.toFixed(3)).join('  ');
		const native = /** @type {Record<string, number>} */ (set.native)[choice.key === 'crossentropy' ? 'crossEntropy' : choice.key];
		const cells = [
			choice.label,
			text(dice('last')),
			median(dice('last')).toFixed(3),
			text(dice('best')),
			median(dice('best')).toFixed(3),
			native?.toFixed(3) ?? '–',
		];
		lines.push(`| ${cells.join(' | ')} |`);
	}
	lines.push('', `The page marks ${flags} runs with “predicts no foreground”.`, '');
}
console.log(`\n${lines.join('\n')}`);
if (wanted.length === Object.keys(sets).length) {
	await mkdir('bench/results', { recursive: true });
	await writeFile('bench/results/data.md', lines.join('\n'));
}
