/** A loss against one square mask, asked about one prediction after the other. No net is needed. */
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { identity } from '#lib/pixels/symmetry.ts';
import { activate } from './forward.ts';
import { RunLoss } from './run-loss.ts';
import { disposeBatch, toBatch, type Batch } from './targets.ts';
import { asScalar, asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';

export interface Probed {
	readonly value: number;
	/** ∂L/∂logit of each pixel. */
	readonly slopes: Float32Array;
}

/** Two classes only: one logit a pixel. Graphs of own losses must be recorded for one image of this size. */
export class LossProbe implements Disposable {
	readonly #loss: RunLoss;
	readonly #batch: Batch;
	readonly #size: number;

	/** @param classes size² entries: 0, 1, or `ignoredClass` */
	constructor(choice: LossChoice, size: number, classes: Uint8Array) {
		const classPixels = [0, 1].map((value) => Math.max(1, classes.filter((at) => at === value).length));
		this.#loss = new RunLoss(choice, { classPixels });
		this.#size = size;
		const pair = { size, channels: 1, image: new Float32Array(size * size), classes, origin: { classes, symmetry: identity } };
		this.#batch = toBatch([pair], 1, this.#loss.targetNames);
	}

	/** @param logits size² entries */
	async at(logits: Float32Array, progress: number): Promise<Probed> {
		const { yTrue, valid, targets } = this.#batch;
		const { value, grad } = tf.tidy(() =>
			tf.valueAndGrad((z) => {
				const at = asTensor4D(z);
				return asScalar(this.#loss.compute({ yTrue, valid, targets, logits: at, yPred: activate(at), progress }));
			})(tf.tensor4d(logits, [1, this.#size, this.#size, 1])),
		);
		const [[number = Number.NaN], slopes] = [await value.data(), await grad.data<'float32'>()];
		tf.dispose([value, grad]);
		return { value: number, slopes };
	}

	[Symbol.dispose](): void {
		disposeBatch(this.#batch);
		this.#loss[Symbol.dispose]();
	}
}
