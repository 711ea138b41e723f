/** The benches by name. */
import { measureConvolution } from './convolution.ts';
import { heapBytes, openNet, predictImage, profileSteps, timeSteps } from './step.ts';

export const benches = { openNet, timeSteps, profileSteps, heapBytes, predictImage, convolution: measureConvolution };
