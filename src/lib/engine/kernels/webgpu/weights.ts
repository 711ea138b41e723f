/** Reading a convolution's weights in WGSL, four source channels × four target channels at a time. */
import { whole } from './wgsl.ts';

/** Where the weights of a convolution lie on what they are multiplied with. */
export interface Taps {
	readonly kernelHeight: number;
	readonly kernelWidth: number;
	readonly strideHeight: number;
	readonly strideWidth: number;
	/** Padding of what is read. */
	readonly top: number;
	readonly left: number;
}

export interface WeightsShape extends Pick<Taps, 'kernelHeight' | 'kernelWidth'> {
	readonly sourceChannels: number;
	readonly targetChannels: number;
	/** Whether they are stored as [h, w, target channels, source channels], as the gradient of the input sees them. */
	readonly transposed: boolean;
	/** Whether the last tap counts as the first. */
	readonly flipped: boolean;
}

/**
 * A function `weightsOf(kernelRow, kernelColumn, quad, targetQuad)`: the four weights that lead from each channel of a source quad to a
 * target quad. Needs `readWeights`, a reader of rows of the stored weights.
 */
export function weights({ kernelHeight, kernelWidth, sourceChannels, targetChannels, transposed, flipped }: WeightsShape): string {
	const tap = flipped
		? `((${kernelHeight - 1} - kernelRow) * ${kernelWidth} + ${kernelWidth - 1} - kernelColumn)`
		: `(kernelRow * ${kernelWidth} + kernelColumn)`;
	const rows = transposed ? targetChannels : sourceChannels;
	const [row, column] = transposed ? ['4 * targetQuad', 'quad'] : ['4 * quad', 'targetQuad'];
	const read = (part: number): string => {
		const value = `readWeights(${tap} * ${rows} + ${row} + ${part}, ${column})`;
		if (whole(rows) || part === 0) return value;
		return `select(vec4<f32>(), ${value}, ${row} + ${part} < ${rows})`;
	};
	const matrix = `mat4x4<f32>(${[0, 1, 2, 3].map(read).join(', ')})`;
	return `
fn weightsOf(kernelRow: i32, kernelColumn: i32, quad: i32, targetQuad: i32) -> mat4x4<f32> {
	return ${transposed ? `transpose(${matrix})` : matrix};
}`;
}
