/**
 * A convolution as WGSL, and the gradient of its input, which is a convolution as well: of the slopes, with flipped and transposed weights.
 *
 * An invocation keeps a strip of neighbouring pixels × 4 output channels in registers. For a row of the kernel it reads the strip's
 * source pixels once and uses them for every tap in the row. Invocations of one workgroup that differ in output channels read the same
 * pixels, those that differ in pixels the same weights, so that the cache serves both. There is no shared memory and no barrier.
 */
import {
	declare,
	entry,
	flatGroup,
	lanes,
	partsOf,
	partsReader,
	partsWriter,
	powerOfTwo,
	quads,
	reader,
	relu,
	repeat,
	spread,
	whole,
	type Part,
} from './wgsl.ts';
import type { Workgroups } from './recorder.ts';
import { weights, type Taps } from './weights.ts';

/** Sizes from the view of what is computed: `source` is read, `target` is written. */
export interface ConvolveShape extends Taps {
	readonly batch: number;
	readonly sourceHeight: number;
	readonly sourceWidth: number;
	readonly sourceChannels: number;
	/** The source's channels, tensor by tensor. */
	readonly sources: readonly Part[];
	readonly targetHeight: number;
	readonly targetWidth: number;
	readonly targetChannels: number;
	/** The result's, none of half the sides. */
	readonly targets: readonly Part[];
	/** True for the gradient of the input: the weights [h, w, target channels, source channels] are read flipped and transposed. */
	readonly transposed: boolean;
	/** Whether source pixels count only where a second tensor of the same shape is positive: the slope of a ReLU behind the convolution. */
	readonly masked: boolean;
	readonly bias: boolean;
	readonly relu: boolean;
}

/** Strips are shorter where long ones would leave most of a big GPU idle. */
const enoughInvocations = 65_536;

interface Plan {
	/** Pixels of a strip. */
	readonly length: number;
	readonly stripsPerRow: number;
	readonly strips: number;
	/** Neighbouring invocations that take neighbouring quads of output channels. */
	readonly side: number;
}

function plan({ batch, targetHeight, targetWidth, targetChannels }: ConvolveShape): Plan {
	const invocations = (length: number): number => batch * targetHeight * Math.ceil(targetWidth / length) * quads(targetChannels);
	const length = targetWidth >= 8 && invocations(8) >= enoughInvocations ? 8 : targetWidth >= 4 ? 4 : targetWidth;
	const stripsPerRow = Math.ceil(targetWidth / length);
	return { length, stripsPerRow, strips: batch * targetHeight * stripsPerRow, side: powerOfTwo(quads(targetChannels), 8) };
}

export function convolveWorkgroups(shape: ConvolveShape): Workgroups {
	const { strips, side } = plan(shape);
	return spread(Math.ceil((strips * side) / lanes), Math.ceil(quads(shape.targetChannels) / side));
}

export const convolveKey = (shape: ConvolveShape): string => `convolve ${JSON.stringify(Object.values(shape))}`;

/** The sum over one row of the kernel: source columns `s0` …, then every tap. */
function rowOfKernel(shape: ConvolveShape, { length, stripsPerRow }: Plan): string {
	const { sourceWidth, sourceChannels, kernelWidth, strideWidth, left, masked } = shape;
	const columns = (length - 1) * strideWidth + kernelWidth;
	const lastStrip = (stripsPerRow - 1) * length * strideWidth;
	const column = (index: number): string => {
		const value = `${masked ? 'readMasked' : 'readSource'}(line, first + ${index}, quad)`;
		const inside = index >= left && lastStrip + index - left < sourceWidth;
		// `select` would read outside of the row, too.
		if (inside) return `let s${index} = ${value};`;
		return `var s${index} = vec4<f32>(); if (first + ${index} >= 0 && first + ${index} < ${sourceWidth}) { s${index} = ${value}; }`;
	};
	const parts = Math.min(4, sourceChannels);
	const tap = (kernelColumn: number): string => `
			{
				let w = weightsOf(kernelRow, ${kernelColumn}, quad, targetQuad);
				${repeat(length, (pixel) =>
					repeat(
						parts,
						(part) => `sum${pixel} = fma(w[${part}], vec4<f32>(s${pixel * strideWidth + kernelColumn}[${part}]), sum${pixel});`,
					),
				)}
			}`;
	return `
		for (var quad = 0; quad < ${quads(sourceChannels)}; quad++) {
			${repeat(columns, column)}
			${repeat(kernelWidth, tap)}
		}`;
}

/** Bindings: sources, mask if masked, weights, bias if there is one, results. */
export function convolveCode(shape: ConvolveShape): string {
	const { sourceHeight, sourceWidth, sourceChannels, sources, targetHeight, targetWidth, targetChannels, targets } = shape;
	const { kernelHeight, strideHeight, strideWidth, top, left } = shape;
	const planned = plan(shape);
	const { length, stripsPerRow, strips, side } = planned;
	const bindings = [
		...partsOf('source', sources),
		...(shape.masked ? [{ name: 'outcome', quads: whole(sourceChannels) }] : []),
		{ name: 'kernel', quads: whole(shape.transposed ? sourceChannels : targetChannels) },
		...(shape.bias ? [{ name: 'bias', quads: whole(targetChannels) }] : []),
		...partsOf('result', targets, true),
	];
	const value = (pixel: number): string => {
		const sum = shape.bias ? `(sum${pixel} + offset)` : `sum${pixel}`;
		return shape.relu ? relu(sum) : sum;
	};
	const store = (pixel: number): string => {
		const write = `writeResult(place + ${pixel}, targetQuad, ${value(pixel)});`;
		return targetWidth % length === 0 ? write : `if (column + ${pixel} < ${targetWidth}) { ${write} }`;
	};
	return `${declare(bindings)}
${partsReader('readSource', 'source', sources, sourceWidth)}
${
	shape.masked
		? `${reader('readOutcome', 'outcome', sourceChannels)}
fn readMasked(line: i32, column: i32, quad: i32) -> vec4<f32> {
	return select(vec4<f32>(), readSource(line, column, quad), readOutcome(line * ${sourceWidth} + column, quad) > vec4<f32>());
}`
		: ''
}
${reader('readWeights', 'kernel', shape.transposed ? sourceChannels : targetChannels)}
${shape.bias ? reader('readBias', 'bias', targetChannels) : ''}
${partsWriter('writeResult', 'result', targets)}
${weights({ ...shape, flipped: shape.transposed })}
${entry()} {
	let strip = ${flatGroup} * ${lanes / side} + i32(lane / ${side}u);
	let targetQuad = i32(group.z) * ${side} + i32(lane % ${side}u);
	if (strip >= ${strips} || targetQuad >= ${quads(targetChannels)}) { return; }
	let column = strip % ${stripsPerRow} * ${length};
	let row = strip / ${stripsPerRow} % ${targetHeight};
	let image = strip / ${stripsPerRow * targetHeight};
	let first = column * ${strideWidth} - ${left};
	${repeat(length, (pixel) => `var sum${pixel} = vec4<f32>();`)}
	for (var kernelRow = 0; kernelRow < ${kernelHeight}; kernelRow++) {
		let sourceRow = row * ${strideHeight} + kernelRow - ${top};
		if (sourceRow < 0 || sourceRow >= ${sourceHeight}) { continue; }
		let line = image * ${sourceHeight} + sourceRow;${rowOfKernel(shape, planned)}
	}
	${shape.bias ? 'let offset = readBias(0, targetQuad);' : ''}
	let place = (image * ${targetHeight} + row) * ${targetWidth} + column;
	${repeat(length, store)}
}`;
}
