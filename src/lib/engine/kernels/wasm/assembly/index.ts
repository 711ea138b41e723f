/** The exports of both builds of the kernel module; every pointer is an address in TensorFlow.js' own memory. */
export { reluGradient } from './activation';
export { adam, sumOfSquares } from './adam';
export { batchNorm, batchNormGradient } from './batch-norm';
export { convolution, convolutionInputGradient } from './convolution';
export { convolutionFilterGradient } from './filter-gradient';
export { copyRows, sumRows, upsample, upsampleGradient } from './layout';
export { maxPoolGradient } from './pool';
