/** Type-only names for tfjs' tensors, so that signatures stay short. */
import type { tf, tfl } from './tf.ts';

export type Tensor = tf.Tensor;
export type Tensor4D = tf.Tensor4D;
export type Scalar = tf.Scalar;
export type Variable = tf.Variable;
export type SymbolicTensor = tfl.SymbolicTensor;
export type LayersModel = tfl.LayersModel;
export type Layer = tfl.layers.Layer;
