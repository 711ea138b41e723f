/** Narrowing from what tf.layers returns to what the engine works with. */
import type { Scalar, SymbolicTensor, Tensor4D } from './tensor-types.ts';
import { tf, tfl } from './tf.ts';

/** The tensor that a layer or model returned for one tensor. Throws a `TypeError` on anything else. */
export function asTensor4D(value: unknown): Tensor4D {
	if (value instanceof tf.Tensor && isRank4(value)) return value;
	throw new TypeError('expected one tensor of rank 4');
}

function isRank4(tensor: tf.Tensor): tensor is Tensor4D {
	return tensor.rank === 4;
}

/** The symbolic output of a layer applied while a model is being built. */
export function asSymbolic(value: unknown): SymbolicTensor {
	if (value instanceof tfl.SymbolicTensor) return value;
	throw new TypeError('expected a symbolic tensor');
}

function isScalar(tensor: tf.Tensor): tensor is Scalar {
	return tensor.rank === 0;
}

/** A tensor with one element as a scalar. */
export function asScalar(tensor: tf.Tensor): Scalar {
	const scalar = tensor.rank === 0 ? tensor : tf.reshape(tensor, []);
	if (isScalar(scalar)) return scalar;
	throw new TypeError('expected a scalar');
}
