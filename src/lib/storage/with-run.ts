/** One run changed inside its experiment. */
import type { ExperimentRecord, RunRecord } from '#lib/core/run.ts';

/** The record with `patch` applied to one run; its id stays. Throws when the experiment or the run is not there. */
export function withRun(
	record: ExperimentRecord | undefined,
	experimentId: string,
	runId: string,
	patch: Partial<RunRecord>,
): ExperimentRecord {
	if (!record?.runs.some((run) => run.id === runId)) throw new Error(`There is no run ${runId} in experiment ${experimentId}.`);
	return { ...record, runs: record.runs.map((run) => (run.id === runId ? { ...run, ...patch, id: run.id } : run)) };
}
