/** The losses that a person wrote, as they are kept in this browser, and which code may run here. */
import * as v from 'valibot';
import type { Cage, TraceSetting, Traced } from '#lib/cage/cage.ts';
import type { CodeProblem } from '#lib/cage/code.ts';
import { AppError } from '#lib/core/errors.ts';
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import { longestCode, ownLossId, type LossChoice, type OwnLoss } from '#lib/core/loss-choice.ts';
import type { LossGraph } from '#lib/core/loss-graph.ts';
import { defaultValues } from '#lib/core/params.ts';
import type { Records } from '#lib/core/records.ts';
import { judgedBatch, judgedSize, type ReportCard } from '#lib/core/report-card.ts';
import { lossShelf } from '#lib/losses/index.ts';
import { operations } from '#lib/graphs/ops.ts';
import { lossTemplates } from './loss-templates.ts';
import type { BuiltIns } from '#lib/graphs/recorder.ts';
import type { Trainer } from '#lib/core/trainer.ts';

const settingKey = 'own losses';
/** Codes allowed that are not saved under a name; the oldest are forgotten. */
const mostAllowed = 50;

const savedSchema = v.object({
	id: v.string(),
	name: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
	code: v.pipe(v.string(), v.maxLength(longestCode)),
});
const keptSchema = v.object({ saved: v.array(savedSchema), allowed: v.array(v.pipe(v.string(), v.maxLength(longestCode))) });

export type { CodeProblem };

/** A loss under its name. */
export type SavedLoss = v.InferOutput<typeof savedSchema>;

/** A loss in the editor. */
export type Draft = Omit<SavedLoss, 'id'> & { readonly id: string | null };

/** What was found out about code that can be trained. */
export interface CheckedLoss {
	readonly own: OwnLoss;
	readonly warnings: readonly CodeProblem[];
	readonly card: ReportCard;
	/** As it was recorded for the report card. */
	readonly graph: LossGraph;
}

/** Losses of the shelf that code may call: those that neither learn nor remember. */
const builtIns: BuiltIns = Object.fromEntries(
	lossShelf
		.filter(
			(loss) => Object.keys(loss.variables({})).length === 0 && Object.keys(loss.firstState({}, { classPixels: [1, 1] })).length === 0,
		)
		.map((loss) => [loss.id, Object.keys(loss.params)]),
);

export class OwnLosses {
	saved = $state.raw<readonly SavedLoss[]>([]);
	/** What stands in the editor; the id is that of the saved loss, null for a new one. */
	draft = $state.raw<Draft>({ id: null, name: 'My Dice', code: lossTemplates[0].code });
	#allowed = $state.raw<readonly string[]>([]);
	readonly #records: Records;
	readonly #trainer: Pick<Trainer, 'judge'>;
	readonly #cageAddress: string;
	#cage: Promise<Cage> | null = null;

	constructor(records: Records, trainer: Pick<Trainer, 'judge'>, cageAddress: string) {
		this.#records = records;
		this.#trainer = trainer;
		this.#cageAddress = cageAddress;
	}

	async load(): Promise<void> {
		const text = await this.#records.getSetting(settingKey);
		if (typeof text !== 'string') return;
		const { saved, allowed } = v.parse(keptSchema, JSON.parse(text));
		this.saved = saved;
		this.#allowed = allowed;
	}

	/** True for code that was written or allowed here, to the letter. */
	mayRun(code: string): boolean {
		return this.#allowed.includes(code) || this.saved.some((loss) => loss.code === code);
	}

	/** Lets this code run from now on. Any change to it asks again. */
	async allow(code: string): Promise<void> {
		if (this.mayRun(code)) return;
		this.#allowed = [...this.#allowed, code].slice(-mostAllowed);
		await this.#keep();
	}

	/** Keeps a loss under a name; one of the same id is replaced. Returns the id. */
	async save(loss: Draft): Promise<string> {
		const id = loss.id ?? crypto.randomUUID();
		const saved = { ...loss, id };
		this.saved = this.saved.some((other) => other.id === id)
			? this.saved.map((other) => (other.id === id ? saved : other))
			: [...this.saved, saved];
		await this.#keep();
		return id;
	}

	async remove(id: string): Promise<void> {
		this.saved = this.saved.filter((loss) => loss.id !== id);
		await this.#keep();
	}

	async #keep(): Promise<void> {
		await this.#records.putSetting(settingKey, JSON.stringify({ saved: this.saved, allowed: this.#allowed }));
	}

	/** Records the code and tries it on small cases; or what is wrong with it. The caller has asked the person whether it may run. */
	async check(name: string, code: string, channels: number): Promise<CheckedLoss | CodeProblem> {
		const { readCode } = await import('#lib/cage/code.ts');
		const parts = readCode(code);
		if ('message' in parts) return parts;
		const values = defaultValues(parts.params);
		const traced = await this.#trace(code, { size: judgedSize, batchSize: judgedBatch, values, channels });
		if ('message' in traced) return traced;
		const own: OwnLoss = { name, code, params: parts.params, graphs: traced.graphs };
		const choice: LossChoice = { key: 'own', label: name, loss: ownLossId, values, own, learningRateFactor: 1 };
		const card = await this.#trainer.judge(choice, channels);
		const [recorded] = traced.graphs;
		if (!recorded) throw new AppError('loss-code-wrong', { name, line: 0, reason: 'Nothing was recorded.' });
		return { own: { ...own, graphs: [] }, warnings: [...parts.warnings, ...traced.warnings], card, graph: recorded.graph };
	}

	/** The cage and the grammar are loaded when the first code is run. */
	async #trace(code: string, setting: Omit<TraceSetting, 'builtIns'>): Promise<Traced | CodeProblem> {
		this.#cage ??= import('#lib/cage/cage.ts').then(({ Cage: Opened }) => new Opened(this.#cageAddress));
		return (await this.#cage).trace(code, { ...setting, builtIns });
	}

	/**
	 * The spec with every own loss recorded for its sizes and values.
	 * Throws `loss-code-wrong` or `cage-unavailable`.
	 * @param channels of the logits
	 */
	async prepare(spec: ExperimentSpec, channels: number): Promise<ExperimentSpec> {
		const { size } = spec.prepare;
		return { ...spec, losses: await this.recorded(spec.losses, { size, batchSize: spec.training.batchSize, channels }) };
	}

	/** Losses, the own ones recorded for these sizes. Throws as `prepare`. */
	async recorded(losses: readonly LossChoice[], setting: Pick<TraceSetting, 'size' | 'batchSize' | 'channels'>): Promise<LossChoice[]> {
		const ready: LossChoice[] = [];
		for (const choice of losses) ready.push(choice.own ? await this.#recorded(choice, choice.own, setting) : choice);
		return ready;
	}

	async #recorded(choice: LossChoice, own: OwnLoss, setting: Pick<TraceSetting, 'size' | 'batchSize' | 'channels'>): Promise<LossChoice> {
		if (!this.mayRun(own.code))
			throw new AppError('loss-code-wrong', { name: choice.label, line: 0, reason: 'Its code was not allowed to run' });
		const traced = await this.#trace(own.code, { ...setting, values: { ...defaultValues(own.params), ...choice.values } });
		if ('message' in traced) throw new AppError('loss-code-wrong', { name: choice.label, line: traced.line, reason: traced.message });
		return { ...choice, own: { ...own, graphs: traced.graphs } };
	}
}

/** What the editor offers: operations with their arguments, and losses with their parameters. */
export const codeCompletions: readonly { readonly label: string; readonly detail: string }[] = [
	...Object.entries(operations).map(([name, { tensors, rest }]) => {
		const inputs = tensors === Infinity ? ['[a, b, …]'] : ['x', 'y', 'z'].slice(0, tensors);
		return { label: `tf.${name}`, detail: `(${[...inputs, ...rest].join(', ')})` };
	}),
	...Object.entries(builtIns).map(([id, params]) => ({
		label: `losses.${id}`,
		detail: `(yTrue, yPred${params.length > 0 ? `, { ${params.join(', ')} }` : ''})`,
	})),
];
