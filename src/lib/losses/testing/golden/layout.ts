/** Lays a golden case out as images [B, H, W, C], channels last. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '../../contract.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import type { Layout, PlainTruth, Recipe } from './recipe.ts';
import { numbersOf, sizeOf } from './types.ts';
import type { GoldenInput, Nested } from './types.ts';

/** A case in plain numbers, laid out. */
export interface PlainLayout extends PlainTruth {
	/** Shape of the tensors: that of the images, or of volumes [B, D, H, W, C]. */
	readonly tensorShape: readonly number[];
	readonly yPred: readonly number[];
	/** 1 where an entry counts [B, H, W, C]. */
	readonly valid: readonly number[];
}

/** What the case says about pixels that do not count. */
export interface Exclusions {
	readonly ignoreIndex: number | null;
	readonly validMask: Nested | undefined;
}

export function readExclusions(read: ParamReader): Exclusions {
	return { ignoreIndex: read.optionalNumber('ignoreIndex'), validMask: read.nested('validMask') };
}

function imageShape(shape: readonly number[]): PlainTruth['shape'] {
	const [first = 1, second = 1, third = 1, fourth = 1, fifth = 1] = shape;
	switch (shape.length) {
		case 1:
			return [first, 1, 1, 1];
		case 2:
			return [first, 1, 1, second];
		case 3:
			return [first, second, 1, third];
		case 4:
			return [first, second, third, fourth];
		case 5:
			return [first, second * third, fourth, fifth];
		default:
			throw new Unsupported(`yPred has ${shape.length} axes`);
	}
}

/** Masks of pixels and ignored labels together, for each entry. */
function validEntries(yTrue: readonly number[], channels: number, { ignoreIndex, validMask }: Exclusions): number[] {
	const mask = validMask === undefined ? undefined : numbersOf(validMask);
	if (mask !== undefined && mask.length * channels !== yTrue.length) throw new Unsupported('validMask has not one entry a pixel');
	return yTrue.map((label, i) => (label === ignoreIndex || mask?.[Math.floor(i / channels)] === 0 ? 0 : 1));
}

/** @throws Unsupported when the case cannot be laid out for the recipe */
export function layOut(golden: GoldenInput, recipe: Recipe, exclusions: Exclusions): PlainLayout {
	const { shape } = golden;
	const isVolume = shape.length === 5;
	if (isVolume && recipe.space === 'images') throw new Unsupported('three-dimensional; ours looks at neighbours in the image');
	const yPred = numbersOf(golden.yPred);
	if (yPred.length !== sizeOf(shape)) throw new Unsupported('yPred is not of the shape that the case gives');
	const given = numbersOf(golden.yTrue);
	const truth = given.length === yPred.length ? given : yPred.map(() => 0);
	const images = imageShape(shape);
	const valid = validEntries(truth, images[3], exclusions);
	return {
		shape: images,
		tensorShape: isVolume && recipe.space === 'volumes' ? shape : images,
		caseShape: shape,
		yPred,
		yTrue: truth.map((label) => (label === exclusions.ignoreIndex ? 0 : label)),
		valid,
	};
}

/** Whether every channel of each pixel counts. */
function validPixels(valid: readonly number[], channels: number): number[] {
	return Array.from({ length: valid.length / channels }, (_, pixel) =>
		Math.min(...Array.from({ length: channels }, (_entry, c) => valid[pixel * channels + c] ?? 0)),
	);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The tensors of a layout, with yPred on the tape. Volumes have one axis more than the types say: only tests lay out such. */
export function tensorsOf(plain: PlainLayout, recipe: Recipe, x: tf.Tensor): Layout {
	const channels = plain.shape[3];
	const tensor = (data: readonly number[], last: number): Tensor4D =>
		tf.tensor<tf.Rank>([...data], [...plain.tensorShape.slice(0, -1), last], 'float32') as Tensor4D;
	const pixels = validPixels(plain.valid, channels);
	const maps = recipe.targets?.(plain) ?? {};
	return {
		x: x as Tensor4D,
		yTrue: tensor(plain.yTrue, channels),
		valid: tensor(pixels, 1),
		validElements: tensor(plain.valid, channels),
		counts: { validPixels: sum(pixels), pixels: pixels.length, validElements: sum(plain.valid), elements: plain.valid.length },
		shape: plain.caseShape,
		targets: Object.fromEntries(Object.entries(maps).map(([name, data]) => [name, tensor(data, channels)])),
	};
}
