/** The kernels' definitions as plain loops in double precision, images NHWC: the oracle of the tests beside the kernels. */

/** One convolution: sizes of input, kernel, strides and output, and the padding above and to the left. */
export interface Geometry {
	readonly batch: number;
	readonly height: number;
	readonly width: number;
	readonly inChannels: number;
	readonly kernelHeight: number;
	readonly kernelWidth: number;
	readonly outChannels: number;
	readonly stride: number;
	readonly outHeight: number;
	readonly outWidth: number;
	readonly top: number;
	readonly left: number;
}

type Values = ArrayLike<number>;
const at = (values: Values, index: number): number => values[index] ?? NaN;

/** Calls `visit` with the place in x, in the filter (each of channel 0) and in y for every tap of every output pixel inside the image. */
function forEachTap(size: Geometry, visit: (x: number, filter: number, y: number) => void): void {
	for (let image = 0; image < size.batch; image++) {
		for (let pixel = 0; pixel < size.outHeight * size.outWidth; pixel++) {
			const [outRow, outColumn] = [Math.floor(pixel / size.outWidth), pixel % size.outWidth];
			for (let tap = 0; tap < size.kernelHeight * size.kernelWidth; tap++) {
				const row = outRow * size.stride + Math.floor(tap / size.kernelWidth) - size.top;
				const column = outColumn * size.stride + (tap % size.kernelWidth) - size.left;
				if (row < 0 || row >= size.height || column < 0 || column >= size.width) continue;
				const x = ((image * size.height + row) * size.width + column) * size.inChannels;
				const y = (image * size.outHeight * size.outWidth + pixel) * size.outChannels;
				visit(x, tap * size.inChannels * size.outChannels, y);
			}
		}
	}
}

/** y[…, o] = Σ x · w over the taps, and, for the gradient dy of y, dx and dw. */
export function convolution(size: Geometry, x: Values, filter: Values, dy: Values) {
	const { inChannels, outChannels } = size;
	const y = new Float64Array(dy.length);
	const dx = new Float64Array(x.length);
	const dFilter = new Float64Array(filter.length);
	forEachTap(size, (from, weights, to) => {
		for (let i = 0; i < inChannels; i++) {
			const value = at(x, from + i);
			let slope = 0;
			for (let o = 0; o < outChannels; o++) {
				const weight = weights + i * outChannels + o;
				const given = at(dy, to + o);
				y[to + o]! += value * at(filter, weight);
				slope += given * at(filter, weight);
				dFilter[weight]! += value * given;
			}
			dx[from + i]! += slope;
		}
	});
	return { y, dx, dFilter };
}

export interface NormSizes {
	readonly samples: number;
	readonly pixels: number;
	readonly channels: number;
	readonly groups: number;
}

/** Places in [samples, pixels, channels] that are normalised together, and their channels. */
function* groupsOf({
	samples,
	pixels,
	channels,
	groups,
}: NormSizes): Generator<{ places: number[]; channelOf: (place: number) => number }> {
	const width = channels / groups;
	for (let sample = 0; sample < samples; sample++) {
		for (let group = 0; group < groups; group++) {
			const places: number[] = [];
			for (let pixel = 0; pixel < pixels; pixel++) {
				for (let i = 0; i < width; i++) places.push((sample * pixels + pixel) * channels + group * width + i);
			}
			yield { places, channelOf: (place) => place % channels };
		}
	}
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** y = act((x − μ) / √(σ² + ε) · scale + offset), and the gradients for dy. */
export function normalisation(sizes: NormSizes, epsilon: number, relu: boolean, x: Values, scale: Values, offset: Values, dy: Values) {
	const y = new Float64Array(x.length);
	const dx = new Float64Array(x.length);
	const dScale = new Float64Array(sizes.channels);
	const dOffset = new Float64Array(sizes.channels);
	for (const { places, channelOf } of groupsOf(sizes)) {
		const average = mean(places.map((place) => at(x, place)));
		const deviation = Math.sqrt(mean(places.map((place) => (at(x, place) - average) ** 2)) + epsilon);
		const normal = places.map((place) => (at(x, place) - average) / deviation);
		const slopes = places.map((place, index) => {
			const channel = channelOf(place);
			const value = normal[index]! * at(scale, channel) + at(offset, channel);
			y[place] = relu ? Math.max(0, value) : value;
			const dz = relu && value <= 0 ? 0 : at(dy, place);
			dOffset[channel]! += dz;
			dScale[channel]! += dz * normal[index]!;
			return dz * at(scale, channel);
		});
		const level = mean(slopes);
		const tilt = mean(slopes.map((slope, index) => slope * normal[index]!));
		places.forEach((place, index) => {
			dx[place] = (slopes[index]! - level - normal[index]! * tilt) / deviation;
		});
	}
	return { y, dx, dScale, dOffset };
}
