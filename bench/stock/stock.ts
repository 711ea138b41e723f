/** The reference nets without norm in TensorFlow.js as it comes, inside a page: forward, Dice loss, backward, Adam, reading the loss. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import * as layers from '@tensorflow/tfjs-layers';
import { asSymbolic, asTensor4D } from '#lib/engine/tensors.ts';
import { nets } from '../nets.mjs';

interface StockRequest {
	readonly backend: 'cpu' | 'webgl' | 'webgpu';
	readonly net: keyof typeof nets;
	readonly steps: number;
}

function build({ size, base, depth }: (typeof nets)['T']): layers.LayersModel {
	const convolve = (x: layers.SymbolicTensor, filters: number) => {
		const layer = layers.layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' });
		return asSymbolic(layer.apply(x));
	};
	const twice = (x: layers.SymbolicTensor, filters: number) => convolve(convolve(x, filters), filters);
	const input = layers.input({ shape: [size, size, 1] });
	let x = input;
	const skips: layers.SymbolicTensor[] = [];
	for (let level = 0; level < depth; level++) {
		x = twice(x, base * 2 ** level);
		skips.push(x);
		x = asSymbolic(layers.layers.maxPooling2d({ poolSize: 2 }).apply(x));
	}
	x = twice(x, base * 2 ** depth);
	for (const [above, skip] of skips.reverse().entries()) {
		x = asSymbolic(layers.layers.upSampling2d({ size: [2, 2] }).apply(x));
		x = twice(asSymbolic(layers.layers.concatenate().apply([skip, x])), base * 2 ** (depth - 1 - above));
	}
	return layers.model({ inputs: input, outputs: asSymbolic(layers.layers.conv2d({ filters: 1, kernelSize: 1 }).apply(x)) });
}

/** Milliseconds a step, after one that is not timed. */
async function timeSteps({ backend, net, steps }: StockRequest): Promise<{ msPerStep: number; loss: number }> {
	if (!(await tf.setBackend(backend))) throw new Error(`The backend ${backend} did not start.`);
	const { size, batch } = nets[net];
	const model = build(nets[net]);
	const optimizer = tf.train.adam(0.001);
	const truth = tf.tidy(() => {
		const place = tf.range(0, size).sub(size / 2);
		return place
			.square()
			.expandDims(0)
			.add(place.square().expandDims(1))
			.less((size / 4) ** 2)
			.cast('float32')
			.expandDims(0)
			.expandDims(3)
			.tile([batch, 1, 1, 1]);
	});
	const image = tf.tidy(() => tf.randomUniform(truth.shape, 0, 0.3, 'float32', 1).add(truth.mul(0.5)));
	const dice = (): tf.Scalar =>
		tf.tidy(() => {
			const prediction = tf.sigmoid(asTensor4D(model.apply(image, { training: true })));
			const overlap = tf.sum(tf.mul(prediction, truth));
			return tf.sub(1, overlap.add(1).div(tf.add(tf.sum(prediction), tf.sum(truth)).mul(0.5).add(1))).asScalar();
		});
	const step = async () => {
		const value = optimizer.minimize(dice, true);
		if (!value) throw new Error('The step gave no loss.');
		const [loss = NaN] = await value.data();
		value.dispose();
		return loss;
	};
	let loss = await step();
	const start = performance.now();
	for (let count = 0; count < steps; count++) loss = await step();
	const msPerStep = (performance.now() - start) / steps;
	model.dispose();
	optimizer.dispose();
	tf.dispose([truth, image]);
	return { msPerStep, loss };
}

Object.assign(globalThis, { timeSteps });
