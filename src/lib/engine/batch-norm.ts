/** tf.layers' own batch normalisation, computed by one kernel each way where the backend has it. Saved models stay stock. */
import { fusedBatchNorm, hasKernel } from './fused.ts';
import type { Layer, Tensor } from './tensor-types.ts';
import { tf, tfl } from './tf.ts';

const epsilon = 1e-5;
/** Share of the old statistics that is kept: new = 0.9 old + 0.1 batch. */
const momentum = 0.9;

function moveTowards(statistic: { read(): Tensor; write(value: Tensor): unknown }, batch: Tensor): void {
	tf.tidy(() => {
		const old = statistic.read();
		statistic.write(tf.sub(old, tf.mul(tf.sub(old, batch), 1 - momentum)));
	});
}

/** [B, H, W, C] → [B, H, W, C]; a stock `BatchNormalization` for whoever opens the saved model. */
export function batchNormalization(name: string): Layer {
	const layer = tfl.layers.batchNormalization({ name, momentum, epsilon });
	const stock = layer.call.bind(layer);
	layer.call = (inputs, kwargs) => {
		const [x] = Array.isArray(inputs) ? inputs : [inputs];
		// tf.layers keeps [gamma, beta, moving mean, moving variance] in this order.
		const [gamma, beta, mean, variance] = layer.weights;
		if (kwargs['training'] !== true || !hasKernel('OverlapBatchNorm') || !x || !gamma || !beta || !mean || !variance)
			return stock(inputs, kwargs);
		return fusedBatchNorm(x, gamma.read(), beta.read(), epsilon, (batchMean, batchVariance) => {
			moveTowards(mean, batchMean);
			moveTowards(variance, batchVariance);
		});
	};
	return layer;
}
