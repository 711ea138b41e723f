/** What every step of a recorded loss gives, in numbers: where a value that is not finite comes from. */
import type { OwnLoss } from '#lib/core/loss-choice.ts';
import type { GraphNode } from '#lib/core/loss-graph.ts';
import type { StepStats } from '#lib/core/report-card.ts';
import { findLoss } from '#lib/losses/index.ts';
import { graphFor, runGraph } from '#lib/losses/own-loss.ts';
import { activate } from './forward.ts';
import type { Batch } from './targets.ts';
import type { Tensor, Tensor4D } from './tensor-types.ts';
import { tf } from './tf.ts';

/** Index along each axis of the value at `at` of a flat tensor. */
function placeOf(at: number, shape: readonly number[]): number[] {
	return shape.map((side, axis) => Math.floor(at / shape.slice(axis + 1).reduce((size, inner) => size * inner, 1)) % side);
}

function statsOf({ op, attrs, line, shape }: GraphNode, values: ArrayLike<number>): StepStats {
	const finite = Array.from(values).filter(Number.isFinite);
	const first = Array.from(values).findIndex((value) => !Number.isFinite(value));
	return {
		op,
		name: op === 'input' ? String(attrs['name']) : op === 'builtIn' ? String(attrs['loss']) : '',
		line,
		shape,
		min: finite.reduce((least, value) => Math.min(least, value), finite[0] ?? Number.NaN),
		mean: finite.reduce((sum, value) => sum + value, 0) / finite.length,
		max: finite.reduce((most, value) => Math.max(most, value), finite[0] ?? Number.NaN),
		notFinite: values.length - finite.length,
		firstAt: first < 0 ? [] : placeOf(first, shape),
	};
}

/** One entry a node of the graph that is recorded for this batch, in order, in the middle of the run. */
export async function graphSteps(own: OwnLoss, { yTrue, valid, targets }: Batch, logits: Tensor4D): Promise<StepStats[]> {
	const graph = graphFor(own, yTrue.shape[0]);
	const nodes: GraphNode[] = [];
	const results = tf.tidy(() => {
		const kept: Tensor[] = [];
		const variables = Object.fromEntries(Object.entries(graph.variables).map(([name, value]) => [name, tf.scalar(value)]));
		const input = { yTrue, valid, targets, logits, yPred: activate(logits), variables, state: {}, progress: 0.5 };
		runGraph(tf, graph, input, findLoss, (node, result) => {
			nodes.push(node);
			kept.push(tf.clone(result));
		});
		return kept;
	});
	const steps: StepStats[] = [];
	for (const [place, node] of nodes.entries()) steps.push(statsOf(node, (await results[place]?.data()) ?? []));
	tf.dispose(results);
	return steps;
}
