/** Images on their way to a prediction: opened, sorted from what is no image, read again whenever they are needed. */
import type { ErrorCode, ErrorFacts } from '#lib/core/errors.ts';
import type { Raster } from '#lib/core/sample.ts';
import type { Decoder } from '#lib/importers/decoder.ts';
import { scanFiles } from '#lib/importers/open-files.ts';
import type { ImportProposal } from '#lib/importers/proposal.ts';
import { cleanPath, type OpenedFile } from '#lib/importers/opened-file.ts';

/** An opened image. */
export interface PredictionImage {
	/** Unique among all that were opened since the page was. */
	readonly id: number;
	/** Folder or archive and name, as opened. */
	readonly path: string;
	/** Rejects with the file's failure. */
	read(): Promise<Raster>;
}

/** A file that is not predicted on, and why: a failure, or a sentence. */
export interface LeftOutFile {
	readonly path: string;
	readonly why: { readonly code: ErrorCode; readonly facts: ErrorFacts } | string;
}

export interface OpenedForPrediction {
	readonly images: readonly PredictionImage[];
	/** Archives that hold a model instead of images. */
	readonly models: readonly OpenedFile[];
}

/** Decoded images that are kept: the one that is shown and the one that is predicted. */
const keptRasters = 2;

/** An image whose mask failed is an image all the same. */
function withFailedMask(proposal: ImportProposal): string[] {
	return proposal.problems.flatMap(({ paths: [first, ...others], code, facts }) =>
		first !== undefined && others.length > 0 && (code.startsWith('mask-') || facts.path !== first) ? [first] : [],
	);
}

function imagePathsOf(proposal: ImportProposal): string[] {
	const paths = [
		...proposal.pairs.map((pair) => pair.imagePath),
		...proposal.unmatchedImages.map(({ path }) => path),
		...withFailedMask(proposal),
	];
	// Nothing but files that are called masks: then the names say nothing.
	return paths.length > 0
		? paths.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
		: proposal.unmatchedMasks.map(({ path }) => path);
}

function leftOutOf(proposal: ImportProposal, used: ReadonlySet<string>): LeftOutFile[] {
	const masks = [...proposal.pairs.flatMap((pair) => pair.maskPaths), ...proposal.unmatchedMasks.map(({ path }) => path)];
	return [
		...proposal.problems.flatMap(({ paths, code, facts }) => paths.map((path) => ({ path, why: { code, facts } }))),
		...masks.map((path) => ({ path, why: 'A mask; only images are predicted on.' })),
		...proposal.ignored.map(({ path, reason }) => ({ path, why: reason })),
	].filter(({ path }) => !used.has(path));
}

export class PredictionFiles {
	/** Progress of opening; null when nothing is being opened. */
	opening = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	leftOut = $state.raw<readonly LeftOutFile[]>([]);
	readonly #decoder: Decoder | undefined;
	readonly #rasters = new Map<number, Promise<Raster>>();
	#nextId = 1;

	/** Without a decoder pictures are read in this thread, and JPEG and WebP are left out. */
	constructor(decoder?: Decoder) {
		this.#decoder = decoder;
	}

	/** Looks at files, folders and archives. What is no image is told in `leftOut`. */
	async open(files: readonly OpenedFile[]): Promise<OpenedForPrediction> {
		this.opening = { done: 0, total: files.length };
		try {
			const proposal = await scanFiles(files, { decoder: this.#decoder, onProgress: (progress) => (this.opening = progress) });
			const models = files.filter(({ path }) => proposal.ignored.some((entry) => entry.path === `${cleanPath(path)}/model.json`));
			const ofModel = (path: string): boolean => models.some((model) => path.startsWith(`${cleanPath(model.path)}/`));
			const paths = imagePathsOf(proposal).filter((path) => !ofModel(path));
			const leftOut = leftOutOf(proposal, new Set(paths)).filter(({ path }) => !ofModel(path));
			this.leftOut = [...this.leftOut, ...leftOut];
			return { images: paths.map((path) => this.#image(path, proposal)), models };
		} finally {
			this.opening = null;
		}
	}

	/** Forgets what was left out. */
	clear(): void {
		this.leftOut = [];
		this.#rasters.clear();
	}

	#image(path: string, proposal: ImportProposal): PredictionImage {
		const id = this.#nextId++;
		return { id, path, read: () => this.#read(id, () => proposal.readImage(path)) };
	}

	/** Several models look at one image in a row, and the page shows it: it is decoded once. */
	#read(id: number, decode: () => Promise<Raster>): Promise<Raster> {
		const raster = this.#rasters.get(id) ?? decode();
		this.#rasters.delete(id);
		this.#rasters.set(id, raster);
		raster.catch(() => this.#rasters.delete(id));
		for (const old of [...this.#rasters.keys()].slice(0, -keptRasters)) this.#rasters.delete(old);
		return raster;
	}
}
