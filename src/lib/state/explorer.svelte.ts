/** What is explored on the page of a loss: which losses, with which values, on how large an object. */
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { defaultValues, type ParamValue } from '#lib/core/params.ts';
import { findLoss } from '#lib/losses/index.ts';
import { discMask } from '#lib/samples/toy-mask.ts';
import { autoLabel } from './loss-label.ts';

/** As many as can still be told apart side by side. */
export const mostExplored = 4;

export class Explorer {
	losses = $state.raw<readonly LossChoice[]>([]);
	/** Share of the square that the object covers. */
	share = $state(0.1);
	readonly classes = $derived(discMask(this.share));
	#made = 0;

	constructor(lossId: string) {
		this.add(lossId);
	}

	get full(): boolean {
		return this.losses.length >= mostExplored;
	}

	/** Adds a loss with its published values; one that is there already too, to be given others. */
	add(lossId: string): void {
		const loss = findLoss(lossId);
		if (!loss || this.full) return;
		const choice = { loss: lossId, values: defaultValues(loss.params) };
		this.losses = [...this.losses, { ...choice, key: `explored-${++this.#made}`, label: autoLabel(choice), learningRateFactor: 1 }];
	}

	remove(key: string): void {
		this.losses = this.losses.filter((choice) => choice.key !== key);
	}

	change(key: string, values: Readonly<Record<string, ParamValue>>): void {
		this.losses = this.losses.map((choice) => {
			const changed = { ...choice, values: { ...values } };
			return choice.key === key ? { ...changed, label: autoLabel(changed) } : choice;
		});
	}
}
