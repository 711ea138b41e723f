/** The maps that losses ask to have prepared once per mask, by name. Pure; the engine makes tensors of them. */
import { ignoredClass } from '#lib/core/sample.ts';
import { connectedComponents } from './components.ts';
import type { Component } from './components.ts';
import { distanceToSet } from './distance.ts';

type Prepare = (classes: Uint8Array, width: number, height: number, channels: number) => Float32Array;

/**
 * For each channel the distance to the border of its class, in pixels: positive outside, to the nearest pixel of the
 * class; negative inside, to the nearest pixel of another. 0 everywhere when the class, or all else, is missing.
 * Ignored pixels belong to neither side.
 */
function signedDistance(classes: Uint8Array, width: number, height: number, channels: number): Float32Array {
	const map = new Float32Array(classes.length * channels);
	for (let channel = 0; channel < channels; channel++) {
		const own = channels === 1 ? 1 : channel;
		const inside = Uint8Array.from(classes, (value) => (value === own ? 1 : 0));
		const outside = Uint8Array.from(classes, (value) => (value !== own && value !== ignoredClass ? 1 : 0));
		if (!inside.includes(1) || !outside.includes(1)) continue;
		const toInside = distanceToSet(inside, width, height);
		const toOutside = distanceToSet(outside, width, height);
		for (let i = 0; i < classes.length; i++) map[i * channels + channel] = inside[i] === 1 ? -toOutside[i]! : toInside[i]!;
	}
	return map;
}

/** Instances further away than this are not looked for, pixels. */
const reach = 64;

/** The gap where fewer than two instances are within reach: so wide that nothing near a border is meant, pixels. */
const noGap = 10000;

/** Distances to one component inside its box grown by `reach`, folded into the two smallest so far. */
function foldInstance(
	nearest: Float64Array,
	second: Float64Array,
	labels: Int32Array,
	label: number,
	box: Component,
	size: { readonly width: number; readonly height: number },
): void {
	const left = Math.max(0, box.left - reach);
	const top = Math.max(0, box.top - reach);
	const width = Math.min(size.width, box.right + reach) - left;
	const height = Math.min(size.height, box.bottom + reach) - top;
	const place = (i: number): number => (top + Math.floor(i / width)) * size.width + left + (i % width);
	const own = Uint8Array.from({ length: width * height }, (_, i) => (labels[place(i)] === label ? 1 : 0));
	distanceToSet(own, width, height).forEach((distance, i) => {
		const index = place(i);
		if (distance < nearest[index]!) {
			second[index] = nearest[index]!;
			nearest[index] = distance;
		} else if (distance < second[index]!) second[index] = distance;
	});
}

/**
 * The sum of the distances to the nearest and the second nearest instance, in pixels: small in the gap between two.
 * Instances are connected parts of a foreground class. The same in every channel.
 */
function instanceGap(classes: Uint8Array, width: number, height: number, channels: number): Float32Array {
	const nearest = new Float64Array(classes.length).fill(Infinity);
	const second = new Float64Array(classes.length).fill(Infinity);
	const { labels, list } = connectedComponents(classes, width, height);
	list.forEach((box, index) => foldInstance(nearest, second, labels, index + 1, box, { width, height }));
	return Float32Array.from({ length: classes.length * channels }, (_, i) => {
		const pixel = Math.floor(i / channels);
		return Math.min(noGap, nearest[pixel]! + second[pixel]!);
	});
}

/** Each must move with flips and quarter turns of the mask, to the bit: prepared maps are kept and laid as the mask is laid. */
const targets: Readonly<Record<string, Prepare>> = { signedDistance, instanceGap };

export const targetNames: readonly string[] = Object.keys(targets);

/**
 * One prepared map [H·W·channels].
 * @param classes class index per pixel [H·W], 255 where the pixel is ignored
 * @param channels outputs of the net: 1 for two classes, otherwise the number of classes
 * @throws RangeError for a name that nothing prepares; the names are those in `targets` of the losses
 */
export function prepareTarget(name: string, classes: Uint8Array, width: number, height: number, channels: number): Float32Array {
	const prepare = targets[name];
	if (prepare === undefined) throw new RangeError(`nothing prepares the target ${name}`);
	return prepare(classes, width, height, channels);
}
