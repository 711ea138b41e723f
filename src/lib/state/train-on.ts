/** Training on: new runs that begin with the weights of others. */
import { AppError } from '#lib/core/errors.ts';
import { checkpointHash } from '#lib/core/hash.ts';
import type { CheckpointManifest, Records } from '#lib/core/records.ts';
import type { ExperimentRecord, WeightsOrigin } from '#lib/core/run.ts';

/** Which weights the new runs begin with: of each run its own, or of one run for all. */
export interface WeightsChoice {
	readonly which: 'best' | 'last';
	/** Null: each run from its own. */
	readonly runId: string | null;
}

function chosen(manifests: readonly CheckpointManifest[], which: WeightsChoice['which']): CheckpointManifest | undefined {
	return manifests.findLast(({ tags }) => which === 'last' || tags.includes('best'));
}

/** Rejects with `checkpoint-missing` when a run has no such weights. */
export async function weightsOrigin(records: Records, experiment: ExperimentRecord, choice: WeightsChoice): Promise<WeightsOrigin> {
	const runs: WeightsOrigin['runs'][number][] = [];
	for (const { id } of experiment.runs) {
		const from = choice.runId ?? id;
		const manifest = chosen(await records.listCheckpoints(experiment.id, from), choice.which);
		if (!manifest) throw new AppError('checkpoint-missing', { run: from });
		runs.push({ runId: id, from, epoch: manifest.epoch, checkpoint: await checkpointHash(manifest) });
	}
	return { experimentId: experiment.id, experimentName: experiment.name, which: choice.which, runs };
}

/** Where the weights at step 0 come from, in words. */
export function originInWords({ experimentName, which, runs }: WeightsOrigin): string {
	const [first] = runs;
	const shared = runs.length > 1 && runs.every(({ from }) => from === first?.from);
	const whose = shared ? `of ${first?.from ?? ''}` : 'of each run';
	const epochs = [...new Set(runs.map(({ epoch }) => epoch))].sort((a, b) => a - b);
	return `${which} weights ${whose} in “${experimentName}”, epoch ${epochs.join(', ')}`;
}
