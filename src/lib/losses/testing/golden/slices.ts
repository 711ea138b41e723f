/** Parts of what a loss looks at, on the tape: single images, channels and pixels. */
import * as tf from '@tensorflow/tfjs-core';
import type { LossInput, Tensor4D } from '../../contract.ts';
import type { Layout } from './recipe.ts';

const mapTargets = (input: LossInput, change: (map: Tensor4D) => Tensor4D): LossInput['targets'] =>
	Object.fromEntries(Object.entries(input.targets).map(([name, map]) => [name, change(map)]));

/** Applies a change to all maps; `valid` has one channel and may need another. */
function mapInput(input: LossInput, change: (map: Tensor4D) => Tensor4D, changeValid = change): LossInput {
	return {
		...input,
		yTrue: change(input.yTrue),
		logits: change(input.logits),
		yPred: change(input.yPred),
		valid: changeValid(input.valid),
		targets: mapTargets(input, change),
	};
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Sizes to the end, for any number of pixel axes. */
const toEnd = (rank: number): number[] => Array.from({ length: rank }, () => -1);

function part(map: Tensor4D, axis: number, at: number): Tensor4D {
	const rank = map.shape.length;
	const begin = Array.from({ length: rank }, (_, i) => (i === axis ? at : 0));
	const size = toEnd(rank).map((length, i) => (i === axis ? 1 : length));
	return tf.slice(map, begin, size);
}

/** Every image alone. */
export function images(input: LossInput): LossInput[] {
	return range(input.yTrue.shape[0]).map((n) => mapInput(input, (map) => part(map, 0, n)));
}

/** Every channel alone. */
export function channels(input: LossInput): LossInput[] {
	const last = input.yTrue.shape.length - 1;
	return range(input.yTrue.shape.at(-1) ?? 1).map((c) =>
		mapInput(
			input,
			(map) => part(map, last, c),
			(valid) => valid,
		),
	);
}

/** Every pixel alone, with all its channels. */
export function pixels(input: LossInput): LossInput[] {
	const flat = mapInput(input, (map) => tf.reshape(map, [-1, 1, 1, map.shape[3]]));
	return images(flat);
}

/** Every channel of every pixel as a pixel of one channel, in the order of the numbers. */
export function asElements(map: Tensor4D): Tensor4D {
	const [batch, height, width, count] = map.shape;
	return tf.reshape(map, [batch, height, width * count, 1]);
}

/** The case without its first channel. */
export function withoutFirstChannel(layout: Layout): Layout {
	const count = layout.x.shape[3];
	if (count === 1) return layout;
	const drop = (map: Tensor4D): Tensor4D => tf.slice(map, [0, 0, 0, 1], [-1, -1, -1, count - 1]);
	const { counts, shape } = layout;
	const share = (count - 1) / count;
	return {
		...layout,
		x: drop(layout.x),
		yTrue: drop(layout.yTrue),
		validElements: drop(layout.validElements),
		counts: { ...counts, elements: counts.elements * share, validElements: counts.validPixels * (count - 1) },
		shape: [...shape.slice(0, -1), count - 1],
	};
}
