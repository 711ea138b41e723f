/** The benches by name. */
import { measureConvolution } from './convolution.ts';
import { openNet, profileSteps, timeSteps } from './step.ts';

export const benches = { openNet, timeSteps, profileSteps, convolution: measureConvolution };
