/** The table of whole numbers that tells `OverlapBatch` how each pair of a batch is made. `ResidentSamples` writes it. */

/** Of a draw, in this order: where its sample begins and what is cut, how it is laid, the bits of factor and shift, the stream of its noise. */
export const drawNames = ['start', 'width', 'height', 'left', 'top', 'flip', 'turns', 'factor', 'shift', 'prefix', 'lengthBytes'] as const;

export type DrawName = (typeof drawNames)[number];

/** After all draws, of each draw for each place along x and then along y of a zoom. Of the share the bits. */
export const zoomPlaces = { nearest: 0, low: 1, share: 2 } as const;

export const numbersOfPlace = 3;
