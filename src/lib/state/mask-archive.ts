/** Masks of many images under many models as one archive: `<model>/<image>.png`. */
import { throwIfCancelled } from '#lib/core/errors.ts';
import type { Prediction } from '#lib/core/trainer.ts';
import type { Bytes } from '#lib/importers/format.ts';
import { ZipFile } from '#lib/importers/zip-write.ts';
import { safeName, stemOf, uniqueNames } from './mask-files.ts';

interface ArchiveOptions<Image, Model> {
	readonly images: readonly (Image & { readonly path: string })[];
	readonly models: readonly (Model & { readonly name: string; readonly detail: string })[];
	/** Rejects with the reason when there is no prediction. */
	readonly predict: (image: Image, model: Model) => Promise<Prediction>;
	/** Null leaves the file out. */
	readonly encode: (prediction: Prediction) => Bytes | null;
	readonly signal: AbortSignal;
	readonly onProgress: (done: number, total: number) => void;
}

export interface MaskArchive {
	readonly archive: Blob;
	/** Files inside. */
	readonly files: number;
	/** What is missing from it, and why. */
	readonly failures: readonly { readonly path: string; readonly model: string; readonly error: unknown }[];
}

/** One image after the other, so that only the encoded masks stay in memory. Rejects with `cancelled`. */
export async function maskArchive<Image, Model>(options: ArchiveOptions<Image, Model>): Promise<MaskArchive> {
	const { images, models, predict, encode, signal, onProgress } = options;
	const stems = uniqueNames(images.map((image) => stemOf(image.path)));
	const folders = uniqueNames(models.map((model) => safeName([model.name, model.detail].filter(Boolean).join(', ').replaceAll(' ·', ','))));
	const zip = new ZipFile();
	const failures: { path: string; model: string; error: unknown }[] = [];
	let files = 0;
	for (const [row, image] of images.entries()) {
		for (const [column, model] of models.entries()) {
			onProgress(row * models.length + column, images.length * models.length);
			throwIfCancelled(signal);
			try {
				const png = encode(await predict(image, model));
				if (png) await zip.add(`${folders[column]!}/${stems[row]!}.png`, png);
				if (png) files++;
			} catch (error) {
				failures.push({ path: image.path, model: model.name, error });
			}
		}
	}
	return { archive: await zip.close(), files, failures };
}
