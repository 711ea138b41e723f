/** The nets made of tf.layers, trained as TensorFlow.js comes: Adam from tf.train on the mean cross-entropy. */
import { disposeBatch } from '#lib/engine/targets.ts';
import { asTensor4D } from '#lib/engine/tensors.ts';
import { tf } from '#lib/engine/tf.ts';
import { buildUNet, initialise } from '#lib/engine/unet.ts';
import { median } from '../statistics.mjs';
import { batchOf } from './data.ts';
import { netSpec, seed, type NetRequest } from './ours.ts';
import { inRounds, type Protocol, type Stepper, type StepTimes } from './stepper.ts';

/** Batches of an epoch of `fit`. */
const batchesPerEpoch = 10;

function openNet(request: NetRequest) {
	const { channels } = request.net;
	const net = buildUNet(netSpec(request), channels, channels);
	initialise(net, seed);
	return net;
}

function crossEntropy(yTrue: tf.Tensor, logits: tf.Tensor): tf.Scalar {
	return logits.shape.at(-1) === 1
		? tf.losses.sigmoidCrossEntropy<tf.Tensor, tf.Scalar>(yTrue, logits)
		: tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(yTrue, logits);
}

/** A loop of one's own over `minimize`. */
export function openStock(request: NetRequest): Stepper<tf.Scalar> {
	const net = openNet(request);
	const optimizer = tf.train.adam(0.001);
	const batch = batchOf(request.net);
	return {
		parameters: net.logits.countParams(),
		take: () => {
			const loss = optimizer.minimize(() => crossEntropy(batch.yTrue, asTensor4D(net.logits.apply(batch.x, { training: true }))), true);
			if (!loss) throw new Error('The step gave no loss.');
			return loss;
		},
		read: async (taken) => {
			const [only] = taken;
			const together = taken.length === 1 && only ? only : tf.stack([...taken]);
			const losses = [...(await together.data())];
			tf.dispose([together, ...taken]);
			return losses;
		},
		close: () => {
			net.logits.dispose();
			optimizer.dispose();
			disposeBatch(batch);
		},
	};
}

/** `LayersModel.fit` over epochs of ten batches, without callbacks. */
export async function timeFit(request: NetRequest, protocol: Protocol): Promise<StepTimes> {
	const { logits } = openNet(request);
	logits.compile({ optimizer: tf.train.adam(0.001), loss: crossEntropy });
	const batch = batchOf(request.net);
	const options = { batchSize: request.net.batch, verbose: 0 } as const;
	// Epochs of one batch, because `fit` tells the losses of epochs only.
	const { history } = await logits.fit(batch.x, batch.yTrue, { ...options, epochs: protocol.warm });
	const losses = await Promise.all((history['loss'] ?? []).map(async (loss) => (typeof loss === 'number' ? loss : lossOf(loss))));
	const copies = Math.min(batchesPerEpoch, protocol.steps);
	const [x, yTrue] = tf.tidy(() => [tf.tile(batch.x, [copies, 1, 1, 1]), tf.tile(batch.yTrue, [copies, 1, 1, 1])]);
	const epochs = Math.ceil(protocol.steps / copies);
	const rounds = await inRounds(protocol, async () => {
		const startedAt = performance.now();
		await logits.fit(x, yTrue, { ...options, epochs });
		return (performance.now() - startedAt) / (epochs * copies);
	});
	const parameters = logits.countParams();
	logits.dispose();
	disposeBatch(batch);
	tf.dispose([x, yTrue]);
	return { parameters, losses, rounds, msPerStep: median(rounds), hostMs: null, eachReadMs: null };
}

async function lossOf(tensor: tf.Tensor): Promise<number> {
	const [loss = NaN] = await tensor.data();
	tensor.dispose();
	return loss;
}
