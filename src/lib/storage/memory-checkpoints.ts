/** Checkpoints in memory. */
import { AppError } from '#lib/core/errors.ts';
import type { Checkpoint, Records } from '#lib/core/records.ts';
import { nextSequence, superseded } from './retention.ts';
import { candidatesFor, openSealed, sealCheckpoint, type SealedCheckpoint } from './seal.ts';

export interface MemoryCheckpoint extends SealedCheckpoint {
	readonly sequence: number;
	damaged: boolean;
}

export function memoryCheckpoints(state: {
	readonly checkpoints: MemoryCheckpoint[];
	readonly damaged: Set<string>;
}): Pick<Records, 'putCheckpoint' | 'listCheckpoints' | 'getCheckpoint' | 'getCheckpointAt'> {
	const ofRun = (experimentId: string, runId: string): MemoryCheckpoint[] =>
		state.checkpoints.filter(({ manifest }) => manifest.experimentId === experimentId && manifest.runId === runId);
	const open = async (entry: MemoryCheckpoint): Promise<Checkpoint | undefined> => {
		const opened = await openSealed(entry);
		if (opened) return { manifest: structuredClone(opened.manifest), bytes: opened.bytes };
		entry.damaged = true;
		const { experimentId, runId } = entry.manifest;
		state.damaged.add(`checkpoints ${experimentId} ${runId} ${entry.sequence}`);
		return undefined;
	};
	return {
		async putCheckpoint(checkpoint) {
			const sealed = await sealCheckpoint(checkpoint);
			const manifest = structuredClone(sealed.manifest);
			const earlier = ofRun(manifest.experimentId, manifest.runId);
			const written = { ...sealed, manifest, sequence: nextSequence(earlier), damaged: false };
			state.checkpoints.push(written);
			const all = [...earlier, written];
			const gone = new Set(superseded(all));
			for (const entry of all.filter(({ sequence }) => gone.has(sequence))) state.checkpoints.splice(state.checkpoints.indexOf(entry), 1);
		},
		async listCheckpoints(experimentId, runId) {
			return ofRun(experimentId, runId).map(({ manifest }) => structuredClone(manifest));
		},
		async getCheckpoint(experimentId, runId, tag) {
			const candidates = candidatesFor(ofRun(experimentId, runId), tag);
			for (const entry of candidates) {
				const opened = await open(entry);
				if (opened) return opened;
			}
			if (candidates.length > 0) throw new AppError('checkpoint-damaged', { experimentId, runId, tag });
			return undefined;
		},
		async getCheckpointAt(experimentId, runId, place) {
			const entry = ofRun(experimentId, runId)[place];
			return entry && open(entry);
		},
	};
}
