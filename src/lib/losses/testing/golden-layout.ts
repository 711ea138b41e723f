/** Lays golden numbers out as batches [B, H, W, C], whole or one per expected value. */
import { ignoredClass } from '#lib/core/sample.ts';
import { flatten, shapeOf } from './golden-cases.ts';
import type { GoldenCase } from './golden-cases.ts';
import type { Plan } from './plan.ts';
import { activate } from './activation.ts';
import type { PlainBatch } from './inputs.ts';
import { targetsOf } from './targets.ts';
import * as tf from '@tensorflow/tfjs-core';

type Shape = PlainBatch['shape'];

const numbers = (nested: GoldenCase['yTrue']): number[] => flatten(nested).map((value) => value ?? Number.NaN);

function batchShape(golden: GoldenCase, plan: Plan): Shape {
	const shape = golden.shape;
	const last = shape.at(-1) ?? 1;
	const total = shape.reduce((product, size) => product * size, 1);
	if (plan.rowsAsPixels === true && shape.length > 1 && last !== 1) return [shape[0] ?? 1, 1, total / (shape[0] ?? 1), 1];
	if (shape.length === 4) return [shape[0]!, shape[1]!, shape[2]!, last];
	if (shape.length === 3) return [shape[0]!, shape[1]!, 1, last];
	if (shape.length === 2) return [shape[0]!, 1, 1, last];
	return [total, 1, 1, 1];
}

/** Keeps channels `from`… of channels-last numbers. */
function dropChannels(data: readonly number[], channels: number, from: number): number[] {
	return data.filter((_, i) => i % channels >= from);
}

/** Channel c of image n. */
function slice(data: readonly number[], [, height, width, channels]: Shape, n: number, c: number | null): number[] {
	const size = height * width * channels;
	const image = data.slice(n * size, (n + 1) * size);
	return c === null ? image : image.filter((_, i) => i % channels === c);
}

interface Masked {
	readonly yTrue: readonly number[];
	readonly valid: readonly number[] | undefined;
}

/** Ignored labels, masks and valid lists of the cases as our mask: one entry a pixel. */
function mask(golden: GoldenCase, yTrue: readonly number[], channels: number): Masked {
	if (golden.params.ignoreIndex === ignoredClass) {
		const valid = yTrue.map((value) => (value === ignoredClass ? 0 : 1));
		return { yTrue: yTrue.map((value) => (value === ignoredClass ? 0 : value)), valid };
	}
	const given = golden.params.mask ?? golden.params.validMask;
	const valid = given === undefined ? undefined : numbers(given as GoldenCase['yTrue']);
	return { yTrue, valid: valid?.filter((_, i) => golden.params.mask === undefined || i % channels === 0) };
}

/** The batches of a case: one, or one per image, or one per image and channel. */
export function batchesOf(golden: GoldenCase, plan: Plan): PlainBatch[] {
	const from = plan.dropFirstChannel === true ? 1 : 0;
	const channels = golden.shape.at(-1) ?? 1;
	const reduced = from === 0 ? golden : { ...golden, shape: [...golden.shape.slice(0, -1), channels - from] };
	const shape = batchShape(reduced, plan);
	const given = dropChannels(numbers(golden.yPred), channels, from);
	const truth =
		shapeOf(golden.yTrue).length === golden.shape.length && flatten(golden.yTrue).length * (channels - from) >= given.length
			? dropChannels(numbers(golden.yTrue), channels, from)
			: given.map(() => 0);
	const { yTrue, valid } = mask(golden, truth, shape[3]);
	const whole: PlainBatch = {
		shape,
		yTrue,
		yPred: given,
		activation: plan.activation,
		inverseLogits: plan.logits === 'inverse',
		...(valid === undefined ? {} : { valid }),
	};
	const batch = plan.targets === undefined ? whole : { ...whole, targets: targetsOf(whole, plan.targets) };
	return plan.slices === undefined || plan.slices === 'whole' ? [batch] : sliced(batch, plan.slices);
}

function sliced(batch: PlainBatch, slices: 'sample' | 'class'): PlainBatch[] {
	const [samples, height, width, channels] = batch.shape;
	const activated = tf.tidy(() =>
		Array.from(activate(tf.tensor4d([...batch.yPred], [...batch.shape]), batch.activation ?? 'none').dataSync()),
	);
	const picks = slices === 'sample' ? [null] : Array.from({ length: channels }, (_, c) => c);
	return Array.from({ length: samples }, (_, n) =>
		picks.map((c): PlainBatch => ({
			shape: [1, height, width, c === null ? channels : 1],
			yTrue: slice(batch.yTrue, batch.shape, n, c),
			yPred: slice(activated, batch.shape, n, c),
			activation: 'none',
			inverseLogits: false,
			...(batch.targets === undefined
				? {}
				: { targets: Object.fromEntries(Object.entries(batch.targets).map(([name, map]) => [name, slice(map, batch.shape, n, c)])) }),
		})),
	).flat();
}
