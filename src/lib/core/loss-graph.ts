/** A loss as data: what a person's own loss code does, recorded once. The trainer interprets graphs and never runs a person's code. */
import * as v from 'valibot';

/** Largest number of nodes: a loss of some lines has under a hundred. */
const mostNodes = 5000;
const shape = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1 << 24))), v.maxLength(6));

const nodeSchema = v.object({
	/** A name of the shelf of operations, or `input`, `constant`, `builtIn`. */
	op: v.pipe(v.string(), v.maxLength(40)),
	/** Places of earlier nodes. */
	inputs: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.maxLength(64)),
	/** What the operation is given besides tensors: axes, sizes, values. */
	attrs: v.record(v.string(), v.union([v.number(), v.boolean(), v.string(), v.pipe(v.array(v.number()), v.maxLength(65_536))])),
	shape,
	/** Line of the code that it comes from, from 1 on; 0 for what nobody wrote. */
	line: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type GraphNode = v.InferOutput<typeof nodeSchema>;

export const lossGraphSchema = v.object({
	/** Every node stands after its inputs. */
	nodes: v.pipe(v.array(nodeSchema), v.minLength(1), v.maxLength(mostNodes)),
	/** Place of the scalar that is trained on. */
	output: v.pipe(v.number(), v.integer(), v.minValue(0)),
	/** First values of the scalars that the loss trains, by name. */
	variables: v.record(v.pipe(v.string(), v.maxLength(60)), v.number()),
});
export type LossGraph = v.InferOutput<typeof lossGraphSchema>;

/** The graphs of one loss by the number of images in a batch; 0 stands for any number. Most losses need only that one. */
export const lossGraphsSchema = v.pipe(
	v.array(v.object({ batch: v.pipe(v.number(), v.integer(), v.minValue(0)), graph: lossGraphSchema })),
	v.maxLength(256),
);
export type LossGraphs = v.InferOutput<typeof lossGraphsSchema>;

/** What a loss is given, in the order of the code's arguments; the last three are asked for by name. */
export const graphInputs = ['yTrue', 'yPred', 'logits', 'valid', 'progress'] as const;
export type GraphInput = (typeof graphInputs)[number];
