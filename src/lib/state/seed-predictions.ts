/** What the seeds of one loss predict for one image. */
import type { Preview } from '#lib/core/run.ts';
import type { Training } from './training.svelte.ts';

/** The predictions of all runs with the loss and the fold of this one, at exactly this epoch; runs that have none are left out. */
export function predictionsOverSeeds(
	{ runs, previews }: Pick<Training, 'runs' | 'previews'>,
	runId: string,
	sampleId: string,
	epoch: number,
): readonly Preview[] {
	const own = runs.find(({ id }) => id === runId);
	return runs
		.filter((run) => run.lossKey === own?.lossKey && run.fold === own.fold && run.epoch >= epoch)
		.flatMap((run) => previews.get(run.id, epoch)?.find((preview) => preview.sampleId === sampleId) ?? []);
}
