/** From stored samples to the batches of a run: a pure function of (spec, seed, step). */
import { stepsPerEpoch, type ExperimentSpec } from '#lib/core/experiment.ts';
import { RandomStream } from '#lib/core/random.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import {
	augment,
	augmentMask,
	drawAugmentation,
	drawSymmetry,
	type Augmentation,
	type PreparedMask,
	type PreparedPair,
} from '#lib/pixels/augment.ts';
import { cutClasses, cutImage } from '#lib/pixels/place.ts';
import type { FloatImage } from '#lib/pixels/resize.ts';
import { identity, type Symmetry } from '#lib/pixels/symmetry.ts';

/** A training sample ready for batches: already in the net's square, or at native scale for `crop`. */
export interface TrainingSample {
	readonly image: FloatImage;
	/** Class index per pixel of `image`. */
	readonly classes: Uint8Array;
}

/** How one pair of a batch comes from its sample. */
export interface Draw {
	/** Of the sample. */
	readonly index: number;
	/** Upper left corner of the net's square in the sample; it may lie outside. */
	readonly left: number;
	readonly top: number;
	readonly augmentation: Augmentation;
}

/** Places of foreground pixels of one sample, for crops that must hold some. */
function foregroundPlaces(classes: Uint8Array): Int32Array {
	let count = 0;
	for (const value of classes) if (value !== 0 && value !== ignoredClass) count++;
	const places = new Int32Array(count);
	let next = 0;
	classes.forEach((value, place) => {
		if (value !== 0 && value !== ignoredClass) places[next++] = place;
	});
	return places;
}

export class BatchSource {
	readonly stepsPerEpoch: number;
	readonly #samples: readonly TrainingSample[];
	readonly #foreground: readonly Int32Array[];
	readonly #spec: ExperimentSpec;
	readonly #seed: number;
	#order: { readonly pass: number; readonly indices: readonly number[] } | null = null;

	/** Throws a `RangeError` on no sample. */
	constructor(samples: readonly TrainingSample[], spec: ExperimentSpec, seed: number) {
		if (samples.length === 0) throw new RangeError('no training sample');
		this.#samples = samples;
		this.#spec = spec;
		this.#seed = seed;
		this.stepsPerEpoch = stepsPerEpoch(spec.training, samples.length);
		const needsForeground = spec.prepare.sizing === 'crop' && spec.prepare.foregroundCrops > 0;
		this.#foreground = needsForeground ? samples.map((sample) => foregroundPlaces(sample.classes)) : [];
	}

	/** Which samples make up the batch of a step. */
	indices(step: number): number[] {
		const { batchSize, sampling } = this.#spec.training;
		const count = this.#samples.length;
		return Array.from({ length: batchSize }, (_, slot) => {
			const position = step * batchSize + slot;
			if (sampling === 'with-replacement') return new RandomStream(this.#seed, 'shuffle').integer(position, count);
			return this.#orderOf(Math.floor(position / count))[position % count] ?? 0;
		});
	}

	/** Where the pairs of a step come from and what is done to them. */
	draws(step: number): Draw[] {
		const { augment: spec, prepare } = this.#spec;
		return this.indices(step).map((index, slot) => ({
			index,
			...this.#corner(index, new RandomStream(this.#seed, 'crop', step, slot)),
			augmentation: drawAugmentation(spec, prepare.size, this.#augmentation(step, slot)),
		}));
	}

	/** The prepared and augmented pairs of a step. */
	pairs(step: number): PreparedPair[] {
		return this.draws(step).map((draw) => augment({ ...this.#image(draw), ...this.#mask(draw) }, draw.augmentation));
	}

	/** The labels alone of the pairs so drawn. */
	masks(draws: readonly Draw[]): PreparedMask[] {
		return draws.map((draw) => augmentMask(this.#mask(draw), draw.augmentation));
	}

	/** How the pairs of a step are laid. */
	symmetries(step: number): Symmetry[] {
		return Array.from({ length: this.#spec.training.batchSize }, (_, slot) =>
			drawSymmetry(this.#spec.augment, this.#augmentation(step, slot)),
		);
	}

	#augmentation(step: number, slot: number): RandomStream {
		return new RandomStream(this.#seed, 'augment', step, slot);
	}

	#orderOf(pass: number): readonly number[] {
		if (this.#order?.pass !== pass) {
			this.#order = { pass, indices: new RandomStream(this.#seed, 'shuffle', pass).permutation(this.#samples.length) };
		}
		return this.#order.indices;
	}

	#sampleAt(index: number): TrainingSample {
		const sample = this.#samples[index];
		if (!sample) throw new RangeError(`no training sample ${index}`);
		return sample;
	}

	#corner(index: number, random: RandomStream): { readonly left: number; readonly top: number } {
		const { size, sizing, foregroundCrops } = this.#spec.prepare;
		if (sizing !== 'crop') return { left: 0, top: 0 };
		const { image } = this.#sampleAt(index);
		const room = (length: number): number => Math.max(0, length - size);
		const places = this.#foreground[index];
		if (places && places.length > 0 && random.uniform(2) < foregroundCrops) {
			const place = places[random.integer(3, places.length)] ?? 0;
			const within = (target: number, length: number, draw: number): number =>
				length <= size ? (length - size) >> 1 : Math.min(room(length), Math.max(0, target - random.integer(draw, size)));
			return { left: within(place % image.width, image.width, 4), top: within(Math.floor(place / image.width), image.height, 5) };
		}
		return {
			left: random.integer(0, room(image.width) + 1) + Math.min(0, (image.width - size) >> 1),
			top: random.integer(1, room(image.height) + 1) + Math.min(0, (image.height - size) >> 1),
		};
	}

	/** In the square of the net, before anything is done to it. */
	#image({ index, left, top }: Draw): Omit<PreparedPair, keyof PreparedMask> {
		const { size, sizing } = this.#spec.prepare;
		const { image } = this.#sampleAt(index);
		return { channels: image.channels, image: sizing === 'crop' ? cutImage(image, left, top, size).data : image.data };
	}

	#mask({ index, left, top }: Draw): PreparedMask {
		const { size, sizing } = this.#spec.prepare;
		const { image, classes } = this.#sampleAt(index);
		if (sizing === 'crop') return { size, classes: cutClasses(classes, image.width, image.height, left, top, size) };
		return { size, classes, origin: { classes, symmetry: identity } };
	}
}
