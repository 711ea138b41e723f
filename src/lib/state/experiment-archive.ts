/** An experiment as a ZIP that Python runs: the scripts, the arrays that they read, and a word on them for people. */
import type { ExportedArray, ExportedRuns } from '#lib/core/exported-runs.ts';
import { experimentOfFold, type ExperimentRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import type { Part } from '#lib/core/split.ts';
import type { PythonLibrary } from '#lib/graphs/python.ts';
import type { Bytes } from '#lib/importers/format.ts';
import { writeNpy } from '#lib/importers/npy-write.ts';
import { ZipFile } from '#lib/importers/zip-write.ts';
import { experimentLosses, type ExperimentLoss } from './experiment-losses.ts';
import { kerasScript } from './keras-script.ts';
import { torchScript } from './torch-script.ts';

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const json = (value: unknown): Bytes => utf8(`${JSON.stringify(value, null, '\t')}\n`);

/** Names of the samples of each part, in the order in which `batches.npy` counts those of the training part. */
function splitNames({ split }: ExperimentRecord, { samples }: DatasetMeta): Record<Exclude<Part, 'unused'>, string[]> {
	const names = new Map(samples.map(({ id, name }) => [id, name]));
	const named = (ids: readonly string[]): string[] => ids.map((id) => names.get(id) ?? id);
	return { train: named(split.train), validation: named(split.validation), test: named(split.test) };
}

function batchLines({ shared, heldSteps, totalSteps }: ExportedRuns): string[] {
	if (shared)
		return [
			'data/images.npy         training images [n, H, W, channels] as the net sees them',
			'data/classes.npy        class of each pixel [n, H, W]; 255 counts nowhere',
			'seed-…/batches.npy      which image stands where in each batch [steps, batch]',
			'seed-…/symmetries.npy   how each is laid [steps, batch]: quarter turns, and 4 more for a flip',
		];
	const cut = `Only the first ${heldSteps} of ${totalSteps} steps are here: the batches of all would be too large. The scripts stop there.`;
	return [
		'seed-…/images.npy       every batch [steps, batch, H, W, channels], cropped and augmented as in Overlap',
		'seed-…/classes.npy      class of each pixel [steps, batch, H, W]; 255 counts nowhere',
		'seed-…/batches.npy      which training image each was made of [steps, batch], counted as in split.json',
		...(heldSteps < totalSteps ? ['', cut] : []),
	];
}

function differences({ spec }: ExperimentRecord): string[] {
	return [
		'The last digits of a loss differ, as the order of additions does, and differences grow with the steps. Adam lets them grow',
		'  fastest: it makes a whole step of a gradient that is nothing but rounding.',
		...(spec.net.dropout > 0 ? ['Dropout draws other units, so the losses are alike but not equal.'] : []),
		...(spec.training.patience > 0 ? ['No run stops early: validation images are not here.'] : []),
	];
}

/** One line for each loss that a file lacks. */
function leftOut({ torch, keras }: WrittenLosses): string[] {
	return torch.flatMap(({ choice, reason }, index) => {
		const other = keras[index]?.reason ?? '';
		if (reason === other) return reason === '' ? [] : [`${choice.label} is left out: ${reason}`];
		return [
			...(reason === '' ? [] : [`${choice.label} is left out of train_torch.py: ${reason}`]),
			...(other === '' ? [] : [`${choice.label} is left out of train_keras.py: ${other}`]),
		];
	});
}

/** Which runs these are, of an experiment with folds. */
function foldLines({ split }: ExperimentRecord, fold: number | undefined): string[] {
	if (fold === undefined || !split.folds) return [];
	return [`These are the runs of fold ${fold} of ${split.folds.length}: the images of that fold validate, those of the others train.`, ''];
}

function readme({ experiment, fold, runs, losses }: ArchiveContent): string {
	return [
		`The experiment “${experiment.name}” as Python, saved by Overlap.`,
		'',
		...foldLines(experiment, fold),
		'Run it with PyTorch (1.13 or newer) or with Keras 3, whichever you have:',
		'',
		'    python3 train_torch.py',
		'    KERAS_BACKEND=jax python3 train_keras.py',
		'',
		'Keras computes with JAX, with TensorFlow or with PyTorch: jax, tensorflow or torch. On Windows, set KERAS_BACKEND before.',
		'',
		'Both train each loss with each seed from the same first weights and batches as Overlap. They write losses-torch.csv or',
		'losses-keras.csv with the loss of each step, and the trained weights of each run as a .pt or .keras file.',
		'',
		'train_torch.py          net, losses, optimizer and training with PyTorch, on the processor',
		'train_keras.py          the same with Keras, on what its backend finds',
		...batchLines(runs),
		'seed-…/weights/         first weights by layer, as TensorFlow.js lays them out',
		'spec.json               every choice of the experiment',
		'split.json              which images train, validate and test, by name',
		'',
		'What differs from Overlap:',
		...differences(experiment).map((line) => (line.startsWith(' ') ? line : `- ${line}`)),
		...leftOut(losses).map((line) => `- ${line}`),
		'',
	].join('\n');
}

type WrittenLosses = Readonly<Record<PythonLibrary, readonly ExperimentLoss[]>>;

interface ArchiveContent {
	readonly experiment: ExperimentRecord;
	/** From 1, of the one whose runs these are; undefined without folds. */
	readonly fold: number | undefined;
	readonly dataset: DatasetMeta;
	readonly runs: ExportedRuns;
	readonly losses: WrittenLosses;
}

/** The archive. Equal experiments make equal bytes. */
export async function experimentArchive({ experiment, fold, dataset, runs }: Omit<ArchiveContent, 'losses'>): Promise<Blob> {
	const { spec } = experiment;
	const { size } = spec.prepare;
	const written = (library: PythonLibrary): ExperimentLoss[] =>
		experimentLosses(spec, [spec.training.batchSize, size, size, runs.outputs], runs, library);
	const losses = { torch: written('torch'), keras: written('keras') };
	const zip = new ZipFile({ repeatable: true });
	const addArrays = async (folder: string, arrays: readonly ExportedArray[]): Promise<void> => {
		for (const { name, shape, data } of arrays) await zip.add(`${folder}/${name}.npy`, writeNpy(shape, data));
	};
	await zip.add('README.txt', utf8(readme({ experiment, fold, dataset, runs, losses })));
	await zip.add('train_torch.py', utf8(torchScript({ spec, fold, runs, losses: losses.torch })));
	await zip.add('train_keras.py', utf8(kerasScript({ spec, fold, runs, losses: losses.keras })));
	await zip.add('spec.json', json(spec));
	await zip.add('split.json', json(splitNames(experimentOfFold(experiment, fold), dataset)));
	await addArrays('data', runs.shared ?? []);
	for (const { seed, weights, arrays } of runs.seeds) {
		await addArrays(`seed-${seed}`, arrays);
		await addArrays(`seed-${seed}/weights`, weights);
	}
	return zip.close();
}
