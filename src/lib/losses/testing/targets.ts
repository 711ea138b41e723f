/** The maps that a loss asks for, prepared for a batch of plain numbers. */
import { ignoredClass } from '#lib/core/sample.ts';
import { prepareTarget } from '#lib/pixels/targets.ts';
import type { PlainBatch } from './inputs.ts';

/** Each channel on its own, as a mask of one class, so that truth which is not one-hot has maps too. */
export function targetsOf(batch: PlainBatch, names: readonly string[]): Record<string, number[]> {
	const [samples, height, width, channels] = batch.shape;
	const pixels = height * width;
	const channelMap = (name: string, sample: number, channel: number): Float32Array => {
		const classes = Uint8Array.from({ length: pixels }, (_, i) => {
			const pixel = sample * pixels + i;
			return batch.valid?.[pixel] === 0 ? ignoredClass : Number(batch.yTrue[pixel * channels + channel]! > 0.5);
		});
		return prepareTarget(name, classes, width, height, 1);
	};
	const wholeMap = (name: string): number[] => {
		const map = new Array<number>(samples * pixels * channels);
		for (let sample = 0; sample < samples; sample++) {
			for (let channel = 0; channel < channels; channel++) {
				channelMap(name, sample, channel).forEach((value, i) => (map[(sample * pixels + i) * channels + channel] = value));
			}
		}
		return map;
	};
	return Object.fromEntries(names.map((name) => [name, wholeMap(name)]));
}
