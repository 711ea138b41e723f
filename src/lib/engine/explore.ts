/** What losses say of made-up predictions. */
import type { Explored, ExplorePoint, ExploreRequest } from '#lib/core/explore.ts';
import { LossProbe } from './loss-probe.ts';

/** In the middle of the run, where scheduled losses have both their terms. */
const progress = 0.5;

/** The points of every loss, in the order of the losses. */
export async function explore({ size, classes, predictions, losses }: ExploreRequest): Promise<Explored[]> {
	const logits = predictions.map((prediction) => prediction.map((p) => Math.log(p / (1 - p))));
	const explored: Explored[] = [];
	for (const choice of losses) {
		using probe = new LossProbe(choice, size, classes);
		const points: ExplorePoint[] = [];
		for (const prediction of logits) {
			const { value, slopes } = await probe.at(prediction, progress);
			const sums = [0, 0];
			slopes.forEach((slope, at) => (sums[classes[at] ?? 0] = (sums[classes[at] ?? 0] ?? 0) + slope));
			points.push({ value, foreground: sums[1] ?? 0, background: sums[0] ?? 0 });
		}
		explored.push({ key: choice.key, points });
	}
	return explored;
}
