/**
 * Milliseconds of a training step of net S (128², batch 4, 16 filters, depth 3) on wasm with each loss, and how that
 * compares with Dice: steps in turn, median of the ratios of the pairs. `npm run bench:losses [-- --pairs 15]`.
 * Ends with 1 when a loss takes over 1.5 × as long and no line here says why.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { machine } from './machine.mjs';

const { values: options } = parseArgs({ options: { pairs: { type: 'string', default: '15' } } });
const allowed = 1.5;

const saturates =
	'Not its formula: at this rate and without norm it saturates within a few steps, and probabilities near 0 are subnormal numbers, which processors multiply slowly.';

/** Why a loss is slow, by id. @type {Record<string, string>} */
const reasons = {
	generalizedDice: saturates,
	penaltyGeneralizedDice: saturates,
	mcc: saturates,
	noiseRobustDice: saturates,
	hausdorffDistance: 'Makes an exact distance map of the prediction at every step: O(side) per pixel.',
	hausdorffErosion: 'Erodes the errors ten times, each with the largest and smallest value of its map, forward and back.',
	clDice: 'Thins prediction and truth four times by minima and maxima of neighbours, forward and back.',
};

// What Node 20 does not read (`using`) is compiled down.
const { module } = await runnerImport(resolve('bench/losses/steps.ts'), {
	configFile: false,
	logLevel: 'error',
	oxc: { target: 'es2022' },
});
const lines = [
	'# A training step with each loss',
	'',
	`Printed by \`npm run bench:losses\` on ${await machine()}; Node ${process.version}, wasm with SIMD, one thread. Net S: 128², batch 4, 16 filters, depth 3, no norm.`,
	'A step is given in processor time. “× Dice” is the median over pairs of steps, one with each loss in turn. Targets are prepared once per mask and kept.',
];
let unexplained = 0;
for (const outputs of [1, 3]) {
	lines.push('', `## ${outputs === 1 ? 'Two classes (one output, sigmoid)' : 'Three classes (softmax)'}`, '');
	lines.push('| loss | step | × Dice | targets of a batch, once | why |', '|---|---|---|---|---|');
	for await (const { id, name, stepMs, ratio, targetsMs } of module.timeLosses({ pairs: Number(options.pairs), outputs })) {
		const slow = ratio > allowed;
		const why = slow ? (reasons[id] ?? 'NOT EXPLAINED') : '';
		if (slow && !reasons[id]) unexplained++;
		const targets = targetsMs > 0 ? `${targetsMs.toFixed(0)} ms` : '';
		lines.push(`| ${name} | ${stepMs.toFixed(0)} ms | ${ratio.toFixed(2)} | ${targets} | ${why} |`);
		if (process.stdout.isTTY) process.stdout.write(`\r${name}\x1b[K`);
	}
}
console.log(`\n${lines.join('\n')}`);
await mkdir('bench/results', { recursive: true });
await writeFile('bench/results/losses.md', `${lines.join('\n')}\n`);
if (unexplained > 0) {
	console.error(`${unexplained} losses take over ${allowed} × as long as Dice without a word why.`);
	process.exitCode = 1;
}
