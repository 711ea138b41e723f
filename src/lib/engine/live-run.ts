/** One run of an open experiment: its net, where it stands, and how it is stored. */
import { AppError } from '#lib/core/errors.ts';
import type { Checkpoint, CheckpointTag, Records } from '#lib/core/records.ts';
import {
	defaultThresholdLevel,
	type EpochRow,
	type ExperimentRecord,
	type ImageEvidence,
	type Preview,
	type RunFailure,
	type RunRecord,
} from '#lib/core/run.ts';
import { selectionDice } from '#lib/metrics/selection.ts';
import { packTensors, unpackOrigin, unpackTensors, weightsHash, type PackedTensors } from './checkpoint.ts';
import { evidenceOf, hasRoomForPreview, previewOf } from './evidence.ts';
import type { ExperimentData } from './experiment-data.ts';
import { predictWhole, type MeasureLoss } from './forward.ts';
import { failureOf, RunNet, weightsOf, type TakenStep } from './run-net.ts';
import type { Batch } from './targets.ts';

interface Scored {
	readonly evidence: readonly ImageEvidence[];
	readonly previews: readonly Preview[];
	/** Mean own loss; null when it was not asked for or no image was scored. */
	readonly loss: number | null;
}

export class LiveRun implements Disposable {
	record: RunRecord;
	readonly #net: RunNet;
	readonly #data: ExperimentData;
	readonly #experiment: ExperimentRecord;
	readonly #records: Records;
	readonly #backend: string;
	/** Steps whose numbers were not read back yet. */
	readonly #taken: TakenStep[] = [];
	#losses: number[] = [];
	#norms: number[] = [];
	#epochsWithoutGain = 0;

	constructor(
		records: Records,
		experiment: ExperimentRecord,
		data: ExperimentData,
		record: RunRecord,
		totalSteps: number,
		backend: string,
	) {
		const choice = experiment.spec.losses.find((loss) => loss.key === record.lossKey);
		if (!choice) throw new AppError('spec-invalid', { loss: record.lossKey });
		this.record = record;
		this.#records = records;
		this.#experiment = experiment;
		this.#data = data;
		this.#backend = backend;
		this.#net = new RunNet(experiment.spec, choice, record.seed, { outputs: data.outputs, totalSteps, facts: data.facts });
	}

	/** See `RunNet.rehearse`. */
	rehearse(batch: Batch): void {
		this.#net.rehearse(batch);
	}

	get parameters(): number {
		return this.#net.parameters;
	}

	get targetNames(): readonly string[] {
		return this.#net.targetNames;
	}

	get live(): boolean {
		return this.record.state !== 'failed' && this.record.state !== 'finished';
	}

	/** Goes back to the latest intact checkpoint. Returns the backend that wrote it, or undefined without one. */
	async restore(): Promise<string | undefined> {
		const stored = await this.#records.getCheckpoint(this.#experiment.id, this.record.id, 'latest');
		if (!stored) {
			this.record = { ...this.record, step: 0, epoch: 0, best: null };
			const { startsFrom } = this.#experiment;
			if (!startsFrom) return undefined;
			await unpackOrigin(this.#records, startsFrom, this.record.id, weightsOf(this.#net.net));
			// From now on the run that they come from is not needed.
			await this.save(['latest']);
			return undefined;
		}
		const { manifest, bytes } = stored;
		unpackTensors(manifest.tensors, bytes, this.#net.variables());
		if (manifest.lossState) this.#net.loss.state = manifest.lossState;
		this.#losses = [...manifest.partialLosses];
		this.#norms = [...manifest.partialGradientNorms];
		this.#epochsWithoutGain = manifest.epochsWithoutGain;
		this.record = { ...this.record, step: manifest.step, epoch: manifest.epoch, best: manifest.best };
		return manifest.backend;
	}

	/** One update, whose numbers are read back by `settle`. Returns whether the loss wants them before its next step. */
	take(batch: Batch): boolean {
		const taken = this.#net.take(batch, this.record.step);
		this.#taken.push(taken);
		this.record = { ...this.record, step: this.record.step + 1 };
		return taken.observed.length > 0;
	}

	/**
	 * Reads back the numbers of the steps since the last call. One that is not finite fails this run alone, at its step. Returns the losses
	 * by step, of those before it or of all.
	 */
	async settle(): Promise<ReadonlyMap<number, number>> {
		const taken = this.#taken.splice(0);
		const first = this.record.step - taken.length;
		const losses = new Map<number, number>();
		for (const [place, report] of (await this.#net.read(taken)).entries()) {
			const step = first + place;
			const failure = failureOf(report, step);
			if (failure) {
				this.record = { ...this.record, step };
				await this.fail(failure);
				break;
			}
			losses.set(step, report.loss);
			this.#losses.push(report.loss);
			this.#norms.push(report.gradientNorm);
		}
		return losses;
	}

	/** Scores images at their own size with the weights as they are; `measure` asks for the own loss as well. */
	async #score(sampleIds: readonly string[], measure?: MeasureLoss): Promise<Scored> {
		const { spec } = this.#experiment;
		const evidence: ImageEvidence[] = [];
		const previews: Preview[] = [];
		let lossSum = 0;
		const options = {
			prepare: spec.prepare,
			outputs: this.#data.outputs,
			batch: spec.training.batchSize,
			...(measure ? { measure } : {}),
		};
		for await (const { source, probabilities, loss } of predictWhole(this.#net.net, this.#data.readAll(sampleIds), options)) {
			evidence.push(evidenceOf(source.sampleId, probabilities, source.classes));
			if (hasRoomForPreview(previews)) previews.push(previewOf(source.sampleId, probabilities));
			lossSum += loss ?? 0;
		}
		return { evidence, previews, loss: measure && evidence.length > 0 ? lossSum / evidence.length : null };
	}

	/** Validates, stores the epoch's row and previews, then a checkpoint. Returns what was stored. */
	async endEpoch(): Promise<{ readonly row: EpochRow; readonly previews: readonly Preview[] }> {
		const epoch = this.record.epoch + 1;
		const scored = await this.#score(this.#experiment.split.validation, this.#net.measureAt(this.record.step - 1, this.#data.maps));
		const dice = selectionDice(scored.evidence, defaultThresholdLevel);
		const better = dice !== null && (this.record.best === null || dice > this.record.best.dice);
		this.#epochsWithoutGain = better ? 0 : this.#epochsWithoutGain + 1;
		const readings = await this.#net.readings(this.record.step - 1);
		const row: EpochRow = {
			version: 1,
			experimentId: this.#experiment.id,
			runId: this.record.id,
			epoch,
			step: this.record.step,
			stepLosses: Float32Array.from(this.#losses),
			validationLoss: scored.loss,
			learningRate: this.#net.learningRate(this.record.step - 1),
			gradientNorm: this.#norms.reduce((sum, norm) => sum + norm, 0) / this.#norms.length,
			...(Object.keys(readings).length > 0 ? { readings } : {}),
			validation: scored.evidence,
		};
		await this.#records.putEpoch(row, scored.previews);
		this.#losses = [];
		this.#norms = [];
		this.record = { ...this.record, epoch, best: better ? { epoch, dice } : this.record.best };
		await this.save(better || this.#experiment.split.validation.length === 0 ? ['latest', 'best'] : ['latest']);
		return { row, previews: scored.previews };
	}

	/** True when early stopping is on and the patience is used up. */
	get exhausted(): boolean {
		const { patience } = this.#experiment.spec.training;
		return patience > 0 && this.#experiment.split.validation.length > 0 && this.#epochsWithoutGain >= patience;
	}

	/** Writes a checkpoint of the run as it stands and its record. Returns what was stored; weights that are not finite fail the run instead. */
	async save(tags: readonly CheckpointTag[], patch: Partial<RunRecord> = {}): Promise<PackedTensors | null> {
		const packed = await packTensors(this.#net.variables());
		if (!packed.finite) {
			await this.fail({ code: 'not-finite', facts: { what: 'weights', step: this.record.step } });
			return null;
		}
		const { state } = this.#net.loss;
		const checkpoint: Checkpoint = {
			bytes: packed.bytes,
			manifest: {
				version: 1,
				experimentId: this.#experiment.id,
				runId: this.record.id,
				step: this.record.step,
				epoch: this.record.epoch,
				createdAt: Date.now(),
				tensors: packed.entries,
				chunkHashes: [],
				partialLosses: this.#losses,
				partialGradientNorms: this.#norms,
				...(Object.keys(state).length > 0 ? { lossState: state } : {}),
				datasetFingerprint: this.#data.dataset.fingerprint,
				comparisonHash: this.#experiment.hash,
				backend: this.#backend,
				best: this.record.best,
				epochsWithoutGain: this.#epochsWithoutGain,
				tags,
			},
		};
		await this.#records.putCheckpoint(checkpoint);
		await this.update(patch);
		return packed;
	}

	/** Scores the test part with the last and the best weights, keeps both, and closes the run. */
	async finish(): Promise<void> {
		const packed = await this.save(['latest', 'final']);
		if (!packed) return;
		const hash = await weightsHash(packed);
		const { test } = this.#experiment.split;
		if (test.length === 0) return this.update({ state: 'finished', weightsHash: hash });
		const last = (await this.#score(test)).evidence;
		const best = await this.#scoreBest(test);
		await this.update({ state: 'finished', weightsHash: hash, test: { best: best ?? last, last } });
	}

	async #scoreBest(test: readonly string[]): Promise<readonly ImageEvidence[] | null> {
		const stored = await this.#records.getCheckpoint(this.#experiment.id, this.record.id, 'best');
		if (!stored || stored.manifest.step === this.record.step) return null;
		unpackTensors(stored.manifest.tensors, stored.bytes, this.#net.variables());
		return (await this.#score(test)).evidence;
	}

	async fail(failure: RunFailure): Promise<void> {
		await this.update({ state: 'failed', failure });
	}

	async update(patch: Partial<RunRecord>): Promise<void> {
		this.record = { ...this.record, ...patch };
		await this.#records.updateRun(this.#experiment.id, this.record.id, this.record);
	}

	[Symbol.dispose](): void {
		for (const { numbers } of this.#taken) numbers.dispose();
		this.#net[Symbol.dispose]();
	}
}
