/**
 * The gradient of a convolution's weights and of its bias as WGSL: for each pair of an input and an output channel and each tap a sum over
 * all pixels of the batch. The pixels are cut into slices. An invocation sums one slice for 4 × 4 channels and a row of the kernel in
 * registers; `sum-slices.ts` then adds the slices in a fixed order, so that the bits are the same in every run.
 */
import {
	declare,
	entry,
	flatGroup,
	lanes,
	partsOf,
	partsReader,
	powerOfTwo,
	quads,
	reader,
	repeat,
	spread,
	whole,
	writer,
	type Part,
} from './wgsl.ts';
import type { Workgroups } from './recorder.ts';
import type { Taps } from './weights.ts';

export interface FilterGradientShape extends Taps {
	readonly batch: number;
	readonly inHeight: number;
	readonly inWidth: number;
	readonly inChannels: number;
	/** The input's channels, tensor by tensor. */
	readonly inputs: readonly Part[];
	readonly outHeight: number;
	readonly outWidth: number;
	readonly outChannels: number;
	/** Whether slopes count only where the convolution's outcome is positive: a ReLU behind it. */
	readonly masked: boolean;
}

/** Pixels that are read at once. */
const length = 4;
/** Invocations that fill a big GPU. */
const enoughInvocations = 32_768;
/** Strips below which a slice is not worth the sums that it leaves. */
const fewestStrips = 4;

interface Plan {
	readonly inSide: number;
	readonly outSide: number;
	readonly inBlocks: number;
	readonly outBlocks: number;
	/** Slices of one workgroup. */
	readonly slicesPerGroup: number;
	readonly slices: number;
	readonly stripsPerRow: number;
	readonly strips: number;
	readonly stripsPerSlice: number;
}

function plan({ batch, inChannels, outHeight, outWidth, outChannels, kernelHeight }: FilterGradientShape): Plan {
	const inSide = powerOfTwo(quads(inChannels), 8);
	const outSide = powerOfTwo(quads(outChannels), 8);
	const inBlocks = Math.ceil(quads(inChannels) / inSide);
	const outBlocks = Math.ceil(quads(outChannels) / outSide);
	const slicesPerGroup = lanes / (inSide * outSide);
	const stripsPerRow = Math.ceil(outWidth / length);
	const strips = batch * outHeight * stripsPerRow;
	const wanted = Math.ceil(enoughInvocations / (kernelHeight * inBlocks * inSide * outBlocks * outSide));
	const stripsPerSlice = Math.max(fewestStrips, Math.ceil(strips / wanted));
	const slices = Math.ceil(strips / stripsPerSlice);
	return { inSide, outSide, inBlocks, outBlocks, slicesPerGroup, slices, stripsPerRow, strips, stripsPerSlice };
}

/** Numbers that a slice leaves: all weights, then the bias. */
export const sliceLength = ({ kernelHeight, kernelWidth, inChannels, outChannels }: FilterGradientShape): number =>
	(kernelHeight * kernelWidth * inChannels + 1) * outChannels;

export const sliceCount = (shape: FilterGradientShape): number => plan(shape).slices;

export function filterGradientWorkgroups(shape: FilterGradientShape): Workgroups {
	const { slices, slicesPerGroup, inBlocks, outBlocks } = plan(shape);
	return spread(Math.ceil(slices / slicesPerGroup), shape.kernelHeight * inBlocks * outBlocks);
}

export const filterGradientKey = (shape: FilterGradientShape): string => `filter gradient ${JSON.stringify(Object.values(shape))}`;

/** Adds the products of one strip: columns `x0` … of the input against the slopes `d0` … */
function addStrip({ inWidth, kernelWidth, strideWidth, left }: FilterGradientShape, parts: number): string {
	const columns = (length - 1) * strideWidth + kernelWidth;
	const readColumn = (index: number): string => `
			var x${index} = vec4<f32>();
			if (first + ${index} >= 0 && first + ${index} < ${inWidth}) { x${index} = readInput(line, first + ${index}, inQuad); }`;
	const product = (pixel: number, tap: number, part: number): string =>
		`sum${tap}_${part} = fma(vec4<f32>(x${pixel * strideWidth + tap}[${part}]), d${pixel}, sum${tap}_${part});`;
	return `
			let first = column * ${strideWidth} - ${left};
			let line = image * inHeight + inRow;
			${repeat(columns, readColumn)}
			${repeat(length, (pixel) => repeat(kernelWidth, (tap) => repeat(parts, (part) => product(pixel, tap, part))))}`;
}

/** Bindings: inputs, slopes, outcome if masked, slices [slices, taps · in · out + out]. */
export function filterGradientCode(shape: FilterGradientShape): string {
	const { inHeight, inWidth, inChannels, inputs, outHeight, outWidth, outChannels, kernelHeight, kernelWidth, strideHeight, top } = shape;
	const { inSide, outSide, outBlocks, slicesPerGroup, slices, stripsPerRow, strips, stripsPerSlice } = plan(shape);
	const parts = Math.min(4, inChannels);
	const bindings = [
		...partsOf('input', inputs),
		{ name: 'slopes', quads: whole(outChannels) },
		...(shape.masked ? [{ name: 'outcome', quads: whole(outChannels) }] : []),
		{ name: 'result', quads: whole(outChannels), written: true },
	];
	const slope = shape.masked ? 'select(vec4<f32>(), readSlopes(row, quad), readOutcome(row, quad) > vec4<f32>())' : 'readSlopes(row, quad)';
	const readSlope = (pixel: number): string =>
		outWidth % length === 0
			? `let d${pixel} = slopeAt(place + ${pixel}, outQuad);`
			: `var d${pixel} = vec4<f32>(); if (column + ${pixel} < ${outWidth}) { d${pixel} = slopeAt(place + ${pixel}, outQuad); }`;
	const store = (tap: number, part: number): string => {
		const write = `writeResult(base + ${tap * inChannels} + 4 * inQuad + ${part}, outQuad, sum${tap}_${part});`;
		return whole(inChannels) || part === 0 ? write : `if (4 * inQuad + ${part} < ${inChannels}) { ${write} }`;
	};
	return `const inHeight = ${inHeight};
${declare(bindings)}
${partsReader('readInput', 'input', inputs, inWidth)}
${reader('readSlopes', 'slopes', outChannels)}
${shape.masked ? reader('readOutcome', 'outcome', outChannels) : ''}
fn slopeAt(row: i32, quad: i32) -> vec4<f32> { return ${slope}; }
${writer('writeResult', 'result', outChannels)}
${entry()} {
	let slice = ${flatGroup} * ${slicesPerGroup} + i32(lane / ${inSide * outSide}u);
	let outQuad = i32(group.z) % ${outBlocks} * ${outSide} + i32(lane % ${outSide}u);
	let inQuad = i32(group.z) / ${outBlocks * kernelHeight} * ${inSide} + i32(lane / ${outSide}u % ${inSide}u);
	let kernelRow = i32(group.z) / ${outBlocks} % ${kernelHeight};
	if (slice >= ${slices} || outQuad >= ${quads(outChannels)} || inQuad >= ${quads(inChannels)}) { return; }
	var bias = vec4<f32>();
	${repeat(kernelWidth, (tap) => repeat(parts, (part) => `var sum${tap}_${part} = vec4<f32>();`))}
	let end = min((slice + 1) * ${stripsPerSlice}, ${strips});
	for (var strip = slice * ${stripsPerSlice}; strip < end; strip++) {
		let column = strip % ${stripsPerRow} * ${length};
		let row = strip / ${stripsPerRow} % ${outHeight};
		let image = strip / ${stripsPerRow * outHeight};
		let place = (image * ${outHeight} + row) * ${outWidth} + column;
		${repeat(length, readSlope)}
		bias += ${Array.from({ length }, (_, pixel) => `d${pixel}`).join(' + ')};
		let inRow = row * ${strideHeight} + kernelRow - ${top};
		if (inRow >= 0 && inRow < inHeight) {${addStrip(shape, parts)}
		}
	}
	let start = slice * ${kernelHeight * kernelWidth * inChannels + 1};
	let base = start + kernelRow * ${kernelWidth * inChannels};
	${repeat(kernelWidth, (tap) => repeat(parts, (part) => store(tap, part)))}
	if (kernelRow == 0 && inQuad == 0) { writeResult(start + ${kernelHeight * kernelWidth * inChannels}, outQuad, bias); }
}`;
}
