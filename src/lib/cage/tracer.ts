/**
 * Runs inside the cage: a worker of a page without an origin, network or storage. It is bundled to text and put in front of a
 * person's code, which runs against a recorder; the worker's only message is what was recorded, or what is wrong with the code.
 */
import type { LossGraph, LossGraphs } from '#lib/core/loss-graph.ts';
import type { BuiltIns } from '#lib/graphs/recorder.ts';
import { GraphError } from '#lib/graphs/shapes.ts';
import { traceLoss, type CodeValues, type LossCode, type Trace } from '#lib/graphs/trace.ts';

export interface TracerRequest {
	/** Every number of images that a batch may have. */
	readonly batches: readonly number[];
	readonly size: number;
	readonly channels: number;
	readonly values: CodeValues;
	readonly builtIns: BuiltIns;
	/** Where the person's code stands in the text: its first and last line. */
	readonly lines: readonly [first: number, last: number];
}

export type TracerAnswer =
	| { readonly ok: true; readonly graphs: LossGraphs; readonly warnings: Trace['warnings'] }
	| { readonly ok: false; readonly line: number; readonly message: string };

/** The topmost line of the person's code on the stack, counted from 1; 0 when there is none. */
function lineOnStack(stack: string | undefined, [first, last]: TracerRequest['lines']): number {
	for (const [, digits] of (stack ?? '').matchAll(/:(\d+):\d+\)?$/gmu)) {
		const line = Number(digits);
		if (line >= first && line <= last) return line - first + 1;
	}
	return 0;
}

/** What a graph computes, whatever the number of images: shapes say nothing new but for constants. */
const meaningOf = ({ nodes, output }: LossGraph): string =>
	JSON.stringify([output, nodes.map(({ op, inputs, attrs, shape }) => [op, inputs, attrs, op === 'constant' ? shape : null])]);

function record(code: LossCode, request: TracerRequest): TracerAnswer {
	const { batches, size, channels, values, builtIns, lines } = request;
	const traces = batches.map((batch) => ({
		batch,
		...traceLoss(code, { shape: [batch, size, size, channels], values, builtIns }, () => lineOnStack(new Error('here').stack, lines)),
	}));
	const [first] = traces;
	if (!first) throw new GraphError('No batch was asked for.');
	const same = traces.every(({ graph }) => meaningOf(graph) === meaningOf(first.graph));
	const graphs = same ? [{ batch: 0, graph: first.graph }] : traces.map(({ batch, graph }) => ({ batch, graph }));
	return { ok: true, graphs, warnings: first.warnings };
}

/** Called by the text that follows. The cage ends the worker after its first message. */
export function run(request: TracerRequest, code: LossCode): void {
	Error.stackTraceLimit = 50;
	let answer: TracerAnswer;
	try {
		answer = record(code, request);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const own = error instanceof GraphError || !(error instanceof Error);
		answer = {
			ok: false,
			line: error instanceof Error ? lineOnStack(error.stack, request.lines) : 0,
			message: own ? message : `${error.name}: ${message}`,
		};
	}
	postMessage(answer);
}
