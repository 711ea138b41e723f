/** What the runs of an experiment look like side by side, at the epoch, threshold and class of the selection. */
import { dice } from '#lib/metrics/dice.ts';
import { collapseOf, summarise } from '#lib/metrics/summary.ts';
import { comparePairs, type PairComparison, type ScoredImages } from '#lib/stats/compare-pairs.ts';
import {
	defaultThresholdLevel,
	isSameRepeat,
	leastPreviews,
	repeatInWords,
	type EpochRow,
	type ImageEvidence,
	type Preview,
	type Repeat,
	type RunRecord,
} from '#lib/core/run.ts';
import { classNames } from '#lib/core/sample.ts';
import { foldsById, splitOfFold, type Split } from '#lib/core/split.ts';
import type { Band } from '#lib/stats/interval.ts';
import { imageScore, type RunEvidence } from './image-scores.ts';
import { bySeed, curveOverSeeds, scoresOverSeeds } from './over-seeds.ts';
import { probabilitiesOf, type Probabilities } from './probabilities.ts';
import { adaptationOf, ownLossOf, scoreCurve, type Adaptation, type Curve, type OwnLoss, type RunFace } from './run-curves.ts';
import { signsOf, type Sign } from './run-watch.ts';
import type { Selection } from './selection.svelte.ts';
import type { Training } from './training.svelte.ts';

/** Which numbers the table and the curve show. */
export interface ScoreChoice {
	readonly part: 'validation' | 'test';
	readonly which: 'best' | 'last';
	readonly pooling: 'per-image' | 'pooled';
	/** A foreground class; null for the mean over them. */
	readonly classIndex: number | null;
}

/** How several runs of a loss, its seeds and folds, are shown: taken together, or each for itself; and what the band around their mean says. */
export interface SeedChoice {
	readonly view: 'mean' | 'each';
	readonly band: Band;
}

export interface RunOnImage extends RunFace {
	readonly runId: string;
	/** Whose prediction it is; 0 before the first. */
	readonly epoch: number;
	readonly prediction: Preview | null;
	/** Dice of this image at the threshold. */
	readonly score: number | null;
	/** A word of warning; '' for none. */
	readonly flag: string;
	readonly placeholder: string;
	/** True while the prediction is on its way from storage. */
	readonly reading: boolean;
}

export interface RunScores extends RunFace {
	readonly values: Readonly<Record<string, number | null>>;
	/** Standard deviation over seeds and folds, where they are taken together. */
	readonly spreads?: Readonly<Record<string, number | null>>;
	/** How many runs the values are of. */
	readonly runs: number;
	/** Null before the first, and where the runs differ in it. */
	readonly epoch: number | null;
	readonly flag: string;
}

/** What the probabilities of a run say at every threshold; only with two classes. */
export interface RunProbabilities extends RunFace, Probabilities {}

/** What goes wrong in a run. */
export interface WatchedRunFace extends RunFace {
	readonly signs: readonly Sign[];
}

export class Comparison {
	choice = $state.raw<ScoreChoice>({ part: 'validation', which: 'best', pooling: 'pooled', classIndex: null });
	seedChoice = $state.raw<SeedChoice>({ view: 'mean', band: 'deviation' });
	readonly #training: Training;
	readonly #selection: Selection;

	constructor(training: Training, selection: Selection) {
		this.#training = training;
		this.#selection = selection;
	}

	/** Classes of the data, from the evidence; 2 before the first epoch. */
	readonly #classCount = $derived.by(() => {
		const first = this.#training.rows[0]?.validation[0];
		return first?.kind === 'classes' ? first.classes : 2;
	});

	readonly #rowsByRun: ReadonlyMap<string, readonly EpochRow[]> = $derived.by(() => {
		const byRun = new Map<string, EpochRow[]>();
		for (const row of this.#training.rows) byRun.set(row.runId, [...(byRun.get(row.runId) ?? []), row]);
		for (const rows of byRun.values()) rows.sort((a, b) => a.epoch - b.epoch);
		return byRun;
	});

	/** The epoch that is shown. */
	readonly epoch: number = $derived.by(() => Math.min(this.#selection.pinnedEpoch ?? Infinity, this.#training.epochs));

	/** What the shown runs were given. */
	readonly shownSplit: Split = $derived.by(() =>
		splitOfFold(this.#training.experiment?.split ?? { train: [], validation: [], test: [] }, this.shown?.fold),
	);

	/** Validation images of the shown runs with stored predictions, in the order of the split. */
	readonly imageIds: readonly string[] = $derived.by(() => this.#keptOf(this.shownSplit));

	#keptOf({ validation }: Split): readonly string[] {
		return validation.filter((id, place) => place < leastPreviews || this.#training.previews.has(id));
	}

	readonly #foldsById: ReadonlyMap<string, number> = $derived.by(() => foldsById(this.#training.experiment?.split ?? {}));

	/** True when predictions of an image are kept, by whichever fold validates it. */
	isKept(sampleId: string): boolean {
		const { split } = this.#training.experiment ?? {};
		return split !== undefined && this.#keptOf(splitOfFold(split, this.#foldsById.get(sampleId))).includes(sampleId);
	}

	/** Shows the fold that validates an image. */
	turnTo(sampleId: string): void {
		const fold = this.#foldsById.get(sampleId);
		if (fold !== undefined && fold !== this.shown?.fold) this.#selection.fold = fold;
	}

	readonly hasTest: boolean = $derived.by(() => this.#training.runs.some((run) => run.test !== null));

	readonly seeds: readonly number[] = $derived.by(() => this.#training.experiment?.spec.seeds ?? []);

	/** From 1; empty without cross-validation. */
	readonly folds: readonly number[] = $derived.by(() => (this.#training.experiment?.split.folds ?? []).map((_, place) => place + 1));

	/** Runs of each loss, all told. */
	readonly repeats: number = $derived.by(() => this.seeds.length * Math.max(1, this.folds.length));

	/** Whether table and curve take the runs of a loss together. */
	readonly together: boolean = $derived.by(() => this.repeats > 1 && this.seedChoice.view === 'mean');

	/** Runs of folds share training images: what Student's t says of independent ones does not hold for them. */
	readonly band: Band = $derived.by(() => (this.folds.length > 0 ? 'deviation' : this.seedChoice.band));

	/** The seed and fold whose masks are shown: as picked, else the newest that has an epoch. */
	readonly shown: Repeat | null = $derived.by(() => {
		const { seed, fold } = this.#selection;
		const { runs } = this.#training;
		const ofSeed = seed !== null && this.seeds.includes(seed) ? runs.filter((run) => run.seed === seed) : runs;
		const fits = fold !== null && this.folds.includes(fold) ? ofSeed.filter((run) => run.fold === fold) : ofSeed;
		return fits.findLast((run) => this.#rowsByRun.has(run.id)) ?? fits[0] ?? null;
	});

	/** The same in words, `seed 2, fold 1 of 5`; '' where there is only one of each. */
	readonly shownInWords: string = $derived.by(() => (this.shown ? this.#inWords(this.shown) : ''));

	#inWords(repeat: Repeat): string {
		const { spec } = this.#training.experiment ?? {};
		return spec ? repeatInWords(repeat, spec) : '';
	}

	/** A run named by its loss, and by its seed and fold where there are several. */
	faceOf(run: RunRecord): RunFace {
		const { id, name, place } = this.#lossFace(run);
		return this.repeats > 1 ? { id: run.id, name: `${name}, ${this.#inWords(run)}`, place } : { id, name, place };
	}

	/** A run named by its loss alone: of one seed and fold there is one of each. */
	#lossFace({ id, lossKey }: RunRecord): RunFace {
		const losses = this.#training.experiment?.spec.losses ?? [];
		const place = losses.findIndex((loss) => loss.key === lossKey);
		const apart = this.repeats > 1 && !this.together;
		return { id: apart ? id : lossKey, name: losses[place]?.label ?? lossKey, place: Math.max(0, place) };
	}

	/** The runs of the shown seed and fold. */
	readonly #shownRuns: readonly RunRecord[] = $derived.by(() => {
		const { shown } = this;
		return shown ? this.#training.runs.filter((run) => isSameRepeat(run, shown)) : [];
	});

	/** The same, each with its face. */
	readonly shownRunFaces: readonly (RunFace & { readonly run: RunRecord })[] = $derived.by(() =>
		this.#shownRuns.map((run) => ({ ...this.#lossFace(run), run })),
	);

	/** The best epoch of each shown run that has one. */
	readonly bestEpochs: readonly (RunFace & { readonly epoch: number })[] = $derived.by(() =>
		this.#shownRuns.flatMap((run) => (run.best ? [{ ...this.#lossFace(run), epoch: run.best.epoch }] : [])),
	);

	/** The shown runs on one validation image. */
	onImage(sampleId: string): RunOnImage[] {
		const { previews } = this.#training;
		return this.#shownRuns.map((run) => {
			const row = this.#shownRow(run);
			const kept = row ? previews.get(run.id, row.epoch) : null;
			return {
				...this.#lossFace(run),
				runId: run.id,
				epoch: row?.epoch ?? 0,
				prediction: kept?.find((preview) => preview.sampleId === sampleId) ?? null,
				reading: row !== undefined && previews.isReading(run.id, row.epoch),
				score: this.#scoreOn(row, sampleId),
				flag: this.#flagOf(run, row),
				placeholder: this.#placeholderOf(run),
			};
		});
	}

	/** Dice of the shown runs on one validation image. */
	scoresOn(sampleId: string): readonly (number | null)[] {
		return this.#shownRuns.map((run) => this.#scoreOn(this.#shownRow(run), sampleId));
	}

	#scoreOn(row: EpochRow | undefined, sampleId: string): number | null {
		const evidence = row?.validation.find((image) => image.sampleId === sampleId);
		return evidence ? this.#imageDice(evidence) : null;
	}

	/** The row of the shown epoch, or the last before it; none past the end of a run that failed. */
	#shownRow(run: RunRecord): EpochRow | undefined {
		return run.state === 'failed' && run.epoch < this.epoch ? undefined : this.#rowAt(run.id, this.epoch);
	}

	#placeholderOf({ state, epoch }: RunRecord): string {
		if (state === 'failed') return epoch > 0 ? `– stopped after epoch ${epoch}` : '– stopped in its first epoch';
		return state === 'queued' && this.#training.phase === 'idle' ? 'not trained' : 'after the first epoch';
	}

	readonly scores: readonly RunScores[] = $derived.by(() => this.scoresOf(this.choice));

	/** One row per run, or per loss over its seeds and folds. */
	scoresOf(choice: ScoreChoice): readonly RunScores[] {
		const each = this.#training.runs.map((run) => this.#runScores(run, choice));
		if (!this.together) return each;
		return bySeed(each).map((runs) => {
			const { values, spreads, n } = scoresOverSeeds(runs);
			const flagged = runs.filter(({ flag }) => flag !== '').length;
			const flag =
				flagged === 0
					? ''
					: `${flagged} of ${runs.length} ${this.folds.length > 0 ? 'runs' : 'seeds'}: ${[...new Set(runs.flatMap((run) => run.flag || []))].join(', ')}`;
			const epochs = new Set(runs.map(({ epoch }) => epoch));
			return { ...this.#togetherFace(runs[0]), values, spreads, runs: n, epoch: epochs.size === 1 ? runs[0].epoch : null, flag };
		});
	}

	/** Validation Dice by epoch, as threshold, class and pooling say: of every run, or the mean over the runs of a loss. */
	readonly diceCurves: readonly Curve[] = $derived.by(() => {
		const score = (row: EpochRow): number | null => this.#values(row.validation, this.choice)[dice.id] ?? null;
		const each = this.#training.runs.map((run) => scoreCurve(this.faceOf(run), this.#rowsOf(run), score));
		if (!this.together) return each;
		return bySeed(each).map((curves) => ({ ...this.#togetherFace(curves[0]), ...curveOverSeeds(curves, this.band) }));
	});

	#togetherFace({ place }: RunFace): RunFace {
		const loss = this.#training.experiment?.spec.losses[place];
		return { id: loss?.key ?? '', name: loss?.label ?? '', place };
	}

	/** Of the shown runs. */
	readonly ownLosses: readonly OwnLoss[] = $derived.by(() =>
		this.#shownRuns.map((run) => ownLossOf(this.#lossFace(run), this.#rowsOf(run), this.#training.partial.get(run.id) ?? [])),
	);

	/** Every loss against every other on the same images, by Dice per image as threshold, class, part and weights say; the mean over the runs that scored it. */
	pairs(choice: ScoreChoice = this.choice): readonly PairComparison[] {
		return comparePairs(
			(this.#training.experiment?.spec.losses ?? []).map(({ key, label }) => {
				const runs = this.#training.runs.filter((run) => run.lossKey === key && run.state !== 'failed');
				return { name: label, scores: this.#imageScores(runs, choice) };
			}),
		);
	}

	/**
	 * Dice of each image, the mean over runs; images without a score in one of them are left out. A validation image is of the
	 * fold that validates it, and so counts once.
	 */
	#imageScores(runs: readonly RunRecord[], choice: ScoreChoice): ScoredImages['scores'] {
		const folds = choice.part === 'validation' && this.folds.length > 0 ? this.folds : [null];
		return new Map(folds.flatMap((fold) => [...this.#meanScores(fold === null ? runs : runs.filter((run) => run.fold === fold), choice)]));
	}

	/** Of runs that are asked about the same images. */
	#meanScores(runs: readonly RunRecord[], choice: ScoreChoice): ScoredImages['scores'] {
		const perRun = runs.map((run) => new Map(this.#scoredImages(run, choice).map((image) => [image.sampleId, this.#imageDice(image)])));
		const scores = new Map<string, number>();
		for (const sampleId of perRun[0]?.keys() ?? []) {
			const values = perRun.map((images) => images.get(sampleId) ?? null);
			if (values.every((value) => value !== null)) scores.set(sampleId, values.reduce((sum, value) => sum + value, 0) / values.length);
		}
		return scores;
	}

	/** What the chosen weights of every run say of the images of the chosen part; nothing of a run that stopped by itself. */
	evidence(): readonly RunEvidence[] {
		return this.#training.runs.map((run) => ({
			...(this.together ? this.#lossFace(run) : this.faceOf(run)),
			runId: run.id,
			repeat: run,
			failed: run.state === 'failed',
			images: run.state === 'failed' ? [] : this.#scoredImages(run, this.choice),
		}));
	}

	/** The shown runs, by the chosen part, weights and pooling. */
	probabilities(): readonly RunProbabilities[] {
		return this.#shownRuns.flatMap((run) => {
			const { pooling } = this.choice;
			const found = probabilitiesOf({
				shown: this.#scoredImages(run, this.choice),
				validation: this.#scoredImages(run, { ...this.choice, part: 'validation' }),
				test: this.#scoredImages(run, { ...this.choice, part: 'test' }),
				perImage: pooling === 'per-image',
			});
			return found ? [{ ...this.#lossFace(run), ...found }] : [];
		});
	}

	/** The shown runs whose loss adapts anything. */
	readonly adaptations: readonly Adaptation[] = $derived.by(() =>
		this.#shownRuns.map((run) => adaptationOf(this.#lossFace(run), this.#rowsOf(run))).filter(({ readings }) => readings.length > 0),
	);

	/** The shown runs in which something goes wrong. */
	readonly watch: readonly WatchedRunFace[] = $derived.by(() => {
		const names = classNames(this.#training.experiment?.scheme ?? { kind: 'values', classes: [], ignore: [] });
		// A threshold that is moved by hand is no fault of the run.
		const thresholdLevel = defaultThresholdLevel;
		return this.#shownRuns
			.map((run) => ({ ...this.faceOf(run), signs: signsOf({ ...run, rows: this.#rowsOf(run), thresholdLevel, classNames: names }) }))
			.filter(({ signs }) => signs.length > 0);
	});

	#rowsOf({ id }: RunRecord): readonly EpochRow[] {
		return this.#rowsByRun.get(id) ?? [];
	}

	#rowAt(runId: string, epoch: number): EpochRow | undefined {
		return this.#rowsByRun.get(runId)?.findLast((row) => row.epoch <= epoch);
	}

	/** The foreground classes that scores are about. */
	readonly scoredClasses: readonly number[] = $derived.by(() => {
		const { focusClass } = this.#selection;
		return focusClass === null ? Array.from({ length: this.#classCount - 1 }, (_, i) => i + 1) : [focusClass];
	});

	#imageDice(evidence: ImageEvidence): number | null {
		return imageScore(evidence, dice, { thresholdLevel: this.#selection.thresholdLevel, classes: this.scoredClasses });
	}

	#flagOf(run: RunRecord, row: EpochRow | undefined): string {
		if (run.state === 'failed') return 'stopped: numbers not finite';
		return (row && collapseOf(row.validation, this.#selection.thresholdLevel)) ?? '';
	}

	/** Every metric of a set of images, as the choice says. */
	#values(evidence: readonly ImageEvidence[], { pooling, classIndex }: ScoreChoice): Record<string, number | null> {
		const summaries = summarise(evidence, this.#selection.thresholdLevel, this.#classCount);
		return Object.fromEntries(
			summaries.map(({ metric, classes, foreground }) => {
				const chosen = (classIndex === null ? null : classes[classIndex]) ?? foreground;
				return [metric.id, pooling === 'pooled' ? chosen.pooled : chosen.perImageMean];
			}),
		);
	}

	/** The row of the chosen weights. */
	#chosenRow(run: RunRecord, { which }: ScoreChoice): EpochRow | undefined {
		return this.#rowAt(run.id, which === 'best' && run.best ? run.best.epoch : Infinity);
	}

	/** The evidence of the chosen part with the chosen weights. */
	#scoredImages(run: RunRecord, choice: ScoreChoice): readonly ImageEvidence[] {
		return (choice.part === 'test' ? run.test?.[choice.which] : this.#chosenRow(run, choice)?.validation) ?? [];
	}

	#runScores(run: RunRecord, choice: ScoreChoice): RunScores {
		const row = this.#chosenRow(run, choice);
		const evidence = this.#scoredImages(run, choice);
		return {
			...this.faceOf(run),
			values: evidence.length > 0 ? this.#values(evidence, choice) : {},
			runs: 1,
			epoch: row?.epoch ?? null,
			// A run that has collapsed since its best epoch is called that too.
			flag: this.#flagOf(run, row) || this.#flagOf(run, this.#rowAt(run.id, Infinity)),
		};
	}
}
