/** The small predictions of an experiment, epoch by epoch: from storage when they are asked for, a bounded number in memory. */
import type { Records } from '#lib/core/records.ts';
import type { Preview } from '#lib/core/run.ts';

/** Epochs of runs kept, about 0.3 MB each with twelve images; older ones are read again when needed. */
const kept = 200;

export class Previews {
	readonly #records: Pick<Records, 'getPreviews'>;
	/** Empty while being read, or when there are none. */
	#known = new Map<string, readonly Preview[]>();
	#experimentId: string | null = null;
	#version = $state(0);

	constructor(records: Pick<Records, 'getPreviews'>) {
		this.#records = records;
	}

	/** Forgets all; what is asked for next belongs to this experiment. */
	reset(experimentId: string | null): void {
		this.#experimentId = experimentId;
		this.#known = new Map();
		this.#version++;
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
		this.#known.set(`${runId}/${epoch}`, []);
		const previews = await this.#records.getPreviews(experimentId, runId, epoch);
		if (this.#experimentId === experimentId && previews.length > 0) this.add(runId, epoch, previews);
	}

	#keep(key: string, previews: readonly Preview[]): void {
		this.#known.delete(key);
		this.#known.set(key, previews);
		const [oldest] = this.#known.keys();
		if (this.#known.size > kept && oldest !== undefined) this.#known.delete(oldest);
	}
}
