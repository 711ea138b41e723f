/** The benches by name. */
import { measureConvolution } from './convolution.ts';
import { measureStep } from './step.ts';

export const benches = { step: measureStep, convolution: measureConvolution };
