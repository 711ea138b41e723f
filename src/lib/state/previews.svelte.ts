/** The small predictions of an experiment, epoch by epoch: from storage when they are asked for, a bounded number in memory. */
import type { Records } from '#lib/core/records.ts';
import type { Preview } from '#lib/core/run.ts';

/** Kept in memory, bytes: some eighty epochs of runs with sixty images each. Older ones are read again when needed. */
const keptBytes = 128 * 2 ** 20;

const bytesOf = (previews: readonly Preview[]): number => previews.reduce((sum, { data }) => sum + data.length, 0);

export class Previews {
	readonly #records: Pick<Records, 'getPreviews'>;
	readonly #keptBytes: number;
	/** Empty while being read, or when there are none. */
	#known = new Map<string, readonly Preview[]>();
	#knownBytes = 0;
	readonly #reading = new Set<string>();
	/** Images that any epoch seen so far has a preview of. */
	#sampleIds: ReadonlySet<string> = new Set();
	#experimentId: string | null = null;
	#version = $state(0);

	constructor(records: Pick<Records, 'getPreviews'>, limits = { keptBytes }) {
		this.#records = records;
		this.#keptBytes = limits.keptBytes;
	}

	/** Forgets all; what is asked for next belongs to this experiment. */
	reset(experimentId: string | null): void {
		this.#experimentId = experimentId;
		this.#known = new Map();
		this.#knownBytes = 0;
		this.#reading.clear();
		this.#sampleIds = new Set();
		this.#version++;
	}

	/** True when an epoch that was seen has a preview of the image. */
	has(sampleId: string): boolean {
		void this.#version;
		return this.#sampleIds.has(sampleId);
	}

	/** True while the previews of a run's epoch come from storage. */
	isReading(runId: string, epoch: number): boolean {
		void this.#version;
		return this.#reading.has(`${runId}/${epoch}`);
	}

	/** Takes what the trainer has just stored. */
	add(runId: string, epoch: number, previews: readonly Preview[]): void {
		this.#keep(`${runId}/${epoch}`, previews);
		this.#version++;
	}

	/** Predictions of a run's epoch; null while they are read or when there are none. */
	get(runId: string, epoch: number): readonly Preview[] | null {
		void this.#version;
		const key = `${runId}/${epoch}`;
		const known = this.#known.get(key);
		if (known) return known.length > 0 ? known : null;
		if (epoch > 0 && this.#experimentId !== null) void this.#read(this.#experimentId, runId, epoch);
		return null;
	}

	/** The same, once it is read. */
	async load(runId: string, epoch: number): Promise<readonly Preview[]> {
		const known = this.get(runId, epoch);
		if (known || this.#experimentId === null) return known ?? [];
		return this.#records.getPreviews(this.#experimentId, runId, epoch);
	}

	async #read(experimentId: string, runId: string, epoch: number): Promise<void> {
		const key = `${runId}/${epoch}`;
		this.#known.set(key, []);
		this.#reading.add(key);
		const previews = await this.#records.getPreviews(experimentId, runId, epoch);
		if (this.#experimentId !== experimentId) return;
		this.#reading.delete(key);
		this.add(runId, epoch, previews);
	}

	#keep(key: string, previews: readonly Preview[]): void {
		this.#drop(key);
		this.#known.set(key, previews);
		this.#knownBytes += bytesOf(previews);
		if (previews.some(({ sampleId }) => !this.#sampleIds.has(sampleId)))
			this.#sampleIds = new Set([...this.#sampleIds, ...previews.map(({ sampleId }) => sampleId)]);
		for (const oldest of this.#known.keys()) {
			if (this.#knownBytes <= this.#keptBytes || oldest === key) break;
			this.#drop(oldest);
		}
	}

	#drop(key: string): void {
		this.#knownBytes -= bytesOf(this.#known.get(key) ?? []);
		this.#known.delete(key);
	}
}
