/** The one door to TensorFlow.js. Nothing else in the project imports it at run time. */
export * as tf from '@tensorflow/tfjs-core';
export * as tfl from '@tensorflow/tfjs-layers';
