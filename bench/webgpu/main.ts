/** What `bench:gpu` carries to another machine as one file. */
export { layerSpeeds } from './layers.ts';
export { checkKernels, ownSteps, restart, stockSteps } from './steps.ts';
