/** How a golden case is computed with losses of the shelf. */
import * as tf from '@tensorflow/tfjs-core';
import { isValidValue } from '#lib/core/params.ts';
import type { ParamValue } from '#lib/core/params.ts';
import type { LossInput, Scalar, Tensor4D } from '../../contract.ts';
import { findLoss } from '../../index.ts';
import { Unsupported } from './param-reader.ts';

/** A case laid out as images, before any activation. */
export interface Layout {
	/** [B, H, W, C] the case's yPred, on the tape. */
	readonly x: Tensor4D;
	/** [B, H, W, C] */
	readonly yTrue: Tensor4D;
	/** [B, H, W, 1] pixels that count. */
	readonly valid: Tensor4D;
	/** [B, H, W, C] entries that count. */
	readonly validElements: Tensor4D;
	/** Entries that count, and all. */
	readonly counts: { readonly validPixels: number; readonly pixels: number; readonly validElements: number; readonly elements: number };
	/** Shape of the case's yPred. */
	readonly shape: readonly number[];
	/** Maps for the losses that ask for some. */
	readonly targets: Readonly<Record<string, Tensor4D>>;
}

/** The truth as plain numbers [B, H, W, C], for maps that are prepared off the device. */
export interface PlainTruth {
	readonly shape: readonly [batch: number, height: number, width: number, channels: number];
	readonly yTrue: readonly number[];
	/** Shape of the case: a volume has an axis more. */
	readonly caseShape: readonly number[];
}

export interface Recipe {
	/** Ids on the shelf. */
	readonly losses: readonly string[];
	/** `images`: neighbours matter, so that a volume cannot be laid out as an image. `volumes`: it may stay one. */
	readonly space?: 'images' | 'volumes';
	/** Why this truth cannot be used, if so. */
	refuses?(plain: PlainTruth): string | undefined;
	targets?(plain: PlainTruth): Readonly<Record<string, readonly number[]>>;
	/** The outputs in the order of the case's `expected`. */
	outputs(layout: Layout): readonly Scalar[];
}

/** A loss with its parameters. */
export type Call = (input: LossInput) => Scalar;

/**
 * A loss of the shelf with these parameters.
 * @throws Unsupported when the shelf has no such loss, or it cannot take a value
 */
export function ours(id: string, values: Readonly<Record<string, ParamValue>> = {}): Call {
	const loss = findLoss(id);
	if (loss === undefined) throw new Unsupported(`the shelf has no ${id}`);
	for (const [key, value] of Object.entries(values)) {
		const param = loss.params[key];
		if (param === undefined) throw new Unsupported(`our ${id} has no ${key}`);
		if (!isValidValue(param, value)) throw new Unsupported(`our ${id} takes no ${key} of ${String(value)}`);
	}
	return (input) => loss.compute(tf, input, values);
}

/** Weights and other lists as the `numbers` parameters spell them. */
export const spelled = (values: readonly number[] | undefined): string => values?.join(',') ?? '';

/** factor·a, which costs no op for 1. */
export const times = (a: Scalar, factor: number): Scalar => (factor === 1 ? a : tf.mul(a, factor));

/** a·Σ of scalars. */
export function total(scalars: readonly Scalar[]): Scalar {
	return scalars.reduce((sum, scalar) => tf.add(sum, scalar));
}
