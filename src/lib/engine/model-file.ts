/** A model as a TF.js layers zip: `model.json`, `weights.bin`, and `overlap.json` with what stock TF.js has no place for. */
import {
	BlobReader,
	BlobWriter,
	TextReader,
	TextWriter,
	Uint8ArrayReader,
	Uint8ArrayWriter,
	ZipReader,
	ZipWriter,
	configure,
	type FileEntry,
} from '@zip.js/zip.js';
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import { inputChannels, netSpecSchema, prepareSpecSchema } from '#lib/core/experiment.ts';
import { lossChoiceSchema } from '#lib/core/loss-choice.ts';
import type { Records } from '#lib/core/records.ts';
import { labelSchemeSchema, outputChannels, type DeepReadonly } from '#lib/core/sample.ts';
import { tf } from './tf.ts';
import { buildUNet, type UNet } from './unet.ts';

/** Everything needed to use a model on a new image the way it was trained. */
export const modelCardSchema = v.object({
	version: v.literal(1),
	name: v.pipe(v.string(), v.maxLength(300)),
	loss: lossChoiceSchema,
	seed: v.number(),
	epoch: v.number(),
	net: netSpecSchema,
	prepare: prepareSpecSchema,
	statistics: v.nullable(v.object({ mean: v.array(v.number()), deviation: v.array(v.number()) })),
	scheme: labelSchemeSchema,
	comparisonHash: v.string(),
});
export type ModelCard = DeepReadonly<v.InferOutput<typeof modelCardSchema>>;

export interface LoadedModel {
	readonly net: UNet;
	readonly card: ModelCard;
}

/** Largest unpacked file of a model that is read, bytes: far above the largest net that the app can build. */
const largestFileBytes = 512 * 2 ** 20;

// A worker of zip.js' own would need a blob worker outside our policy; we are in a worker already.
configure({ useWebWorkers: false });

async function saveArtifacts(net: UNet): Promise<tf.io.ModelArtifacts> {
	let saved: tf.io.ModelArtifacts | undefined;
	await net.probabilities.save(
		tf.io.withSaveHandler((artifacts) => {
			saved = artifacts;
			return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
		}),
	);
	if (!saved) throw new TypeError('tfjs saved nothing');
	return saved;
}

/** Packs a model. The zip opens in `tf.loadLayersModel` unless the net has group or instance norm or dropout. */
export async function exportModel({ net, card }: LoadedModel): Promise<Uint8Array<ArrayBuffer>> {
	const { modelTopology, weightSpecs, weightData } = await saveArtifacts(net);
	if (!(weightData instanceof ArrayBuffer)) throw new TypeError('expected the weights in one buffer');
	const json = {
		format: 'layers-model',
		generatedBy: 'Overlap',
		convertedBy: null,
		modelTopology,
		weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
	};
	const zip = new ZipWriter(new BlobWriter('application/zip'));
	await zip.add('model.json', new TextReader(JSON.stringify(json)));
	await zip.add('weights.bin', new Uint8ArrayReader(new Uint8Array(weightData)));
	await zip.add('overlap.json', new TextReader(JSON.stringify(card, null, '\t')));
	return new Uint8Array(await (await zip.close()).arrayBuffer());
}

async function entriesOf(bytes: Uint8Array<ArrayBuffer>): Promise<Map<string, FileEntry>> {
	const reader = new ZipReader(new BlobReader(new Blob([bytes])), { checkSignature: true });
	const entries = await reader.getEntries();
	return new Map(entries.filter((entry) => !entry.directory).map((entry) => [entry.filename, entry]));
}

/** Reads a model back. Throws `model-unreadable` with the reason. */
export async function readModelZip(bytes: Uint8Array<ArrayBuffer>): Promise<LoadedModel> {
	try {
		const entries = await entriesOf(bytes);
		const entry = (name: string): FileEntry => {
			const found = entries.get(name);
			if (!found) throw new AppError('model-unreadable', { reason: `${name} is missing` });
			if (found.uncompressedSize > largestFileBytes) throw new AppError('model-unreadable', { reason: `${name} is too large` });
			return found;
		};
		const card = v.parse(modelCardSchema, JSON.parse(await entry('overlap.json').getData(new TextWriter())));
		const weights = await entry('weights.bin').getData(new Uint8ArrayWriter());
		const manifest = v.parse(weightsManifestSchema, JSON.parse(await entry('model.json').getData(new TextWriter())));
		const net = buildUNet(card.net, inputChannels(card.prepare), outputChannels(card.scheme));
		loadWeights(
			net,
			manifest.weightsManifest.flatMap((group) => group.weights),
			weights,
		);
		return { net, card };
	} catch (error) {
		if (error instanceof AppError) throw error;
		throw new AppError('model-unreadable', { reason: error instanceof Error ? error.message : String(error) }, { cause: error });
	}
}

const weightsManifestSchema = v.object({
	weightsManifest: v.array(
		v.object({ weights: v.array(v.object({ name: v.string(), shape: v.array(v.number()), dtype: v.literal('float32') })) }),
	),
});

function loadWeights(net: UNet, specs: readonly { readonly name: string; readonly shape: readonly number[] }[], bytes: Uint8Array): void {
	const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
	if (!floats.every(Number.isFinite)) throw new AppError('model-unreadable', { reason: 'a weight is not a number' });
	const byName = new Map<string, Float32Array>();
	let offset = 0;
	for (const { name, shape } of specs) {
		const size = shape.reduce((product, side) => product * side, 1);
		byName.set(`${name}:${shape.join()}`, floats.slice(offset, offset + size));
		offset += size;
	}
	for (const weight of net.probabilities.weights) {
		const values = byName.get(`${weight.originalName}:${weight.shape.join()}`);
		if (!values) throw new AppError('model-unreadable', { reason: `the weight ${weight.originalName} is missing` });
		const shape = weight.shape.map((side) => side ?? 1);
		const fresh = tf.tensor(values, shape);
		weight.write(fresh);
		fresh.dispose();
	}
}

/** Checks a model file by reading it, stores it, and returns its new id. Throws `model-unreadable`. */
export async function importModel(records: Records, bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
	const { net } = await readModelZip(bytes);
	net.probabilities.dispose();
	const id = crypto.randomUUID();
	await records.putModel({ version: 1, id, name, createdAt: Date.now(), zip: bytes });
	return id;
}
