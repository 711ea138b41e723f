/** Training samples in the GPU's memory, and batches that are cut and augmented there: contract of `OverlapBatch` in `kernels/webgpu/register.ts`. */
import { inputChannels, type ExperimentSpec } from '#lib/core/experiment.ts';
import { zoomAxis, type Augmentation } from '#lib/pixels/augment.ts';
import { drawNames, numbersOfPlace, zoomPlaces, type DrawName } from './batch-table.ts';
import type { Draw, TrainingSample } from './batches.ts';
import { hasKernel, runKernel } from './fused.ts';
import type { Batch } from './targets.ts';
import type { Tensor } from './tensor-types.ts';
import { asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';

/** Memory that the samples of one experiment may take; of more than that, batches are made on the host. */
const mostBytes = 2 ** 28;

const bitsOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;

export class ResidentSamples implements Disposable {
	/** First pixel of each sample among all. */
	readonly #starts: readonly number[];
	readonly #samples: readonly TrainingSample[];
	/** [pixels · channels] */
	readonly #images: Tensor;
	/** Four class indices to a whole number. */
	readonly #classes: Tensor;
	readonly #spec: ExperimentSpec;
	readonly #outputs: number;

	private constructor(samples: readonly TrainingSample[], spec: ExperimentSpec, outputs: number, pixels: number) {
		const channels = inputChannels(spec.prepare);
		const images = new Float32Array(pixels * channels);
		const classes = new Uint8Array(Math.ceil(pixels / 4) * 4);
		let start = 0;
		this.#starts = samples.map((sample) => {
			images.set(sample.image.data, start * channels);
			classes.set(sample.classes, start);
			start += sample.classes.length;
			return start - sample.classes.length;
		});
		this.#samples = samples;
		this.#spec = spec;
		this.#outputs = outputs;
		this.#images = tf.tensor1d(images);
		this.#classes = tf.tensor1d(new Int32Array(classes.buffer), 'int32');
	}

	/**
	 * Null where the backend has no kernel for it, or the samples take too much memory.
	 * @param largestBytes of one buffer
	 */
	static open(samples: readonly TrainingSample[], spec: ExperimentSpec, outputs: number, largestBytes: number): ResidentSamples | null {
		const pixels = samples.reduce((sum, { classes }) => sum + classes.length, 0);
		const bytes = 4 * pixels * inputChannels(spec.prepare);
		if (!hasKernel('OverlapBatch') || bytes > Math.min(mostBytes, largestBytes)) return null;
		return new ResidentSamples(samples, spec, outputs, pixels);
	}

	/** The tensors of a batch without prepared targets; the caller disposes them. The labels of `toBatch` of the draws' pairs, and its images but for rounding. */
	batch(draws: readonly Draw[]): Batch {
		const { prepare, augment } = this.#spec;
		const channels = inputChannels(prepare);
		const attrs = { count: draws.length, size: prepare.size, channels, outputs: this.#outputs };
		const [x, yTrue, valid] = tf.tidy(() => {
			const table = tf.tensor1d(this.#tableOf(draws), 'int32');
			const parts = runKernel(
				'OverlapBatch',
				{ images: this.#images, classes: this.#classes, table },
				{ ...attrs, zooms: augment.scale > 0 },
			);
			if (augment.brightness === 0 && augment.contrast === 0 && augment.noise === 0) return parts;
			const [laid, ...truth] = parts;
			if (!laid) throw new TypeError('a batch has no images');
			const mean = tf.mean(tf.reshape(laid, [draws.length, -1]), 1);
			const changed = runKernel('OverlapIntensity', { x: laid, mean, table }, { ...attrs, noise: augment.noise });
			return [...changed, ...truth];
		});
		return { x: asTensor4D(x), yTrue: asTensor4D(yTrue), valid: asTensor4D(valid), targets: {} };
	}

	/** Of each draw its numbers, then, where the spec zooms, of each draw the places along x and along y. */
	#tableOf(draws: readonly Draw[]): Int32Array {
		const { size } = this.#spec.prepare;
		const zooms = this.#spec.augment.scale > 0;
		const lengthOfZoom = zooms ? 2 * size * numbersOfPlace : 0;
		const table = new Int32Array(draws.length * (drawNames.length + lengthOfZoom));
		draws.forEach((draw, slot) => {
			table.set(this.#numbersOf(draw), slot * drawNames.length);
			if (zooms) table.set(placesOf(draw.augmentation, size), draws.length * drawNames.length + slot * lengthOfZoom);
		});
		return table;
	}

	#numbersOf({ index, left, top, augmentation: { symmetry, intensity } }: Draw): number[] {
		const image = this.#samples[index]?.image;
		const start = this.#starts[index];
		if (!image || start === undefined) throw new RangeError(`no training sample ${index}`);
		const { factor, shift, random } = intensity ?? { factor: 1, shift: 0, random: null };
		const numbers: Record<DrawName, number> = {
			start,
			width: image.width,
			height: image.height,
			left,
			top,
			flip: symmetry.flip ? 1 : 0,
			turns: symmetry.turns,
			factor: bitsOf(factor),
			shift: bitsOf(shift),
			prefix: random?.prefix ?? 0,
			lengthBytes: random?.lengthBytes ?? 0,
		};
		return drawNames.map((name) => numbers[name]);
	}

	[Symbol.dispose](): void {
		tf.dispose([this.#images, this.#classes]);
	}
}

/** Of each target pixel along x, then along y: the nearest source pixel, the one before, and the share of the next one. */
function placesOf({ zoom }: Augmentation, size: number): Int32Array {
	const places = new Int32Array(2 * size * numbersOfPlace);
	const { factor, shiftX, shiftY } = zoom ?? { factor: 1, shiftX: 0, shiftY: 0 };
	[shiftX, shiftY].forEach((shift, axis) => {
		const { nearest, low, share } = zoomAxis(size, factor, shift);
		nearest.forEach((from, place) => {
			const row = (axis * size + place) * numbersOfPlace;
			places[row + zoomPlaces.nearest] = from;
			places[row + zoomPlaces.low] = low[place] ?? 0;
			places[row + zoomPlaces.share] = bitsOf(share[place] ?? 0);
		});
	});
	return places;
}
