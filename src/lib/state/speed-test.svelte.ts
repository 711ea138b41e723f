/** How fast this computer is: measured when a person asks, remembered for this browser, and what follows for an experiment. */
import * as v from 'valibot';
import { inputChannels, netSpecSchema, type ExperimentSpec } from '#lib/core/experiment.ts';
import { netCost } from '#lib/core/net-cost.ts';
import type { Records } from '#lib/core/records.ts';
import type { BackendReport, ExperimentRecord } from '#lib/core/run.ts';
import { outputChannels, type DatasetMeta } from '#lib/core/sample.ts';
import { workersFor, type Speed } from '#lib/core/speed.ts';
import type { Split } from '#lib/core/split.ts';
import type { Trainer } from '#lib/core/trainer.ts';
import { smallerChoice, type SmallerChoice } from './smaller-choice.ts';
import { experimentMs, portionOf, portionsOf, portionTime } from './training-time.ts';

/** How long the worker measures, and what it may take in all before it is ended: a step under way cannot be broken off otherwise. */
export const measureMs = 7_000;
const patienceMs = 20_000;
const tickMs = 250;

/** Longer than this, a smaller choice is offered. */
const longMs = 600_000;

const settingKey = 'speeds';
const mostKept = 40;

const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const settingSchema = v.object({
	backend: v.picklist(['webgpu', 'wasm', 'webgl', 'cpu']),
	device: v.string(),
	net: netSpecSchema,
	size: v.number(),
	inputs: v.number(),
	outputs: v.number(),
	batchSize: v.number(),
	/** That were busy at the same time. */
	workers: v.number(),
});
/** What a speed is the speed of. */
type SpeedSetting = v.InferOutput<typeof settingSchema>;

const measurementSchema = v.object({
	setting: settingSchema,
	speed: v.object({ stepMs: time, squareMs: time, megapixelMs: time, saveMs: time }),
	/** Milliseconds since 1970. */
	measuredAt: v.number(),
	/** The tab was in the background meanwhile, where browsers may give it less. */
	hidden: v.boolean(),
});
type Measurement = v.InferOutput<typeof measurementSchema>;

export interface KnownSpeed {
	readonly speed: Speed;
	readonly workers: number;
	/** Measured with these very choices, or else reckoned from the most similar ones. */
	readonly measured: boolean;
	readonly from: Measurement;
}

export interface Estimate {
	/** Of the whole experiment. */
	readonly ms: number;
	/** Early stopping may make it shorter. */
	readonly early: boolean;
	readonly known: KnownSpeed;
	readonly long: boolean;
	/** Null where nothing smaller is needed, or nothing would do. */
	readonly smaller: SmallerChoice | null;
}

export interface SpeedTestParts {
	readonly records: Pick<Records, 'getSetting' | 'putSetting'>;
	readonly trainer: Pick<Trainer, 'measure'>;
	/** Processor cores of the machine. */
	readonly cores: number;
	/** Ends the workers with whatever they are at, and starts the backend anew. */
	readonly restart: () => Promise<void>;
	readonly isHidden: () => boolean;
}

const costOf = ({ net, size, inputs, outputs, batchSize }: SpeedSetting) => netCost(net, size, inputs, outputs, batchSize);

const sameSetting = (a: SpeedSetting, b: SpeedSetting): boolean => JSON.stringify(a) === JSON.stringify(b);

export class SpeedTest {
	/** Milliseconds since the measurement under way began; null without one. */
	elapsedMs = $state<number | null>(null);
	error = $state.raw<unknown>(null);
	/** The last measurement was ended because it took too long. */
	tooSlow = $state(false);
	#kept = $state.raw<readonly Measurement[]>([]);
	readonly #parts: SpeedTestParts;
	/** Of the measurement under way. */
	#abort: AbortController | null = null;
	#hidden = false;

	constructor(parts: SpeedTestParts) {
		this.#parts = parts;
	}

	async load(): Promise<void> {
		const text = await this.#parts.records.getSetting(settingKey);
		if (typeof text === 'string') this.#kept = v.parse(v.array(measurementSchema), JSON.parse(text));
	}

	/** The speed of an experiment on a backend; null before anything was measured there. */
	known(backend: BackendReport, spec: ExperimentSpec, outputs: number): KnownSpeed | null {
		const setting = this.#settingOf(backend, spec, outputs);
		const there = this.#kept.filter(({ setting: other }) => other.backend === setting.backend && other.device === setting.device);
		const exact = there.find((kept) => sameSetting(kept.setting, setting));
		if (exact) return { speed: exact.speed, workers: setting.workers, measured: true, from: exact };
		// What passes through memory in a step: the time follows it better than the arithmetic (decision 0024).
		const { memoryBytes, parameters } = costOf(setting);
		const distance = (kept: Measurement): number => Math.abs(Math.log(costOf(kept.setting).memoryBytes / memoryBytes));
		const [nearest] = [...there].sort((a, b) => distance(a) - distance(b));
		if (!nearest) return null;
		const from = costOf(nearest.setting);
		const times = memoryBytes / from.memoryBytes;
		const { stepMs, squareMs, megapixelMs, saveMs } = nearest.speed;
		const speed: Speed = {
			stepMs: stepMs * times,
			squareMs: (squareMs * times * nearest.setting.batchSize) / setting.batchSize,
			megapixelMs,
			saveMs: (saveMs * parameters) / from.parameters,
		};
		return { speed, workers: setting.workers, measured: false, from: nearest };
	}

	/** How long an experiment takes; null before anything was measured on the backend. */
	estimate(backend: BackendReport, dataset: DatasetMeta, split: Split, spec: ExperimentSpec): Estimate | null {
		const outputs = outputChannels(dataset.scheme);
		const known = this.known(backend, spec, outputs);
		if (!known) return null;
		const portions = portionsOf(dataset, split);
		const msOf = (other: ExperimentSpec): number => {
			const { speed, workers } = this.known(backend, other, outputs) ?? known;
			return experimentMs(portions, other, speed, workers);
		};
		const ms = msOf(spec);
		const long = ms > longMs;
		return { ms, early: spec.training.patience > 0, known, long, smaller: long ? smallerChoice(spec, msOf, longMs) : null };
	}

	/** Milliseconds of a lock-step batch of a fold, with its share of validation; null before anything was measured on the backend. */
	expectedStepMs(
		backend: BackendReport,
		dataset: DatasetMeta,
		{ spec, split }: Pick<ExperimentRecord, 'spec' | 'split'>,
		fold: number | undefined,
	): number | null {
		const known = this.known(backend, spec, outputChannels(dataset.scheme));
		if (!known) return null;
		const { epochsMs, totalSteps } = portionTime(portionOf(dataset, split, fold), spec, known.speed, known.workers);
		return epochsMs / totalSteps;
	}

	/** Measures with these choices, whose own losses are recorded, and remembers the result. Does nothing while one is under way. */
	async measure(backend: BackendReport, given: ExperimentSpec | Promise<ExperimentSpec>, outputs: number): Promise<void> {
		if (this.#abort) return;
		const abort = (this.#abort = new AbortController());
		const isOver = (): boolean => abort.signal.aborted;
		this.error = null;
		this.tooSlow = false;
		this.#watch(abort.signal);
		try {
			const spec = await given;
			if (isOver()) return;
			const speed = await this.#parts.trainer.measure({ spec, outputs, backend: backend.name, forMs: measureMs });
			if (isOver()) return;
			await this.#keep({ setting: this.#settingOf(backend, spec, outputs), speed, measuredAt: Date.now(), hidden: this.#hidden });
		} catch (error) {
			if (isOver()) return;
			this.error = error;
			// After some failures the memory of a worker is of no use.
			await this.#parts.restart();
		} finally {
			if (!isOver()) this.#end();
		}
	}

	/** Tells how long it has taken until the signal, and gives up when that is too long. */
	#watch(signal: AbortSignal): void {
		const startedAt = performance.now();
		this.elapsedMs = 0;
		this.#hidden = this.#parts.isHidden();
		const timer = setInterval(() => {
			this.#hidden ||= this.#parts.isHidden();
			this.elapsedMs = performance.now() - startedAt;
			if (this.elapsedMs > patienceMs) void this.#giveUp();
		}, tickMs);
		signal.addEventListener('abort', () => clearInterval(timer));
	}

	/** Ends the measurement under way without a result; resolves when the workers are ready for other things. */
	async cancel(): Promise<void> {
		if (!this.#abort) return;
		this.#end();
		await this.#parts.restart();
	}

	async #giveUp(): Promise<void> {
		this.tooSlow = true;
		await this.cancel();
	}

	#end(): void {
		this.#abort?.abort();
		this.#abort = null;
		this.elapsedMs = null;
	}

	async #keep(measurement: Measurement): Promise<void> {
		const others = this.#kept.filter(({ setting }) => !sameSetting(setting, measurement.setting));
		this.#kept = [measurement, ...others].slice(0, mostKept);
		await this.#parts.records.putSetting(settingKey, JSON.stringify(this.#kept));
	}

	#settingOf({ name, device }: BackendReport, { net, prepare, training, losses }: ExperimentSpec, outputs: number): SpeedSetting {
		const { depth, base, norm, dropout, up } = net;
		return {
			backend: name,
			device,
			net: { depth, base, norm, dropout, up },
			size: prepare.size,
			inputs: inputChannels(prepare),
			outputs,
			batchSize: training.batchSize,
			workers: workersFor(name, this.#parts.cores, losses.length),
		};
	}
}
