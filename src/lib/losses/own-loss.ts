/** A loss that a person wrote, from its graphs: run operation by operation, never as code. */
import { AppError } from '#lib/core/errors.ts';
import type { OwnLoss } from '#lib/core/loss-choice.ts';
import type { GraphNode, LossGraph } from '#lib/core/loss-graph.ts';
import { operations } from '#lib/graphs/ops.ts';
import type { AnyLoss, LossInput, Scalar, Tensor, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { builtInValues } from './graph-of-loss.ts';

/** Probability of what an ignored pixel is taken to be: not quite 1, so that its logarithm has a slope. */
const almost = 1e-7;

/** Where a loss of the shelf is looked up; passed in, because the shelf itself must not depend on own losses. */
type FindLoss = (id: string) => AnyLoss | undefined;

/** Ignored pixels as background that is predicted right, so that whatever the code sums up, they add nothing that can be trained. */
function withoutIgnored(tf: Tf, { yTrue, yPred, valid }: LossInput): { readonly yTrue: Tensor4D; readonly yPred: Tensor4D } {
	const channels = yTrue.shape[3];
	const ignored = tf.sub(1, valid);
	const background = channels === 1 ? [0] : Array.from({ length: channels }, (_, channel) => (channel === 0 ? 1 : 0));
	const predicted = background.map((value) => (value === 1 ? 1 - almost : almost));
	const fill = (values: readonly number[]) => tf.mul(ignored, tf.tensor1d([...values]));
	return { yTrue: tf.add(tf.mul(yTrue, valid), fill(background)), yPred: tf.add(tf.mul(yPred, valid), fill(predicted)) };
}

function inputOf(tf: Tf, name: string, input: LossInput): Tensor {
	if (name.startsWith('variable:')) {
		const variable = input.variables[name.slice('variable:'.length)];
		if (variable) return variable;
	}
	if (name === 'logits' || name === 'valid' || name === 'yTrue' || name === 'yPred') return input[name];
	if (name === 'progress') return tf.scalar(input.progress);
	throw new AppError('spec-invalid', { parameter: name });
}

function constantOf(tf: Tf, { attrs, shape }: GraphNode): Tensor {
	const { values } = attrs;
	if (typeof values !== 'object') throw new AppError('spec-invalid', { parameter: 'constant' });
	return values.length === 1 && shape.length > 0 ? tf.fill([...shape], values[0] ?? 0) : tf.tensor([...values], [...shape]);
}

/** Runs a graph; `watch` sees what each of its nodes gives. */
export function runGraph(
	tf: Tf,
	graph: LossGraph,
	input: LossInput,
	find: FindLoss,
	watch?: (node: GraphNode, result: Tensor) => void,
): Scalar {
	const seen = { ...input, ...withoutIgnored(tf, input) };
	const results: Tensor[] = [];
	for (const node of graph.nodes) {
		const inputs = node.inputs.flatMap((place) => results[place] ?? []);
		if (node.op === 'input') results.push(inputOf(tf, String(node.attrs['name']), seen));
		else if (node.op === 'constant') results.push(constantOf(tf, node));
		else if (node.op === 'builtIn') {
			const loss = find(String(node.attrs['loss']));
			if (!loss) throw new AppError('spec-invalid', { loss: String(node.attrs['loss']) });
			results.push(loss.compute(tf, input, builtInValues(node)));
		} else {
			const operation = operations[node.op];
			if (!operation || inputs.length !== node.inputs.length) throw new AppError('spec-invalid', { parameter: node.op });
			results.push(operation.run(tf, inputs, node.attrs));
		}
		const result = results.at(-1);
		if (watch && result) watch(node, result);
	}
	const output = results[graph.output];
	if (!output || output.size !== 1) throw new AppError('spec-invalid', { parameter: 'output' });
	return tf.reshape(output, []);
}

/** The graph for a batch of so many images. */
export function graphFor({ graphs }: OwnLoss, batch: number): LossGraph {
	const found = graphs.find((entry) => entry.batch === 0 || entry.batch === batch);
	if (!found) throw new AppError('spec-invalid', { loss: 'own', parameter: `a graph for ${batch} images` });
	return found.graph;
}

/** The loss. Its first values are taken from any of its graphs: they do not depend on the batch. */
export function ownLoss(own: OwnLoss, find: FindLoss): AnyLoss {
	const nodes = own.graphs.flatMap(({ graph }) => graph.nodes);
	const builtIns = [...new Set(nodes.flatMap(({ op, attrs }) => (op === 'builtIn' ? [String(attrs['loss'])] : [])))];
	const variables = own.graphs[0]?.graph.variables ?? {};
	return defineLoss({
		id: 'ownLoss',
		name: own.name,
		family: 'compound',
		summary: 'A loss of your own.',
		formula: 'as in the code',
		symbols: {},
		takes: nodes.some(({ op, attrs }) => op === 'input' && attrs['name'] === 'logits') ? 'logits' : 'probabilities',
		range: '(−∞, ∞)',
		canBeNegative: true,
		perfectIsMinimum: false,
		goodWhen: 'You want to know what your own idea does beside the published losses.',
		badWhen: 'The report card shows that the gradient is not what you meant.',
		edgeCases: 'As in the code. Ignored pixels count as background that is predicted right.',
		sources: [],
		params: own.params,
		targets: [...new Set(builtIns.flatMap((id) => find(id)?.targets ?? []))],
		variables: () => variables,
		readings: (moment) => Object.fromEntries(Object.keys(variables).map((name) => [name, moment.variables[name] ?? Number.NaN])),
		compute: (tf, input) => runGraph(tf, graphFor(own, input.yTrue.shape[0]), input, find),
	});
}
