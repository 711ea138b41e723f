/** What every step of a recorded loss gives, in numbers: where a value that is not finite comes from. */
import type { GraphNode, LossGraph } from '#lib/core/loss-graph.ts';
import type { StepStats } from '#lib/core/loss-steps.ts';
import type { LossInput } from '#lib/losses/contract.ts';
import { findLoss } from '#lib/losses/index.ts';
import { runGraph } from '#lib/losses/own-loss.ts';
import type { Tensor } from './tensor-types.ts';
import { tf } from './tf.ts';

/** Index along each axis of the value at `at` of a flat tensor. */
function placeOf(at: number, shape: readonly number[]): number[] {
	return shape.map((side, axis) => Math.floor(at / shape.slice(axis + 1).reduce((size, inner) => size * inner, 1)) % side);
}

/** The numbers of one tensor. */
export function statsOf(step: Pick<StepStats, 'op' | 'name' | 'line' | 'shape'>, values: ArrayLike<number>): StepStats {
	let [min, max, sum, notFinite, first] = [Infinity, -Infinity, 0, 0, -1];
	for (let at = 0; at < values.length; at++) {
		const value = values[at] ?? 0;
		if (Number.isFinite(value)) {
			min = Math.min(min, value);
			max = Math.max(max, value);
			sum += value;
		} else {
			notFinite++;
			if (first < 0) first = at;
		}
	}
	const finite = values.length - notFinite;
	return {
		...step,
		min: finite > 0 ? min : Number.NaN,
		mean: sum / finite,
		max: finite > 0 ? max : Number.NaN,
		notFinite,
		firstAt: first < 0 ? [] : placeOf(first, step.shape),
	};
}

const nameOf = ({ op, attrs }: GraphNode): string =>
	op === 'input' ? String(attrs['name']) : op === 'builtIn' ? String(attrs['loss']) : '';

/** One entry a node of the graph, in order. The graph must be recorded for the batch of the input. */
export async function graphSteps(graph: LossGraph, input: LossInput): Promise<StepStats[]> {
	const nodes: GraphNode[] = [];
	const results = tf.tidy(() => {
		const kept: Tensor[] = [];
		runGraph(tf, graph, input, findLoss, (node, result) => {
			nodes.push(node);
			kept.push(tf.clone(result));
		});
		return kept;
	});
	const steps: StepStats[] = [];
	for (const [place, node] of nodes.entries()) {
		const { op, line, shape } = node;
		steps.push(statsOf({ op, name: nameOf(node), line, shape }, (await results[place]?.data()) ?? []));
	}
	tf.dispose(results);
	return steps;
}
