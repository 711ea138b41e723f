/** Shapes of results, as TensorFlow.js computes them, with errors that name both shapes. */

export type Shape = readonly number[];

/** What the code does wrong, in words; the recorder adds the line. */
export class GraphError extends Error {
	override readonly name = 'GraphError';
}

/** `[4, 96, 96, 1]` */
export const inWords = (shape: Shape): string => `[${shape.join(', ')}]`;

export const sizeOf = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);

/** The shape of an element-wise result of two tensors: sides are equal, or one of them is 1. */
export function broadcast(op: string, a: Shape, b: Shape): Shape {
	const rank = Math.max(a.length, b.length);
	return Array.from({ length: rank }, (_, place) => {
		const [left = 1, right = 1] = [a[place - rank + a.length], b[place - rank + b.length]];
		if (left !== right && left !== 1 && right !== 1) {
			throw new GraphError(`tf.${op} cannot join the shapes ${inWords(a)} and ${inWords(b)}: from the right, sides must be equal or 1.`);
		}
		return left === 1 ? right : left;
	});
}

/** Axes counted from 0, without repeats; all of them when none is given. */
export function axesOf(op: string, shape: Shape, axes: readonly number[] | undefined): number[] {
	const rank = shape.length;
	const given = axes ?? shape.map((_, axis) => axis);
	const found = given.map((axis) => {
		if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
			throw new GraphError(`tf.${op} has no axis ${axis} in a tensor of shape ${inWords(shape)}.`);
		}
		return axis < 0 ? axis + rank : axis;
	});
	return [...new Set(found)].sort((a, b) => a - b);
}

/** The shape after adding up along axes. */
export function reduced(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
	if (keepDims) return shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
	return shape.filter((_, axis) => !axes.includes(axis));
}

/** The wanted shape with one side of -1 worked out. */
export function reshaped(shape: Shape, wanted: Shape): Shape {
	const known = sizeOf(wanted.filter((side) => side !== -1));
	const open = wanted.filter((side) => side === -1).length;
	const filled = wanted.map((side) => (side === -1 ? sizeOf(shape) / known : side));
	if (open > 1 || filled.some((side) => !Number.isInteger(side) || side < 0) || sizeOf(filled) !== sizeOf(shape)) {
		throw new GraphError(`tf.reshape cannot turn ${inWords(shape)}, ${sizeOf(shape)} numbers, into ${inWords(wanted)}.`);
	}
	return filled;
}

export function concatenated(shapes: readonly Shape[], axis: number): Shape {
	const [first = []] = shapes;
	for (const shape of shapes) {
		if (shape.length !== first.length || shape.some((side, at) => at !== axis && side !== first[at])) {
			throw new GraphError(`tf.concat cannot join ${inWords(first)} and ${inWords(shape)} along axis ${axis}.`);
		}
	}
	return first.map((side, at) => (at === axis ? shapes.reduce((sum, shape) => sum + (shape[at] ?? 0), 0) : side));
}

/** A block of a tensor; a size of -1 reaches to the end. Axes left out are taken whole. */
export function sliced(shape: Shape, begin: readonly number[], size: readonly number[]): { begin: number[]; size: number[] } {
	if (begin.length > shape.length) throw new GraphError(`tf.slice has ${begin.length} starts for a tensor of shape ${inWords(shape)}.`);
	const starts = shape.map((_, axis) => begin[axis] ?? 0);
	const sizes = shape.map((side, axis) => {
		const wanted = size[axis] ?? -1;
		return wanted === -1 ? side - (starts[axis] ?? 0) : wanted;
	});
	const fits = shape.every((side, axis) => {
		const [start = 0, length = 0] = [starts[axis], sizes[axis]];
		return Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length >= 0 && start + length <= side;
	});
	if (!fits) throw new GraphError(`tf.slice from ${inWords(starts)} of size ${inWords(sizes)} does not fit in ${inWords(shape)}.`);
	return { begin: starts, size: sizes };
}

export function multiplied(a: Shape, b: Shape): Shape {
	const [rows, inner] = a.slice(-2);
	const [other, columns] = b.slice(-2);
	if (rows === undefined || inner === undefined || other === undefined || columns === undefined || inner !== other) {
		throw new GraphError(`tf.matMul needs two matrices whose inner sides agree; the shapes are ${inWords(a)} and ${inWords(b)}.`);
	}
	return [...broadcast('matMul', a.slice(0, -2), b.slice(0, -2)), rows, columns];
}

/** [B, H, W, C] after a window of `size` moved by `strides`. */
export function pooled(op: string, shape: Shape, size: number, strides: number, pad: string): Shape {
	const [batch, height, width, channels] = shape;
	if (shape.length !== 4 || batch === undefined || height === undefined || width === undefined || channels === undefined) {
		throw new GraphError(`tf.${op} needs images of shape [B, H, W, C]; this tensor has ${inWords(shape)}.`);
	}
	const side = (length: number) => (pad === 'same' ? Math.ceil(length / strides) : Math.floor((length - size) / strides) + 1);
	return [batch, side(height), side(width), channels];
}
