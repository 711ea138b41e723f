/** What makes probabilities, or something like them, of a net's output. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '../contract.ts';

export type Activation = 'sigmoid' | 'softmax' | 'tanh' | 'logSoftmax' | 'none';

export function activate(x: Tensor4D, activation: Activation): Tensor4D {
	switch (activation) {
		case 'sigmoid':
			return tf.sigmoid(x);
		case 'softmax':
			return tf.softmax(x);
		case 'tanh':
			return tf.tanh(x);
		case 'logSoftmax':
			return tf.logSoftmax(x);
		case 'none':
			return x;
		default:
			return activation satisfies never;
	}
}
