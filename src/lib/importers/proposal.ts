/** From files that were looked at to a proposal that a person can check and correct: pairs, labels, and a word on every other file. */
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import type { Raster, SamplePixels } from '#lib/core/sample.ts';
import type { SampleSource } from './build-dataset.ts';
import type { FileSet, ScanOptions } from './file-set.ts';
import type { ImageHeader, StoredMask } from './format.ts';
import { describeMask, labelMapOf, type LabelEncoding, type MaskFacts } from './mask-values.ts';
import type { IgnoredFile, ImportProblem } from './opened-file.ts';
import { type Answers, type Pair, pairFiles, type PairingQuestion, type UnmatchedFile } from './pair.ts';
import { type LabelProposal, looksLikePhoto, maxClasses, suggestLabels } from './semantics.ts';

/** A pair whose files were read: both whole, both of one size. */
export interface ProposedPair extends Pair {
	/** Size and channels of the image. */
	readonly image: ImageHeader;
	/** What each mask file holds. */
	readonly masks: readonly MaskFacts[];
}

/** What the person changed. */
export interface Revision {
	readonly answers?: Answers;
	/** Pairs made by hand; their files take part in nothing else. */
	readonly manualPairs?: readonly Pick<Pair, 'imagePath' | 'maskPaths'>[];
}

/** The answer to "what is in these files?". Each file is in exactly one of pairs, unmatched, problems and ignored. */
export interface ImportProposal {
	/** In the order of their image paths. */
	readonly pairs: readonly ProposedPair[];
	/** Images without a mask. Without any mask, this is every image: a list to predict on. */
	readonly unmatchedImages: readonly UnmatchedFile[];
	readonly unmatchedMasks: readonly UnmatchedFile[];
	readonly problems: readonly ImportProblem[];
	readonly ignored: readonly IgnoredFile[];
	readonly questions: readonly PairingQuestion[];
	/** Null without a pair. */
	readonly labels: LabelProposal | null;
	/** Remarks on the files as a whole, as sentences. */
	readonly notes: readonly string[];
	/** Reads an image alone. Rejects with the file's failure. */
	readImage(path: string): Promise<Raster>;
	/** Reads a pair with the proposed encoding. Rejects with a file's failure or `mask-size-differs`. */
	readPair(pair: Pick<Pair, 'imagePath' | 'maskPaths'>): Promise<SamplePixels>;
	/** The pairs as samples for `buildDataset`. */
	samples(): SampleSource[];
	/** The same files seen with the person's changes. Nothing is read twice but changed pairs. */
	revise(revision: Revision): Promise<ImportProposal>;
}

const descriptionExtension = /\.(json|xml|ya?ml)$/iu;

function textReason(path: string): string {
	return descriptionExtension.test(path)
		? 'A description, no picture. Annotation files are not read; masks must be pictures.'
		: 'Not a picture.';
}

type PairPaths = Pick<Pair, 'imagePath' | 'maskPaths'>;

function sizeDiffers(path: string, image: ImageHeader, mask: Pick<MaskFacts, 'width' | 'height'>): AppError {
	// Exchanged sides mean that one of the two was rotated and the other was not.
	const exchanged = image.width === mask.height && image.height === mask.width ? 1 : 0;
	const facts = { imageWidth: image.width, imageHeight: image.height, maskWidth: mask.width, maskHeight: mask.height, exchanged };
	return new AppError('mask-size-differs', { path, ...facts });
}

function problemOf(pair: PairPaths, error: AppError): ImportProblem {
	return { paths: [pair.imagePath, ...pair.maskPaths], code: error.code, facts: { path: pair.imagePath, ...error.facts } };
}

/** A sweep over one set of files; keeps what it learnt about masks for later revisions. */
class Scan {
	readonly #files: FileSet;
	readonly #options: ScanOptions;
	readonly #facts = new Map<string, MaskFacts>();

	constructor(files: FileSet, options: ScanOptions) {
		this.#files = files;
		this.#options = options;
	}

	async #maskFacts(path: string): Promise<MaskFacts> {
		const known = this.#facts.get(path);
		if (known) return known;
		const stored = await this.#files.readLabels(path);
		try {
			const facts = describeMask(stored);
			this.#facts.set(path, facts);
			return facts;
		} catch (error) {
			throw error instanceof AppError ? new AppError(error.code, { ...error.facts, path }) : error;
		}
	}

	/** Reads what is needed to show a pair. Throws the first failure among its files. */
	async #examine(pair: Pair): Promise<ProposedPair> {
		const image = this.#files.header(pair.imagePath);
		for (const path of pair.maskPaths) this.#files.header(path);
		const masks: MaskFacts[] = [];
		for (const path of pair.maskPaths) {
			const facts = await this.#maskFacts(path);
			if (facts.width !== image.width || facts.height !== image.height) throw sizeDiffers(pair.imagePath, image, facts);
			masks.push(facts);
		}
		return { ...pair, warnings: [...pair.warnings, ...image.notes], image, masks };
	}

	async #examineAll(pairs: readonly Pair[]): Promise<{ good: ProposedPair[]; problems: ImportProblem[] }> {
		const good: ProposedPair[] = [];
		const problems: ImportProblem[] = [];
		for (const [index, pair] of pairs.entries()) {
			throwIfCancelled(this.#options.signal);
			try {
				good.push(await this.#examine(pair));
			} catch (error) {
				if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
				problems.push(problemOf(pair, error));
			}
			this.#options.onProgress?.({ stage: 'masks', done: index + 1, total: pairs.length });
		}
		return { good, problems };
	}

	/** Unmatched files that are damaged are problems, not unmatched. */
	#withoutFailures(files: readonly UnmatchedFile[], problems: ImportProblem[]): UnmatchedFile[] {
		return files.filter(({ path }) => {
			const failure = this.#files.failures.get(path);
			if (failure) problems.push({ paths: [path], code: failure.code, facts: { ...failure.facts, path } });
			return failure === undefined;
		});
	}

	#unreadTexts(): IgnoredFile[] {
		return [...this.#files.texts.keys()].map((path) => ({ path, reason: textReason(path) }));
	}

	async propose(revision: Revision): Promise<ImportProposal> {
		const manual = revision.manualPairs ?? [];
		const taken = new Set(manual.flatMap((pair) => [pair.imagePath, ...pair.maskPaths]));
		const pairing = pairFiles(
			this.#files.pairable().filter((path) => !taken.has(path)),
			revision.answers,
		);
		const byHand = manual.map((pair): Pair => ({ ...pair, rule: 'Paired by hand.', warnings: [] }));
		const examined = await this.#examineAll([...pairing.pairs, ...byHand].sort((a, b) => (a.imagePath < b.imagePath ? -1 : 1)));
		const strange = examined.good.filter((pair) => pair.masks.some(looksLikePhoto));
		// When most masks are strange, they are not strange but the rule; the labels then say so.
		const refused = strange.length * 2 < examined.good.length ? strange : [];
		const pairs = examined.good.filter((pair) => !refused.includes(pair));
		const tooMany = new AppError('mask-has-too-many-values', { most: maxClasses });
		const problems = [...this.#files.problems, ...examined.problems, ...refused.map((pair) => problemOf(pair, tooMany))];
		const unmatchedImages = this.#withoutFailures(pairing.unmatchedImages, problems);
		const unmatchedMasks = this.#withoutFailures(pairing.unmatchedMasks, problems);
		const severalParts = pairs.some((pair) => pair.maskPaths.length > 1);
		const labels =
			pairs.length === 0
				? null
				: suggestLabels(
						pairs.flatMap((pair) => pair.masks),
						severalParts,
					);
		const readPair = (pair: PairPaths): Promise<SamplePixels> => this.#readPair(pair, labels?.encoding ?? { kind: 'stored' });
		return {
			pairs,
			unmatchedImages,
			unmatchedMasks,
			problems,
			ignored: [...this.#files.ignored, ...this.#unreadTexts(), ...pairing.setAside],
			questions: pairing.questions,
			labels,
			notes: this.#files.notes,
			readImage: (path) => this.#files.readImage(path),
			readPair,
			samples: () => pairs.map((pair, index) => sampleOf(pair, index, readPair)),
			revise: (next) => this.propose({ ...revision, ...next }),
		};
	}

	async #readPair(pair: PairPaths, encoding: LabelEncoding): Promise<SamplePixels> {
		const image = await this.#files.readImage(pair.imagePath);
		const parts: StoredMask[] = [];
		for (const path of pair.maskPaths) {
			const part = await this.#files.readLabels(path);
			if (part.width !== image.width || part.height !== image.height) throw sizeDiffers(pair.imagePath, { ...image, notes: [] }, part);
			parts.push(part);
		}
		return { image, mask: labelMapOf(parts, encoding) };
	}
}

function sampleOf(pair: Pair, index: number, read: (pair: PairPaths) => Promise<SamplePixels>): SampleSource {
	const { imagePath, maskPaths } = pair;
	return {
		id: String(index + 1).padStart(5, '0'),
		name: imagePath.slice(imagePath.lastIndexOf('/') + 1),
		path: imagePath,
		maskPath: maskPaths[0] ?? '',
		read: () => read(pair),
	};
}

/** Pairs images with masks and reads every mask. A damaged file never stops the others. Rejects only with `cancelled`. */
export function propose(files: FileSet, options: ScanOptions): Promise<ImportProposal> {
	return new Scan(files, options).propose({});
}
