/** What this tab computes with: a person's choice, kept from visit to visit, and what was started for it. */
import type { Records } from '#lib/core/records.ts';
import type { BackendName, BackendReport } from '#lib/core/run.ts';
import type { TrainerPool } from '#lib/worker/pool.ts';

/** `auto` is the fastest that this machine can be trusted with. */
export const backendChoices = ['auto', 'webgpu', 'wasm', 'webgl', 'cpu'] as const satisfies readonly (BackendName | 'auto')[];
export type BackendChoice = (typeof backendChoices)[number];

const settingKey = 'backend';

interface Options {
	readonly records: Records;
	readonly trainer: Pick<TrainerPool, 'start' | 'restart'>;
	readonly onError: (error: unknown) => void;
}

export class Backend {
	choice = $state<BackendChoice>('auto');
	/** Null while it starts, and where it did not. */
	report = $state.raw<BackendReport | null>(null);
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Reads what was chosen last. */
	async load(): Promise<void> {
		try {
			const kept = await this.#options.records.getSetting(settingKey);
			this.choice = backendChoices.find((choice) => choice === kept) ?? 'auto';
		} catch (error) {
			this.#options.onError(error);
		}
	}

	/**
	 * Starts the choice ahead of time, so that the page can name it and Start is quick. Where that starts no longer, the page
	 * says so and goes on with what is best here; the choice is kept.
	 */
	async open(): Promise<void> {
		const kept = this.choice;
		await this.#start();
		if (this.report || kept === 'auto' || this.choice !== kept) return;
		this.choice = 'auto';
		await this.restart();
	}

	/** The workers end, and new ones start with another choice. */
	async choose(choice: BackendChoice): Promise<void> {
		this.choice = choice;
		await this.restart();
		try {
			await this.#options.records.putSetting(settingKey, choice);
		} catch (error) {
			this.#options.onError(error);
		}
	}

	/** Ends the workers and starts anew. */
	async restart(): Promise<void> {
		this.#options.trainer.restart();
		this.report = null;
		await this.#start();
	}

	async #start(): Promise<void> {
		try {
			this.report = await this.#options.trainer.start(this.choice);
		} catch (error) {
			this.#options.onError(error);
		}
	}
}
