/** Inference on whole images of any size: cut or placed into the net's square, predicted in batches, put back together. */
import type { PrepareSpec } from '#lib/core/experiment.ts';
import type { PreparedPair } from '#lib/pixels/augment.ts';
import { cutClasses, cutImage, placeClasses, placeImage, placementOf, unplace } from '#lib/pixels/place.ts';
import type { FloatImage } from '#lib/pixels/resize.ts';
import { identity } from '#lib/pixels/symmetry.ts';
import { TileBlender, tilesOf } from '#lib/pixels/tiles.ts';
import type { TargetMaps } from './target-maps.ts';
import { disposeBatch, toBatch, type Batch } from './targets.ts';
import type { Scalar, Tensor, Tensor4D } from './tensor-types.ts';
import { asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';
import type { UNet } from './unet.ts';

/** A normalised image at its own size; `classes` when its truth is known. */
export interface WholeImage {
	readonly image: FloatImage;
	readonly classes: Uint8Array | null;
}

/** The loss to measure along the way, on the squares that have a truth. */
export interface MeasureLoss {
	/** What it needs prepared from the masks, and where that is kept. */
	readonly targetNames: readonly string[];
	readonly maps: TargetMaps;
	compute(batch: Batch, logits: Tensor4D, yPred: Tensor4D): Scalar;
}

export interface WholePrediction<Image extends WholeImage> {
	/** What was predicted on. */
	readonly source: Image;
	/** Probabilities at the image's own size, [height, width, outputs]. */
	readonly probabilities: FloatImage;
	/** Mean of the measured loss over the image's squares; null when none was asked for. */
	readonly loss: number | null;
}

interface Square {
	readonly pair: PreparedPair;
	readonly take: (prediction: Float32Array, loss: number | null) => void;
}

/** `sigmoid` for one output, `softmax` over the last axis otherwise. */
export function activate(logits: Tensor4D): Tensor4D {
	return logits.shape[3] === 1 ? tf.sigmoid(logits) : tf.softmax(logits);
}

async function predictBatch(net: UNet, squares: readonly Square[], outputs: number, measure: MeasureLoss | null): Promise<void> {
	const batch = toBatch(
		squares.map((square) => square.pair),
		outputs,
		measure?.targetNames ?? [],
		measure?.maps,
	);
	const [yPred, loss] = tf.tidy((): Tensor[] => {
		const logits = asTensor4D(net.logits.apply(batch.x, { training: false }));
		const probabilities = activate(logits);
		return measure ? [probabilities, measure.compute(batch, logits, probabilities)] : [probabilities];
	});
	disposeBatch(batch);
	if (!yPred) throw new TypeError('the net returned nothing');
	const data = await yPred.data<'float32'>();
	const lossValue = (await loss?.data())?.[0] ?? null;
	tf.dispose(loss ? [yPred, loss] : yPred);
	const length = data.length / squares.length;
	squares.forEach((square, i) => {
		square.take(data.subarray(i * length, (i + 1) * length), lossValue);
	});
}

/** The squares of one image, and what becomes of their predictions. */
function squaresOf(
	whole: WholeImage,
	prepare: PrepareSpec,
	outputs: number,
	losses: number[],
	done: (probabilities: FloatImage) => void,
): Square[] {
	const { image } = whole;
	const { width, height, channels } = image;
	const { size } = prepare;
	// The same squares of the same images are scored after every epoch.
	const pairOf = (square: FloatImage, truth: Uint8Array | null): PreparedPair => {
		const classes = truth ?? new Uint8Array(size * size);
		return { size, channels, image: square.data, classes, origin: { classes, symmetry: identity } };
	};
	const keep = (loss: number | null): void => {
		if (loss !== null) losses.push(loss);
	};
	if (prepare.sizing !== 'crop') {
		const place = placementOf(width, height, size, prepare.sizing);
		const classes = whole.classes && placeClasses(whole.classes, width, height, place);
		const take = (prediction: Float32Array, loss: number | null): void => {
			keep(loss);
			done(unplace({ width: size, height: size, channels: outputs, data: prediction }, place, width, height));
		};
		return [{ pair: pairOf(placeImage(image, place), classes), take }];
	}
	const tiles = tilesOf(width, height, size);
	const blender = new TileBlender(width, height, outputs, size);
	let left = tiles.length;
	return tiles.map((tile) => ({
		pair: pairOf(
			cutImage(image, tile.left, tile.top, size),
			whole.classes && cutClasses(whole.classes, width, height, tile.left, tile.top, size),
		),
		take: (prediction, loss) => {
			keep(loss);
			blender.add(tile, prediction);
			if (--left === 0) done(blender.result());
		},
	}));
}

/** Predicts images one after the other, `batch` squares at a time. */
export async function* predictWhole<Image extends WholeImage>(
	net: UNet,
	images: Iterable<Image> | AsyncIterable<Image>,
	options: { readonly prepare: PrepareSpec; readonly outputs: number; readonly batch: number; readonly measure?: MeasureLoss },
): AsyncGenerator<WholePrediction<Image>> {
	const { prepare, outputs, batch, measure = null } = options;
	const ready: WholePrediction<Image>[] = [];
	const waiting: Square[] = [];
	for await (const whole of images) {
		const losses: number[] = [];
		const done = (probabilities: FloatImage): void => {
			const loss = losses.length > 0 ? losses.reduce((sum, value) => sum + value, 0) / losses.length : null;
			ready.push({ source: whole, probabilities, loss });
		};
		waiting.push(...squaresOf(whole, prepare, outputs, losses, done));
		while (waiting.length >= batch) await predictBatch(net, waiting.splice(0, batch), outputs, measure);
		while (ready.length > 0) yield* ready.splice(0, 1);
	}
	if (waiting.length > 0) await predictBatch(net, waiting, outputs, measure);
	yield* ready;
}
