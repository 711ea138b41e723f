/** The predict page's own memory: it outlives the page, so that a look at another page loses nothing. */
import type { OpenedFile } from '#lib/importers/opened-file.ts';
import { PredictionFiles } from './prediction-files.svelte.ts';
import { Predictions } from './predictions.svelte.ts';
import type { Workbench } from './workbench.svelte.ts';

export class PredictionDesk {
	readonly files: PredictionFiles;
	readonly predictions: Predictions;

	constructor(workbench: Workbench) {
		const { records, trainer, decoder } = workbench;
		this.files = new PredictionFiles(decoder);
		this.predictions = new Predictions({ records, trainer, backend: () => workbench.backend.choice });
	}

	/** Opens images, and models that are among them. */
	async open(files: readonly OpenedFile[]): Promise<void> {
		const { images, models } = await this.files.open(files);
		for (const model of models) await this.predictions.openModel(model.path, await model.bytes());
		if (images.length > 0) this.predictions.addImages(images);
	}

	removeImages(): void {
		this.predictions.removeImages();
		this.files.clear();
	}
}

const desks = new WeakMap<Workbench, PredictionDesk>();

/** The desk of a workbench, always the same one. */
export function predictionDesk(workbench: Workbench): PredictionDesk {
	const desk = desks.get(workbench) ?? new PredictionDesk(workbench);
	desks.set(workbench, desk);
	return desk;
}
