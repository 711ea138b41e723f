/** The table of whole numbers that tells `OverlapBatch` how each pair of a batch is made. `ResidentSamples` writes it. */

/** Of a draw: where its sample begins and what is cut, how it is laid, the bits of factor and shift, the stream of its noise. */
export const drawNames = ['start', 'width', 'height', 'left', 'top', 'flip', 'turns', 'factor', 'shift', 'prefix', 'lengthBytes'] as const;

export const numbersOfDraw = drawNames.length;

type DrawName = (typeof drawNames)[number];

/** Where each stands among the numbers of its draw. */
export const drawPlaces: Readonly<Record<DrawName, number>> = {
	start: 0,
	width: 1,
	height: 2,
	left: 3,
	top: 4,
	flip: 5,
	turns: 6,
	factor: 7,
	shift: 8,
	prefix: 9,
	lengthBytes: 10,
};

/** After all draws, of each draw for each place along x and then along y of a zoom. Of the share the bits. */
export const zoomPlaces = { nearest: 0, low: 1, share: 2 } as const;

export const numbersOfPlace = 3;
