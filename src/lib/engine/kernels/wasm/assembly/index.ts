/** The exports of both builds of the kernel module; every pointer is an address in TensorFlow.js' own memory. */
export { biasReluGradient, reluGradient } from './activation';
export { convolution, convolutionInputGradient } from './convolution';
export { convolutionFilterGradient } from './filter-gradient';
export { copyRows, sumRows, upsample, upsampleGradient } from './layout';
export { normalize, normalizeGradient } from './norm';
export { adam, rmsProp, sgd, sumOfSquares } from './optimizers';
export { maxPoolGradient } from './pool';
