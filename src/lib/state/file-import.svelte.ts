/** Files on their way in: scanned, shown as a table to correct, then stored as a data set. */
import type { LabelScheme, SamplePixels } from '#lib/core/sample.ts';
import { breathe, isBreathDue } from '#lib/importers/breathe.ts';
import { scanFiles } from '#lib/importers/open-files.ts';
import type { ScanProgress } from '#lib/importers/file-set.ts';
import type { PairPaths } from '#lib/importers/candidate-pairs.ts';
import type { ReadingId } from '#lib/importers/label-proposal.ts';
import { type PairPattern, patternProblem } from '#lib/importers/pair-pattern.ts';
import type { ImportProposal, Revision } from '#lib/importers/proposal.ts';
import type { UnmatchedFile } from '#lib/importers/pair.ts';
import type { ImportProblem, OpenedFile } from '#lib/importers/opened-file.ts';
import type { Decoder } from '#lib/importers/decoder.ts';
import type { Datasets } from './datasets.svelte.ts';

/** The folder that all paths share, or the one file's name: what a person would call the set. */
function nameOf(files: readonly OpenedFile[]): string {
	const [first] = files;
	if (!first) return 'Images';
	const folder = first.path.split('/')[0] ?? '';
	if (files.every((file) => file.path.startsWith(`${folder}/`))) return folder;
	return files.length === 1 ? first.path.replace(/\.[^.]*$/u, '') : 'Images';
}

export class FileImport {
	/** What was found; null before and while scanning. */
	proposal = $state.raw<ImportProposal | null>(null);
	/** Progress of the scan; null when none runs. */
	scanning = $state.raw<ScanProgress | null>(null);
	scheme = $state.raw<LabelScheme | null>(null);
	name = $state('');
	/** Images whose pairs the person left out. */
	excluded = $state.raw<ReadonlySet<string>>(new Set());
	/** Images whose pairs the person took apart: image and mask count as unmatched. */
	apart = $state.raw<ReadonlySet<string>>(new Set());
	error = $state.raw<unknown>(null);
	/** Pairs that could not be read any more when they were stored. */
	skipped = $state.raw<readonly ImportProblem[]>([]);
	readonly #datasets: Datasets;
	readonly #decoder: Decoder;
	#abort = new AbortController();
	/** Of the data set that is being stored. */
	#storing = new AbortController();
	#manualPairs: readonly PairPaths[] = [];
	#revising = Promise.resolve();

	constructor(datasets: Datasets, decoder: Decoder) {
		this.#datasets = datasets;
		this.#decoder = decoder;
	}

	readonly active: boolean = $derived.by(() => this.proposal !== null || this.scanning !== null);
	/** Proposed pairs that the person did not take apart. */
	readonly pairs = $derived.by(() => this.proposal?.pairs.filter((pair) => !this.apart.has(pair.imagePath)) ?? []);
	readonly usable = $derived.by(() => this.pairs.filter((pair) => !this.excluded.has(pair.imagePath)));
	readonly unmatchedImages: readonly UnmatchedFile[] = $derived.by(() => [
		...this.#taken.map((pair) => ({ path: pair.imagePath })),
		...(this.proposal?.unmatchedImages ?? []),
	]);
	readonly unmatchedMasks: readonly UnmatchedFile[] = $derived.by(() => [
		...this.#taken.flatMap((pair) => pair.maskPaths.map((path) => ({ path }))),
		...(this.proposal?.unmatchedMasks ?? []),
	]);
	readonly #taken = $derived.by(() => this.proposal?.pairs.filter((pair) => this.apart.has(pair.imagePath)) ?? []);

	/** Reads files and proposes pairs. Nothing is stored. */
	async scan(files: readonly OpenedFile[]): Promise<void> {
		this.cancel();
		this.name = nameOf(files);
		this.#manualPairs = [];
		const { signal } = this.#abort;
		this.scanning = { stage: 'files', done: 0, total: files.length };
		await this.#guarded(async () => {
			const proposal = await scanFiles(files, { decoder: this.#decoder, signal, onProgress: (progress) => (this.scanning = progress) });
			if (signal.aborted) return;
			this.proposal = proposal;
			this.scheme = proposal.labels?.scheme ?? null;
		}, signal);
	}

	/** Applies what the person says about the files, one thing after another; what they said before stays. */
	revise(change: Revision): Promise<void> {
		this.#revising = this.#revising.then(() => this.#revise(change));
		return this.#revising;
	}

	async #revise(change: Revision): Promise<void> {
		const { proposal } = this;
		if (!proposal) return;
		await this.#guarded(async () => {
			const next = await proposal.revise(change);
			if (this.proposal !== proposal) return;
			this.proposal = next;
			const meaning = next.labels?.scheme ?? null;
			// Edits of the classes stay as long as the masks mean the same.
			if (meaning === null || JSON.stringify(meaning) !== JSON.stringify(proposal.labels?.scheme)) this.scheme = meaning;
		});
	}

	/** Reads the masks in another way. */
	read(reading: ReadingId): Promise<void> {
		return this.revise({ reading });
	}

	/** Why a pattern cannot be used, as a sentence; null when it can. */
	patternProblem(pattern: PairPattern): string | null {
		return patternProblem(pattern);
	}

	takeApart(imagePath: string): void {
		this.apart = new Set([...this.apart, imagePath]);
	}

	/** Joins files by hand; a pair that was made by hand before and uses one of them is undone. */
	async #join(imagePath: string, maskPaths: readonly string[]): Promise<void> {
		const paths = new Set([imagePath, ...maskPaths]);
		const isFree = (pair: PairPaths): boolean => ![pair.imagePath, ...pair.maskPaths].some((path) => paths.has(path));
		this.#manualPairs = [...this.#manualPairs.filter(isFree), { imagePath, maskPaths }];
		this.apart = new Set([...this.apart].filter((path) => !paths.has(path)));
		await this.revise({ manualPairs: this.#manualPairs });
	}

	/** Joins a file without a partner to an image: as its mask, or as a further mask where it has one. */
	async pair(imagePath: string, maskPath: string): Promise<void> {
		const joined = this.pairs.find((pair) => pair.imagePath === imagePath)?.maskPaths ?? [];
		await this.#join(imagePath, [...joined, maskPath]);
	}

	/** Makes the mask the image and the image the mask; for pairs of two files. */
	async swap(imagePath: string): Promise<void> {
		const [mask, ...more] = this.pairs.find((pair) => pair.imagePath === imagePath)?.maskPaths ?? [];
		if (mask !== undefined && more.length === 0) await this.#join(mask, [imagePath]);
	}

	exclude(imagePath: string, excluded: boolean): void {
		const next = new Set(this.excluded);
		if (excluded) next.add(imagePath);
		else next.delete(imagePath);
		this.excluded = next;
	}

	/** The pixels of a proposed pair; null when there is none. Rejects with a file's failure. */
	async pixels(imagePath: string): Promise<SamplePixels | null> {
		const { proposal } = this;
		const pair = proposal?.pairs.find((candidate) => candidate.imagePath === imagePath);
		if (isBreathDue()) await breathe();
		return proposal && pair ? proposal.readPair(pair) : null;
	}

	/** Stores what is proposed, without the excluded pairs. Returns true when the data set is there; when it was stopped, nothing is. */
	async accept(): Promise<boolean> {
		const { proposal, scheme } = this;
		if (!proposal || !scheme) return false;
		const paths = new Set(this.usable.map((pair) => pair.imagePath));
		const samples = proposal.samples(scheme).filter((sample) => paths.has(sample.path));
		this.#storing = new AbortController();
		const { signal } = this.#storing;
		const name = this.name.trim() || 'Images';
		const measure = (pixels: SamplePixels) => this.#decoder.measure(pixels);
		const options = { name, source: { kind: 'files' }, scheme: $state.snapshot(scheme), samples, signal, measure } as const;
		const built = await this.#guarded(() => this.#datasets.create(options), signal);
		if (!built) return false;
		this.cancel();
		this.skipped = built.skipped;
		return true;
	}

	/** Stops storing. Nothing of it stays; what was found in the files does. */
	stopStoring(): void {
		this.#storing.abort();
	}

	/** Forgets the files; nothing was stored. */
	cancel(): void {
		this.#abort.abort();
		this.#abort = new AbortController();
		this.#storing.abort();
		this.proposal = null;
		this.scanning = null;
		this.scheme = null;
		this.excluded = new Set();
		this.apart = new Set();
		this.error = null;
		this.skipped = [];
	}

	/** Null when the work failed, for `error`, or was stopped by the person. */
	async #guarded<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T | null> {
		this.error = null;
		try {
			return await work();
		} catch (error) {
			if (!signal?.aborted) this.error = error;
			return null;
		} finally {
			if (!signal?.aborted) this.scanning = null;
		}
	}
}
