/**
 * The gradient of the input of a convolution whose stride is not 1, as WGSL; a transposed convolution computes it forward.
 *
 * Along a row, pixels that lie a stride apart meet the same taps, each with neighbouring slopes. An invocation keeps a strip of such pixels ×
 * 4 channels in registers and uses the weights of each tap for all of it.
 */
import { declare, entry, flatGroup, lanes, powerOfTwo, quads, reader, repeat, spread, whole, writer } from './wgsl.ts';
import type { ConvolveShape } from './convolve.ts';
import type { Workgroups } from './recorder.ts';
import { weights } from './weights.ts';

/** `source` are the slopes [batch, …, source channels], `target` the input. `top` and `left` pad the input. */
export type StridedGradientShape = Omit<ConvolveShape, 'sources' | 'targets' | 'transposed' | 'masked' | 'bias' | 'relu'>;

/** Pixels of a strip. */
const length = 4;

interface Plan {
	readonly stripsPerRow: number;
	readonly strips: number;
	/** Neighbouring invocations that take neighbouring quads of channels. */
	readonly side: number;
}

function plan({ batch, targetHeight, targetWidth, targetChannels, strideWidth }: StridedGradientShape): Plan {
	const stripsPerRow = strideWidth * Math.ceil(targetWidth / (strideWidth * length));
	return { stripsPerRow, strips: batch * targetHeight * stripsPerRow, side: powerOfTwo(quads(targetChannels), 8) };
}

export function stridedGradientWorkgroups(shape: StridedGradientShape): Workgroups {
	const { strips, side } = plan(shape);
	return spread(Math.ceil((strips * side) / lanes), Math.ceil(quads(shape.targetChannels) / side));
}

export const stridedGradientKey = (shape: StridedGradientShape): string => `strided gradient ${Object.values(shape).join()}`;

/** Bindings: slopes, weights, gradient of the input. */
export function stridedGradientCode(shape: StridedGradientShape): string {
	const { sourceHeight, sourceWidth, sourceChannels, targetHeight, targetWidth, targetChannels } = shape;
	const { kernelHeight, kernelWidth, strideHeight, strideWidth, top, left } = shape;
	const { stripsPerRow, strips, side } = plan(shape);
	const parts = Math.min(4, sourceChannels);
	const add = (pixel: number): string => `
			if (first + ${pixel} >= 0 && first + ${pixel} < ${sourceWidth}) {
				let slope = readSlopes(line + first + ${pixel}, quad);
				${repeat(parts, (part) => `sum${pixel} = fma(w[${part}], vec4<f32>(slope[${part}]), sum${pixel});`)}
			}`;
	const store = (pixel: number): string => {
		const right = pixel * strideWidth;
		return `if (column + ${right} < ${targetWidth}) { writeResult(place + ${right}, targetQuad, sum${pixel}); }`;
	};
	return `${declare([
		{ name: 'slopes', quads: whole(sourceChannels) },
		{ name: 'kernel', quads: whole(sourceChannels) },
		{ name: 'result', quads: whole(targetChannels), written: true },
	])}
${reader('readSlopes', 'slopes', sourceChannels)}
${reader('readWeights', 'kernel', sourceChannels)}
${writer('writeResult', 'result', targetChannels)}
${weights({ ...shape, transposed: true, flipped: false })}
${entry()} {
	let strip = ${flatGroup} * ${lanes / side} + i32(lane / ${side}u);
	let targetQuad = i32(group.z) * ${side} + i32(lane % ${side}u);
	if (strip >= ${strips} || targetQuad >= ${quads(targetChannels)}) { return; }
	let residue = strip % ${strideWidth};
	let block = strip / ${strideWidth} % ${stripsPerRow / strideWidth} * ${length};
	let column = residue + block * ${strideWidth};
	let row = strip / ${stripsPerRow} % ${targetHeight};
	let image = strip / ${stripsPerRow * targetHeight};
	${repeat(length, (pixel) => `var sum${pixel} = vec4<f32>();`)}
	for (var kernelRow = (row + ${top}) % ${strideHeight}; kernelRow < ${kernelHeight}; kernelRow += ${strideHeight}) {
		if (row + ${top} < kernelRow) { break; }
		let sourceRow = (row + ${top} - kernelRow) / ${strideHeight};
		if (sourceRow >= ${sourceHeight}) { continue; }
		let line = (image * ${sourceHeight} + sourceRow) * ${sourceWidth};
		for (var kernelColumn = (residue + ${left}) % ${strideWidth}; kernelColumn < ${kernelWidth}; kernelColumn += ${strideWidth}) {
			let first = (residue + ${left} - kernelColumn) / ${strideWidth} + block;
			for (var quad = 0; quad < ${quads(sourceChannels)}; quad++) {
				let w = weightsOf(kernelRow, kernelColumn, quad, targetQuad);
				${repeat(length, add)}
			}
		}
	}
	let place = (image * ${targetHeight} + row) * ${targetWidth} + column;
	${repeat(length, store)}
}`;
}
