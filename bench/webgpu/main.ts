/** What `bench:gpu` carries to another machine as one file. */
export { checkKernels, openDevice, restart } from './device.ts';
export { layerSpeeds } from './layers.ts';
export { timeSteps } from './stepper.ts';
export { fitSteps, gpuSteps } from './steps.ts';
export { firstWeights } from './weights.ts';
