/** Masks of many images under many models as one archive: `<model>/<image>.png`, or a COCO document a model. */
import { throwIfCancelled } from '#lib/core/errors.ts';
import { lastPart, shortNames } from '#lib/core/paths.ts';
import type { Prediction } from '#lib/core/trainer.ts';
import type { Bytes } from '#lib/importers/format.ts';
import { ZipFile } from '#lib/importers/zip-write.ts';
import { type CocoKind, CocoMasks } from './coco-masks.ts';
import { type ClassColour, classesOf, colourPng, maskPng, maskTiff, probabilityPng, safeName, stemOf, uniqueNames } from './mask-files.ts';

/** What is saved of each prediction. */
export type MaskKind = 'masks' | 'tiff' | 'colours' | 'probabilities' | CocoKind;

interface ArchiveOptions<Image, Model> {
	readonly kind: MaskKind;
	readonly images: readonly (Image & { readonly path: string })[];
	readonly models: readonly (Model & { readonly name: string; readonly detail: string })[];
	/** Rejects with the reason when there is no prediction. */
	readonly predict: (image: Image, model: Model) => Promise<Prediction>;
	readonly thresholdLevel: number;
	readonly colourOf: ClassColour;
	readonly signal: AbortSignal;
	readonly onProgress: (done: number, total: number) => void;
}

export interface MaskArchive {
	readonly archive: Blob;
	/** Masks inside. */
	readonly masks: number;
	/** What is missing from it, and why. */
	readonly failures: readonly { readonly path: string; readonly model: string; readonly error: unknown }[];
}

const isCoco = (kind: MaskKind): kind is CocoKind => kind === 'runs' || kind === 'polygons';

/** Null where there is nothing to save: no probability is kept of several classes. */
function encode(kind: Exclude<MaskKind, CocoKind>, prediction: Prediction, thresholdLevel: number, colourOf: ClassColour): Bytes | null {
	switch (kind) {
		case 'masks':
			return maskPng(prediction, thresholdLevel, colourOf);
		case 'tiff':
			return maskTiff(prediction, thresholdLevel);
		case 'colours':
			return colourPng(prediction, thresholdLevel, colourOf);
		case 'probabilities':
			return probabilityPng(prediction);
		default:
			return kind satisfies never;
	}
}

/** One image after the other, so that only the encoded masks stay in memory. Rejects with `cancelled`. */
export async function maskArchive<Image, Model>(options: ArchiveOptions<Image, Model>): Promise<MaskArchive> {
	const { kind, images, models, predict, thresholdLevel, colourOf, signal, onProgress } = options;
	const stems = uniqueNames(images.map((image) => stemOf(image.path)));
	const folders = uniqueNames(models.map((model) => safeName([model.name, model.detail].filter(Boolean).join(', ').replaceAll(' ·', ','))));
	const names = shortNames(images.map(({ path }) => ({ name: lastPart(path), path })));
	const zip = new ZipFile();
	const documents = new Map<string, CocoMasks>();
	const failures: { path: string; model: string; error: unknown }[] = [];
	let masks = 0;

	async function take(prediction: Prediction, folder: string, row: number, path: string): Promise<void> {
		if (isCoco(kind)) {
			const document = documents.get(folder) ?? new CocoMasks(kind, prediction.scheme);
			documents.set(folder, document);
			document.add(names[row] ?? path, { ...prediction, data: classesOf(prediction, thresholdLevel) });
		} else {
			const file = encode(kind, prediction, thresholdLevel, colourOf);
			if (!file) return;
			await zip.add(`${folder}/${stems[row] ?? row}.${kind === 'tiff' ? 'tif' : 'png'}`, file);
		}
		masks++;
	}

	for (const [row, image] of images.entries()) {
		for (const [column, model] of models.entries()) {
			onProgress(row * models.length + column, images.length * models.length);
			throwIfCancelled(signal);
			try {
				await take(await predict(image, model), folders[column] ?? model.name, row, image.path);
			} catch (error) {
				failures.push({ path: image.path, model: model.name, error });
			}
		}
	}
	for (const [folder, document] of documents) await zip.add(`${folder}.json`, new TextEncoder().encode(document.json()));
	return { archive: await zip.close(), masks, failures };
}
