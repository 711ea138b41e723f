/** The tensors of a step's batch: from samples in the GPU's memory where they are, else made on the host. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import { BatchSource, type TrainingSample } from './batches.ts';
import { ResidentSamples } from './resident-samples.ts';
import type { TargetMaps } from './target-maps.ts';
import { targetsOf, toBatch, type Batch } from './targets.ts';

export class BatchMaker implements Disposable {
	readonly stepsPerEpoch: number;
	readonly #source: BatchSource;
	readonly #resident: ResidentSamples | null;
	readonly #outputs: number;
	readonly #maps: TargetMaps;

	/** @param largestBytes of one buffer of the GPU; null where there is none. Throws a `RangeError` on no sample. */
	constructor(
		samples: readonly TrainingSample[],
		spec: ExperimentSpec,
		seed: number,
		{ outputs, maps, largestBytes }: { readonly outputs: number; readonly maps: TargetMaps; readonly largestBytes: number | null },
	) {
		this.#source = new BatchSource(samples, spec, seed);
		this.stepsPerEpoch = this.#source.stepsPerEpoch;
		this.#resident = largestBytes === null ? null : ResidentSamples.open(samples, spec, outputs, largestBytes);
		this.#outputs = outputs;
		this.#maps = maps;
	}

	/** The caller disposes it with `disposeBatch`. What losses ask to have prepared is always made from the masks on the host. */
	batch(step: number, targetNames: readonly string[]): Batch {
		if (!this.#resident) return toBatch(this.#source.pairs(step), this.#outputs, targetNames, this.#maps);
		const draws = this.#source.draws(step);
		const batch = this.#resident.batch(draws);
		if (targetNames.length === 0) return batch;
		return { ...batch, targets: targetsOf(this.#source.masks(draws), this.#outputs, targetNames, this.#maps) };
	}

	[Symbol.dispose](): void {
		this.#resident?.[Symbol.dispose]();
	}
}
