/** The doctor over stored data sets. Figures of real ones are those of `../shared/data/README.md` and of an outside reading with NumPy. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { DatasetMeta, LabelScheme, SamplePixels } from '#lib/core/sample.ts';
import { diagnose } from '#lib/doctor/index.ts';
import { LocalDecoder } from '#lib/importers/decoder.ts';
import type { DecodePhoto } from '#lib/importers/format.ts';
import { scanFiles } from '#lib/importers/open-files.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { DataDoctor, datasetFacts } from './data-doctor.svelte.ts';
import { Datasets, splitOf } from './datasets.svelte.ts';

const binary: LabelScheme = {
	kind: 'values',
	classes: [
		{ name: 'background', values: [0] },
		{ name: 'cell', values: [1] },
	],
	ignore: [],
};

/** A square of 16 pixels on uneven ground, elsewhere in each image. */
function drawn(index: number): SamplePixels {
	const at = (place: number, x: number, y: number): boolean => x >= place && x < place + 16 && y >= 8 && y < 24;
	const mask = Uint8Array.from({ length: 1024 }, (_, i) => Number(at(index, i % 32, i >> 5)));
	const ground = (i: number): number => (i * (7 + 2 * index) + (i >> 2) * (13 + 4 * index)) % 97;
	const image = mask.map((marked, i) => ground(i) + 100 * marked);
	return { image: { width: 32, height: 32, channels: 1, maxValue: 255, data: image }, mask: { width: 32, height: 32, data: mask } };
}

async function stored(samples: readonly SamplePixels[], scheme = binary): Promise<{ dataset: DatasetMeta; doctor: DataDoctor }> {
	const records = memoryRecords('a test');
	const datasets = new Datasets(records);
	const sources = samples.map((pixels, index) => {
		const name = `${index}.png`;
		return { id: String(index), name, path: name, maskPath: '', read: async () => pixels };
	});
	await datasets.create({ name: 'drawn', source: { kind: 'files' }, scheme, samples: sources });
	return { dataset: datasets.current!, doctor: new DataDoctor(records) };
}

type Choices = Pick<ExperimentSpec, 'split' | 'prepare' | 'net'>;
const choices: Choices = { ...defaultSpec, prepare: { ...defaultSpec.prepare, size: 32 } };

const findings = (dataset: DatasetMeta, doctor: DataDoctor, spec = choices) =>
	diagnose(datasetFacts(dataset, splitOf(dataset, spec.split), spec, doctor.measured(dataset)));

describe('the doctor', () => {
	it('has nothing to say about a set in which nothing is wrong', async () => {
		const { dataset, doctor } = await stored([0, 1, 2, 3, 4, 5].map(drawn));
		await doctor.examine(dataset);
		expect(doctor.measured(dataset).size).toBe(6);
		expect(findings(dataset, doctor)).toEqual([]);
		expect(doctor.progress).toBeNull();
	});

	it('finds a copy across parts, and is content once the copy is left out', async () => {
		const { dataset, doctor } = await stored([0, 1, 2, 3, 4, 1].map(drawn));
		expect(findings(dataset, doctor)).toEqual([]);
		await doctor.examine(dataset);
		const apart: Choices = { ...choices, split: { ...choices.split, overrides: { 1: 'train', 5: 'test' } } };
		expect(findings(dataset, doctor, apart).map(({ key }) => key)).toEqual(['leaks-0', 'copies-0']);
		const mended: Choices = { ...choices, split: { ...choices.split, overrides: { 1: 'train', 5: 'unused' } } };
		expect(findings(dataset, doctor, mended)).toEqual([]);
	});

	it('forgets what it measured when the mask values mean something else', async () => {
		const { dataset, doctor } = await stored([0, 1].map(drawn));
		await doctor.examine(dataset);
		const renamed = { ...dataset, scheme: { ...binary, classes: binary.classes.map((entry) => ({ ...entry, name: 'x' })) } };
		expect(doctor.measured(renamed).size).toBe(2);
		const other: DatasetMeta = { ...dataset, scheme: { ...binary, ignore: [1] } };
		expect(doctor.measured(other).size).toBe(0);
		await doctor.examine(other);
		expect(doctor.measured(other).get('0')?.objects).toEqual([]);
	});

	it('stops when it is told to, keeps what it saw, and goes on from there', async () => {
		const { dataset, doctor } = await stored([0, 1, 2, 3].map(drawn));
		const looking = doctor.examine(dataset);
		expect(doctor.progress).toEqual({ done: 0, total: 4 });
		doctor.cancel();
		await looking;
		expect(doctor.progress).toBeNull();
		expect(doctor.measured(dataset).size).toBeLessThan(4);
		await doctor.examine(dataset);
		expect(doctor.measured(dataset).size).toBe(4);
	});
});

const data = join(process.env.OVERLAP_SHARED ?? '../shared', 'data');

/** Stands in for the browser's decoder of photos: only their masks are looked at here. */
const decodePhoto: DecodePhoto = async ({ width, height, channels }) => ({
	width,
	height,
	channels,
	maxValue: 255,
	data: new Uint8Array(width * height * channels),
});

async function examined(folder: string) {
	const files = readdirSync(join(data, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.map((path) => ({ path: relative(data, path), bytes: async () => new Uint8Array(readFileSync(path)) }));
	const proposal = await scanFiles(files, { decoder: new LocalDecoder({ decodePhoto }) });
	const records = memoryRecords('a test');
	const datasets = new Datasets(records);
	await datasets.create({ name: folder, source: { kind: 'files' }, scheme: proposal.labels!.scheme, samples: proposal.samples() });
	const [dataset, doctor] = [datasets.current!, new DataDoctor(records)];
	await doctor.examine(dataset);
	return Object.fromEntries(findings(dataset, doctor, defaultSpec).map((finding) => [finding.key, finding]));
}

describe.skipIf(!existsSync(data))(
	'the doctor over real data sets (skipped where the shared data are missing)',
	{ timeout: 120_000 },
	() => {
		it('blowholes: 0.15 % foreground, nearly every image of its own size', async () => {
			const found = await examined('magnetic-tile/MT_Blowhole/Imgs');
			// Pooled over the 115 masks above 127, with Pillow: 0.1503 %.
			expect(found['rare-classes-0']?.title).toBe('The class “foreground” covers little: 0.15 % of the pixels');
			expect(found['mixed-sizes-0']?.severity).toBe('warning');
			expect(found['polarity-0']).toBeUndefined();
		});

		it('tiles without a defect: nothing to learn', async () => {
			expect((await examined('magnetic-tile/MT_Free/Imgs'))['empty-masks-0']?.severity).toBe('error');
		});

		it('membranes: read as opened, 78 % are foreground', async () => {
			const found = await examined('isbi2012');
			expect(found['polarity-0']?.images).toHaveLength(24);
			expect(found['polarity-0']?.mend?.kind).toBe('flip-polarity');
			expect([found['leaks-0'], found['copies-0'], found['look-alikes-0'], found['mixed-sizes-0']]).toEqual([
				undefined,
				undefined,
				undefined,
				undefined,
			]);
		});

		it('retinas look much alike, but no eye is in the set twice', async () => {
			const found = await examined('DRIVE');
			expect(Object.keys(found)).toEqual(['small-objects-0']);
		});

		it('white blood cells: three values are classes, no blurred edges', async () => {
			const found = await examined('wbc');
			expect(Object.keys(found).sort()).toEqual(['mixed-sizes-0', 'small-objects-0']);
			expect(found['small-objects-0']?.severity).toBe('info');
		});

		it('streets: thin poles are no blurred edges; five classes are rare', async () => {
			const found = await examined('CamVid');
			expect(found['interpolated-labels-0']).toBeUndefined();
			// Of 5 200 235 counted pixels: pole 48 685, sign 49 519, fence 56 626, pedestrian 41 068, bicyclist 31 326.
			expect(found['rare-classes-0']?.title).toContain(
				'“pole” 0.94 %, “sign” 0.95 %, “fence” 1.1 %, “pedestrian” 0.79 %, “bicyclist” 0.6 %',
			);
		});
	},
);
