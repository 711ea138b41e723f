/**
 * Filters in the order in which the convolution reads them: blocks of eight output channels, in each block one line of eight
 * floats per tap. A last block of at most four channels has lines of four. Channels beyond the last are 0.
 */

/** Channels of the block that starts at `channel`: 8, or 4 where at most four are left. */
// @ts-ignore: decorator
@inline
export function blockWidth(channel: i32, channels: i32): i32 {
	return channels - channel > 4 ? 8 : 4;
}

/** Bytes of a packed filter. */
export function packedFilterBytes(taps: i32, channels: i32): usize {
	const remainder = channels & 7;
	const padded = (channels & ~7) + (remainder == 0 ? 0 : remainder > 4 ? 8 : 4);
	return (<usize>taps * <usize>padded) << 2;
}

/** Packs [taps, channels] as it lies in memory. */
export function packFilter(filter: usize, taps: i32, channels: i32, packed: usize): void {
	for (let first = 0; first < channels; first += 8) {
		const width = blockWidth(first, channels);
		const count = min(width, channels - first);
		let source = filter + (<usize>first << 2);
		for (let tap = 0; tap < taps; tap++) {
			for (let c = 0; c < width; c++) store<f32>(packed + (<usize>c << 2), c < count ? load<f32>(source + (<usize>c << 2)) : 0);
			packed += <usize>width << 2;
			source += <usize>channels << 2;
		}
	}
}

/**
 * Packs the taps of one phase of a filter [kernelHeight, kernelWidth, inChannels, outChannels], turned by 180° and with its channels
 * exchanged: the filter that carries gradients from the outputs back to the inputs. The phase holds the taps `rowPhase`,
 * `rowPhase + strideHeight`, … and likewise for columns, `tapRows` × `tapColumns` of them.
 */
export function packTurnedFilter(
	filter: usize,
	kernelWidth: i32,
	inChannels: i32,
	outChannels: i32,
	rowPhase: i32,
	columnPhase: i32,
	strideHeight: i32,
	strideWidth: i32,
	tapRows: i32,
	tapColumns: i32,
	packed: usize,
): void {
	for (let first = 0; first < inChannels; first += 8) {
		const width = blockWidth(first, inChannels);
		const count = min(width, inChannels - first);
		for (let tapRow = tapRows - 1; tapRow >= 0; tapRow--) {
			const kernelRow = rowPhase + tapRow * strideHeight;
			for (let tapColumn = tapColumns - 1; tapColumn >= 0; tapColumn--) {
				const kernelColumn = columnPhase + tapColumn * strideWidth;
				const tap = <usize>(kernelRow * kernelWidth + kernelColumn) * <usize>inChannels + <usize>first;
				let source = filter + ((tap * <usize>outChannels) << 2);
				for (let o = 0; o < outChannels; o++) {
					for (let c = 0; c < width; c++) {
						const value = c < count ? load<f32>(source + ((<usize>c * <usize>outChannels) << 2)) : 0;
						store<f32>(packed + (<usize>c << 2), value);
					}
					packed += <usize>width << 2;
					source += 4;
				}
			}
		}
	}
}
