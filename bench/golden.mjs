// Holds the losses, reductions and metrics against a folder of golden files, through one adapter.
// npm run golden -- [DIR] [--backend cpu|wasm|webgpu] [--sample N] [--write]
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './machine.mjs';
import { openGolden } from './golden/host.mjs';

const { values: options, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		backend: { type: 'string', default: 'cpu' },
		// WebGPU without a graphics card takes seconds a case.
		sample: { type: 'string' },
		write: { type: 'boolean', default: false },
	},
});
const { backend } = options;
if (backend !== 'cpu' && backend !== 'wasm' && backend !== 'webgpu')
	throw new Error(`There is no backend ${backend}: cpu, wasm or webgpu.`);
const folder = positionals[0] ?? join(process.env.OVERLAP_SHARED ?? '../shared', 'golden');
const sample = Number(options.sample ?? (backend === 'webgpu' ? 3 : Infinity));

/**
 * The first cases of each loss.
 * @template {{ loss: string }} T
 * @param {readonly T[]} cases
 * @returns {T[]}
 */
function sampled(cases) {
	/** @type {Map<string, number>} */
	const seen = new Map();
	return cases.filter(({ loss }) => {
		const count = (seen.get(loss) ?? 0) + 1;
		seen.set(loss, count);
		return count <= sample;
	});
}

const golden = await openGolden(backend);
const missing = ['losses.json', 'upstream.json', 'relations.json', 'reductions.json', 'metrics.json'].filter(
	(name) => golden.read(folder, name) === undefined,
);
for (const name of missing) console.log(`${name} is not in ${folder}: left out.`);

const all = [...golden.readCases(folder, 'losses.json'), ...golden.readCases(folder, 'upstream.json')];
const cases = sampled(all);
const relations = golden.readRelations(folder);
const picked = { ...relations, relations: relations.relations.slice(0, Number.isFinite(sample) ? 5 * sample : undefined) };
const outcomes = [
	...(await golden.runCases(cases)),
	...(await golden.runRelations(picked)),
	...golden.checkReductions(golden.read(folder, 'reductions.json')),
	...golden.checkMetrics(golden.read(folder, 'metrics.json') ?? {}),
];
await golden.close();

const scope = [
	cases.length === all.length ? `all ${all.length} cases` : `the first ${sample} cases of each loss, ${cases.length} of ${all.length}`,
	picked.relations.length === relations.relations.length
		? `all ${relations.relations.length} relations`
		: `the first ${picked.relations.length} of ${relations.relations.length} relations`,
].join('; ');
console.log(`${backend}: ${golden.device}. ${scope}.`);
const failures = outcomes.filter(({ verdict }) => verdict === 'failed');
for (const [title, verdict] of /** @type {const} */ ([
	['Unsupported', 'unsupported'],
	['Failed', 'failed'],
])) {
	const listed = outcomes.filter((outcome) => outcome.verdict === verdict);
	if (listed.length > 0) console.log(`\n${title}:`);
	for (const { id, detail } of listed) console.log(`  ${id}: ${detail}`);
}

if (options.write) {
	const lines = [
		`Value and gradient of ${scope}, each at its own tolerance; reductions and metrics run in plain JavaScript.`,
		'',
		`Machine: ${await machine()}. Backend: ${golden.device}. Repeat with \`npm run golden -- --backend ${backend} --write\`.`,
		...missing.map((name) => `\n\`${name}\` was missing.`),
	];
	const file = join('bench', 'results', `golden-${backend}.md`);
	await writeFile(file, golden.markdown(`Golden vectors on ${backend}`, lines, outcomes));
	console.log(`\nWrote ${file}.`);
}

// The total stands last.
console.log(`\n${golden.plainTable(outcomes)}`);
if (failures.length > 0) process.exitCode = 1;
