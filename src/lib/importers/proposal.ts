/** From files that were looked at to a proposal that a person can check and correct: pairs, labels, and a word on every other file. */
import { AppError, throwIfCancelled } from '#lib/core/errors.ts';
import { lastPart } from '#lib/core/paths.ts';
import type { LabelScheme, Raster, SamplePixels } from '#lib/core/sample.ts';
import { breathe, isBreathDue } from './breathe.ts';
import type { SampleSource } from './build-dataset.ts';
import { type CandidatePair, candidatePairs, type Candidates, type PairChanges, type PairPaths } from './candidate-pairs.ts';
import type { ClassMap } from './class-maps.ts';
import { type Descriptions, readDescriptions } from './descriptions.ts';
import { suggestDrawnLabels } from './drawn-labels.ts';
import type { FileSet, ScanOptions } from './file-set.ts';
import { type LabelProposal, type ReadingId, readingsOf } from './label-proposal.ts';
import type { ValueCounts } from './mask-values.ts';
import { type Examination, type ExaminedPair, problemOf, withoutOddMasks } from './odd-masks.ts';
import type { IgnoredFile, ImportProblem } from './opened-file.ts';
import type { Answers, PairingQuestion, UnmatchedFile } from './pair.ts';
import type { PairPattern } from './pair-pattern.ts';
import { type Examined, type LabelOptions, PairReader } from './pair-reader.ts';
import { emptinessNotes, polarityOf, suggestLabels } from './semantics.ts';
import { sniffFolders, sniffExchange } from './sniff.ts';

/** A pair whose files were read: all whole, all of one size. */
export interface ProposedPair extends CandidatePair, Examined {
	/** Pixels per label value, ascending by value. */
	readonly values: ValueCounts;
}

/** What the person changed; what is not given stays as it was. */
export interface Revision {
	readonly answers?: Answers;
	/** Pairs made by hand; their files take part in nothing else. */
	readonly manualPairs?: readonly PairPaths[];
	/** Null goes back to the rules. */
	readonly pattern?: PairPattern | null;
	/** True when images and masks are to be exchanged, null to let the content decide. */
	readonly exchanged?: boolean | null;
	/** How masks are read; null proposes. */
	readonly reading?: ReadingId | null;
}

/** What the masks mean, with the pixels of all pairs per label value. */
export interface ProposedLabels extends LabelProposal {
	readonly counts: ValueCounts;
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
	readonly labels: ProposedLabels | null;
	/** Remarks on the files as a whole, as sentences. */
	readonly notes: readonly string[];
	/** True when images and masks are exchanged against what their names say. */
	readonly exchanged: boolean;
	/** The person's own pattern, where it pairs; else null. */
	readonly pattern: PairPattern | null;
	/** Reads an image alone. Rejects with the file's failure. */
	readImage(path: string): Promise<Raster>;
	/** Reads a pair with the proposed encoding. Rejects with a file's failure or `mask-size-differs`. */
	readPair(pair: ProposedPair): Promise<SamplePixels>;
	/** The pairs as samples for `buildDataset`. Images without a mask get the background of `scheme`, else of the proposed one. */
	samples(scheme?: LabelScheme): SampleSource[];
	/** The same files seen with the person's changes. Nothing is read twice but changed pairs. */
	revise(revision: Revision): Promise<ImportProposal>;
}

type State = Required<Revision>;

const asOpened: State = { answers: {}, manualPairs: [], pattern: null, exchanged: null, reading: null };

/** The meaning that a saved data set comes with; the reading of the masks themselves where they are not as it says. */
function exactLabels(
	scheme: LabelScheme,
	pairs: readonly ExaminedPair[],
	read: Omit<LabelProposal, 'polarity'>,
): Omit<LabelProposal, 'polarity'> {
	if (pairs.some(({ masks }) => masks.some(({ kind }) => kind === 'colours'))) return read;
	const readings = readingsOf('values', ...read.readings.map(({ id }) => id));
	const notes = ['The classes are as they were when this data set was saved.'];
	return { encoding: { kind: 'stored' }, scheme, notes, warning: null, reading: 'values', readings };
}

function totalCounts(pairs: readonly { readonly values: ValueCounts }[]): ValueCounts {
	const sums = new Map<number, number>();
	for (const { values } of pairs) for (const [value, count] of values) sums.set(value, (sums.get(value) ?? 0) + count);
	return [...sums].sort(([a], [b]) => a - b);
}

/** The largest value that no mask uses: it marks pixels outside of a region. */
function freeValue(pairs: readonly ExaminedPair[], scheme: LabelScheme): number {
	const used = new Set(pairs.flatMap((pair) => pair.masks.flatMap((mask) => mask.counts.map(([value]) => value))));
	const named = scheme.kind === 'values' ? scheme.classes.flatMap((entry) => entry.values) : [];
	for (const value of [...named, ...scheme.ignore]) used.add(value);
	for (let value = 255; value > 0; value--) if (!used.has(value)) return value;
	return 65_535;
}

/** A sweep over one set of files. */
class Scan {
	readonly #files: FileSet;
	readonly #options: ScanOptions;
	readonly #descriptions: Descriptions;
	readonly #reader: PairReader;

	constructor(files: FileSet, descriptions: Descriptions, options: ScanOptions) {
		this.#files = files;
		this.#descriptions = descriptions;
		this.#options = options;
		this.#reader = new PairReader(files);
	}

	async #eachPair<T extends CandidatePair, R>(
		pairs: readonly T[],
		stage: 'masks' | 'labels',
		problems: ImportProblem[],
		work: (pair: T) => Promise<R>,
	): Promise<R[]> {
		const results: R[] = [];
		for (const [index, pair] of pairs.entries()) {
			throwIfCancelled(this.#options.signal);
			if (isBreathDue()) await breathe();
			try {
				results.push(await work(pair));
			} catch (error) {
				if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
				problems.push(problemOf(pair, error));
			}
			this.#options.onProgress?.({ stage, done: index + 1, total: pairs.length });
		}
		return results;
	}

	async #examineAll({ pairs, described }: Candidates): Promise<Examination> {
		const problems: ImportProblem[] = [];
		const good = await this.#eachPair(pairs, 'masks', problems, async (pair): Promise<ExaminedPair> => {
			const examined = await this.#reader.examine(pair);
			return { ...pair, warnings: [...pair.warnings, ...examined.image.notes], ...examined };
		});
		// What a saved data set says of its own masks is no guess.
		if (isBreathDue()) await breathe();
		const known = described !== null && described.scheme !== null ? described.listed : null;
		return withoutOddMasks(good, problems, ({ imagePath }) => known?.has(imagePath) ?? false);
	}

	/** Unmatched files that are damaged are problems, not unmatched. */
	#withoutFailures(files: readonly UnmatchedFile[], problems: ImportProblem[]): UnmatchedFile[] {
		return files.filter(({ path }) => {
			const failure = this.#files.failures.get(path);
			if (failure) problems.push({ paths: [path], code: failure.code, facts: { ...failure.facts, path } });
			return failure === undefined;
		});
	}

	/** Candidates, after a look into files where their names leave it open. */
	async #candidates(state: State): Promise<{ candidates: Candidates; notes: string[]; exchanged: boolean }> {
		const paths = this.#files.pairable();
		const pairsWith = async (changes: Partial<PairChanges>): Promise<Candidates> => {
			if (isBreathDue()) await breathe();
			return candidatePairs(paths, (path) => this.#files.pagesOf(path), this.#descriptions, {
				...state,
				exchanged: state.exchanged === true,
				...changes,
			});
		};
		let candidates = await pairsWith({});
		const notes: string[] = [];
		const sniffed = await sniffFolders(candidates, this.#reader);
		if (sniffed) {
			candidates = await pairsWith({ answers: { ...state.answers, [sniffed.question]: sniffed.option } });
			notes.push(sniffed.note);
		}
		const note = state.exchanged === null ? await sniffExchange(candidates, this.#reader) : null;
		if (note === null) return { candidates, notes, exchanged: state.exchanged === true };
		return { candidates: await pairsWith({ exchanged: true }), notes: [...notes, note], exchanged: true };
	}

	#suggest(pairs: readonly ExaminedPair[], { described }: Candidates, reading: ReadingId | null): Omit<LabelProposal, 'polarity'> {
		const drawn = pairs.flatMap((pair) => (pair.drawn ? [pair.drawn.objects] : []));
		if (drawn.length > 0 && described) return suggestDrawnLabels(described.classes, drawn, reading);
		const withMasks = pairs.filter((pair) => pair.maskPaths.length > 0);
		const classMap: ClassMap | null = described?.classMap ?? this.#descriptions.classMap;
		const read = suggestLabels(
			withMasks.flatMap((pair) => pair.masks),
			{
				severalParts: withMasks.some((pair) => pair.maskPaths.length > 1),
				maskPaths: withMasks.flatMap((pair) => pair.maskPaths),
				classMap,
				reading,
			},
		);
		const isExact =
			described?.scheme && (reading === null || reading === 'values') && pairs.every((pair) => described.listed.has(pair.imagePath));
		return isExact ? exactLabels(described.scheme, pairs, read) : read;
	}

	/** What the masks mean, and every pair with its pixels per value. */
	async #labelled(
		pairs: readonly ExaminedPair[],
		candidates: Candidates,
		state: State,
		problems: ImportProblem[],
	): Promise<{ labels: ProposedLabels; pairs: ProposedPair[]; options: LabelOptions }> {
		const suggested = this.#suggest(pairs, candidates, state.reading);
		const regions = pairs.some((pair) => pair.regionPath !== null);
		const options: LabelOptions = { encoding: suggested.encoding, regionValue: freeValue(pairs, suggested.scheme) };
		const scheme = regions ? { ...suggested.scheme, ignore: [...suggested.scheme.ignore, options.regionValue] } : suggested.scheme;
		const counted = await this.#eachPair(pairs, 'labels', problems, async (pair): Promise<ProposedPair> => {
			const { values, uncovered } = await this.#reader.countValues(pair, pair, options, scheme);
			const warning = `${uncovered} of ${pair.drawn?.objects.length ?? 0} shapes cover no pixel of the image.`;
			return { ...pair, values, warnings: uncovered > 0 ? [...pair.warnings, warning] : pair.warnings };
		});
		const counts = totalCounts(counted);
		const edge = totalCounts(
			pairs.flatMap((pair) => (suggested.encoding.kind === 'stored' ? pair.masks.map((mask) => ({ values: mask.edge })) : [])),
		);
		const regionNote = `Pixels outside of the region have the value ${options.regionValue}, which is ignored.`;
		const notes = [...suggested.notes, ...(regions ? [regionNote] : []), ...emptinessNotes(scheme, counts)];
		// What a saved set says was decided by a person.
		const polarity = suggested.scheme === candidates.described?.scheme ? null : polarityOf(scheme, counts, edge);
		return { labels: { ...suggested, scheme, notes, counts, polarity }, pairs: counted, options };
	}

	async propose(state: State): Promise<ImportProposal> {
		const { candidates, notes, exchanged } = await this.#candidates(state);
		if (isBreathDue()) await breathe();
		const examined = await this.#examineAll(candidates);
		if (isBreathDue()) await breathe();
		const { problems: unread, unknown, used } = this.#descriptions;
		const problems = [...this.#files.problems, ...unread, ...(candidates.described?.problems ?? []), ...examined.problems];
		const unmatchedImages = this.#withoutFailures(candidates.unmatchedImages, problems);
		const unmatchedMasks = this.#withoutFailures(candidates.unmatchedMasks, problems);
		const hasMasks = examined.good.some((pair) => pair.maskPaths.length > 0 || pair.drawn !== null);
		const labelled = hasMasks ? await this.#labelled(examined.good, candidates, state, problems) : null;
		const pairs = labelled?.pairs ?? [];
		// Images that were to get an empty mask, and nothing to be empty of.
		if (labelled === null) unmatchedImages.push(...examined.good.map((pair) => ({ path: pair.imagePath })));
		const labels = labelled?.labels ?? null;
		const read = (pair: ProposedPair, scheme?: LabelScheme): Promise<SamplePixels> => {
			if (labelled === null) throw new RangeError('There are no pairs to read.');
			return this.#reader.read(pair, labelled.options, scheme ?? labelled.labels.scheme);
		};
		return {
			pairs,
			unmatchedImages,
			unmatchedMasks,
			problems,
			ignored: [...this.#files.ignored, ...unknown, ...used, ...candidates.setAside],
			questions: candidates.questions,
			labels,
			notes: [...this.#files.notes, ...this.#descriptions.notes, ...(candidates.described?.notes ?? []), ...candidates.notes, ...notes],
			exchanged,
			pattern: state.pattern,
			readImage: (path) => this.#files.readImage(path),
			readPair: (pair) => read(pair),
			samples: (scheme) =>
				pairs.map((pair, index) => sampleOf(pair, index, pair.tileOf ?? this.#files.tileOf(pair.imagePath), () => read(pair, scheme))),
			revise: (next) => this.propose({ ...state, ...next, answers: { ...state.answers, ...next.answers } }),
		};
	}
}

function sampleOf(pair: ProposedPair, index: number, tileOf: string | undefined, read: () => Promise<SamplePixels>): SampleSource {
	const { imagePath, maskPaths, drawn } = pair;
	return {
		id: String(index + 1).padStart(5, '0'),
		name: lastPart(imagePath),
		path: imagePath,
		maskPath: maskPaths[0] ?? drawn?.path ?? '',
		tileOf,
		read,
	};
}

/** Pairs images with masks and reads every mask. A damaged file never stops the others. Rejects only with `cancelled`. */
export async function propose(files: FileSet, options: ScanOptions): Promise<ImportProposal> {
	const onProgress = (done: number, total: number): void => options.onProgress?.({ stage: 'annotations', done, total });
	const descriptions = await readDescriptions(files.texts, files.pairable(), (path) => files.sizeOf(path), {
		signal: options.signal,
		onProgress,
	});
	return new Scan(files, descriptions, options).propose(asOpened);
}
