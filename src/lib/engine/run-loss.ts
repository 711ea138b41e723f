/** The loss of one run while it trains: the scalars that it learns and the numbers that it remembers. */
import { AppError } from '#lib/core/errors.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { AnyLoss, DataFacts, LossInput, Numbers } from '#lib/losses/contract.ts';
import { resolveLoss } from '#lib/losses/resolve.ts';
import type { Scalar, Variable } from './tensor-types.ts';
import { asScalar } from './tensors.ts';
import { tf } from './tf.ts';

/** What the engine hands to a loss; the loss' own numbers come from here. */
export type StepInput = Omit<LossInput, 'variables' | 'state'>;

export class RunLoss implements Disposable {
	readonly targetNames: readonly string[];
	/** Its trainable scalars, by name, in a stable order. */
	readonly variables: readonly { readonly name: string; readonly variable: Variable }[];
	readonly #loss: AnyLoss;
	readonly #values: LossChoice['values'];
	/** What the loss remembers. It changes after each step and is stored in checkpoints. */
	state: Numbers;

	/** Throws `spec-invalid` for a loss, or a term of a sum, that is not on the shelf. */
	constructor(choice: LossChoice, facts: DataFacts) {
		const loss = resolveLoss(choice);
		if (!loss) throw new AppError('spec-invalid', { loss: choice.loss });
		this.#loss = loss;
		this.#values = choice.values;
		this.targetNames = loss.targets ?? [];
		this.state = loss.firstState(choice.values, facts);
		this.variables = Object.entries(loss.variables(choice.values)).map(([name, value]) => ({
			name,
			variable: tf.tidy(() => tf.variable(tf.scalar(value))),
		}));
	}

	compute(input: StepInput): Scalar {
		return this.#loss.compute(tf, this.whole(input), this.#values);
	}

	/** What the loss wants to know of a step, to be read back and given to `remember`. */
	observe(input: StepInput): { readonly names: readonly string[]; readonly scalars: readonly Scalar[] } {
		const observed = this.#loss.observe(tf, this.whole(input), this.#values);
		return { names: Object.keys(observed), scalars: Object.values(observed) };
	}

	remember(observed: Numbers): void {
		this.state = this.#loss.nextState(this.state, observed, this.#values);
	}

	/** Its learned, steered and scheduled numbers as they are now, by the words that people read. Reads the variables back. */
	async readings(progress: number): Promise<Numbers> {
		const values = await Promise.all(
			this.variables.map(async ({ name, variable }) => [name, (await variable.data())[0] ?? Number.NaN] as const),
		);
		return this.#loss.readings({ variables: Object.fromEntries(values), state: this.state, progress }, this.#values);
	}

	/** With the loss' own numbers as they are now. */
	whole(input: StepInput): LossInput {
		const variables = Object.fromEntries(this.variables.map(({ name, variable }) => [name, asScalar(variable)]));
		return { ...input, variables, state: this.state };
	}

	[Symbol.dispose](): void {
		for (const { variable } of this.variables) variable.dispose();
	}
}
