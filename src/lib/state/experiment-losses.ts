/** The losses of an experiment as Python functions, or why one cannot be written. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { LossGraph } from '#lib/core/loss-graph.ts';
import { pythonName, pythonOf, type PythonLibrary } from '#lib/graphs/python.ts';
import { GraphError } from '#lib/graphs/shapes.ts';
import type { AnyLoss, DataFacts } from '#lib/losses/contract.ts';
import { graphOfLoss, withoutBuiltIns } from '#lib/losses/graph-of-loss.ts';
import { findLoss } from '#lib/losses/index.ts';
import { resolveLoss } from '#lib/losses/resolve.ts';

export interface ExperimentLoss {
	readonly choice: LossChoice;
	/** '' where it cannot be written, for `reason`. */
	readonly code: string;
	/** A sentence. */
	readonly reason: string;
	/** Of the function. */
	readonly name: string;
	/** First values of what is trained beside the net. */
	readonly variables: LossGraph['variables'];
}

/** The batch that losses are recorded for. */
type BatchShape = Parameters<typeof graphOfLoss>[2];

/** True where what the loss remembers changes from step to step, which its operations do not show. */
function remembers(loss: AnyLoss, values: LossChoice['values'], facts: DataFacts): boolean {
	const state = loss.firstState(values, facts);
	const observed = Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value + 1]));
	const next = loss.nextState(state, observed, values);
	return Object.entries(state).some(([name, value]) => next[name] !== value);
}

/** The same at every step of the run. Throws a `GraphError` where that is not so. */
function lastingGraph(loss: AnyLoss, values: LossChoice['values'], shape: BatchShape, facts: DataFacts): LossGraph {
	if (remembers(loss, values, facts)) throw new GraphError(`${loss.name} steers itself by what it saw in earlier steps.`);
	const state = loss.firstState(values, facts);
	const [first, ...later] = [0, 0.5, 1].map((progress) => graphOfLoss(loss, values, shape, facts, { state, progress }));
	const text = JSON.stringify(first);
	if (!first || later.some((graph) => JSON.stringify(graph) !== text)) throw new GraphError(`${loss.name} changes over the run.`);
	return first;
}

function graphOf(choice: LossChoice, shape: BatchShape, facts: DataFacts): LossGraph {
	const { own, label, values } = choice;
	if (own) {
		const recorded = own.graphs.find(({ batch }) => batch === 0 || batch === shape[0]);
		if (!recorded) throw new GraphError(`${label} has code that was not recorded yet.`);
		return withoutBuiltIns(recorded.graph, findLoss, facts);
	}
	const loss = resolveLoss(choice);
	if (!loss) throw new GraphError(`${label} is not a loss of this version.`);
	return lastingGraph(loss, values, shape, facts);
}

/** Every loss of the experiment, for batches of one shape. */
export function experimentLosses(
	{ losses }: Pick<ExperimentSpec, 'losses'>,
	shape: BatchShape,
	facts: DataFacts,
	library: PythonLibrary,
): ExperimentLoss[] {
	return losses.map((choice) => {
		const name = pythonName(`loss ${choice.key}`);
		try {
			const graph = graphOf(choice, shape, facts);
			const { code } = pythonOf(graph, library, { name, about: choice.label });
			return { choice, code, reason: '', name, variables: graph.variables };
		} catch (error) {
			if (!(error instanceof GraphError)) throw error;
			return { choice, code: '', reason: error.message.split('. There are:')[0] ?? '', name, variables: {} };
		}
	});
}
