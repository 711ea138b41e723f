/** Losses as graphs of plain operations: the maths of the shelf is run once against the recorder that also records people's own losses. */
import type { GraphNode, LossGraph } from '#lib/core/loss-graph.ts';
import type { ParamValue } from '#lib/core/params.ts';
import { Recorder, Traced } from '#lib/graphs/recorder.ts';
import { GraphError, type Shape } from '#lib/graphs/shapes.ts';
import type { AnyLoss, DataFacts, Numbers, Scalar, Tensor4D, Tf } from './contract.ts';

type Values = Readonly<Record<string, ParamValue>>;
type FourSides = readonly [number, number, number, number];

/** Where in its run a loss is recorded. */
export interface Moment {
	readonly state: Numbers;
	/** 0 … 1 */
	readonly progress: number;
}

/** The recorder stands for TensorFlow.js: what it lacks throws a `GraphError` that names it. */
const isTf = (recorded: object): recorded is Tf => 'add' in recorded;
const isTensor = (traced: object): traced is Tensor4D => traced instanceof Traced;
const isScalar = (traced: object): traced is Scalar => traced instanceof Traced;

function standsFor<To extends object>(value: object, is: (value: object) => value is To): To {
	if (!is(value)) throw new TypeError('the recorder gave something else');
	return value;
}

/** Records a loss of the shelf after what is recorded already. */
function record(recorder: Recorder, loss: AnyLoss, values: Values, shape: FourSides, moment: Moment): Traced {
	const [needed] = loss.targets ?? [];
	if (needed !== undefined) throw new GraphError(`${loss.name} compares with maps prepared from the masks (${needed}).`);
	const input = (name: 'yTrue' | 'yPred' | 'logits' | 'valid', sides: Shape): Tensor4D => standsFor(recorder.input(name, sides), isTensor);
	const first = Object.entries(loss.variables(values));
	const output: object = loss.compute(
		standsFor(recorder.tf(), isTf),
		{
			yTrue: input('yTrue', shape),
			yPred: input('yPred', shape),
			logits: input('logits', shape),
			valid: input('valid', [...shape.slice(0, 3), 1]),
			targets: {},
			variables: Object.fromEntries(first.map(([name, value]) => [name, standsFor(recorder.variable(name, value), isScalar)])),
			...moment,
		},
		values,
	);
	if (!(output instanceof Traced)) throw new GraphError(`${loss.name} did not end in one number.`);
	return output;
}

const begin = (loss: AnyLoss, values: Values, facts: DataFacts): Moment => ({ state: loss.firstState(values, facts), progress: 0 });

/**
 * Records what the loss computes for one shape [B, H, W, C], at the beginning of a run or at another moment.
 * @throws GraphError for a loss whose maths is not made of the recorder's operations, or that needs maps prepared from the masks
 */
export function graphOfLoss(
	loss: AnyLoss,
	values: Values,
	shape: FourSides,
	facts: DataFacts,
	moment: Moment = begin(loss, values, facts),
): LossGraph {
	const recorder = new Recorder({});
	const { place } = record(recorder, loss, values, shape, moment);
	return { nodes: recorder.nodes, output: place, variables: recorder.variables };
}

/** Parameters of a call of a built-in loss. */
export function builtInValues({ attrs }: GraphNode): Record<string, ParamValue> {
	return Object.fromEntries(
		Object.entries(attrs).flatMap(([key, value]) => (key.startsWith('value:') && typeof value !== 'object' ? [[key.slice(6), value]] : [])),
	);
}

/**
 * The graph with the maths of built-in losses in the place of their calls.
 * @throws GraphError as `graphOfLoss`
 */
export function withoutBuiltIns(graph: LossGraph, find: (id: string) => AnyLoss | undefined, facts: DataFacts): LossGraph {
	const recorder = new Recorder({});
	const made: Traced[] = [];
	for (const node of graph.nodes) made.push(repeat(node));
	const output = made[graph.output];
	if (!output) throw new GraphError('The graph has no output.');
	return { nodes: recorder.nodes, output: output.place, variables: recorder.variables };

	function repeat(node: GraphNode): Traced {
		const { op, attrs, shape } = node;
		if (op === 'input') return inputOf(String(attrs['name']), shape);
		if (op === 'constant') {
			const values = typeof attrs['values'] === 'object' ? attrs['values'] : [];
			return values.length === 1 && shape.length > 0 ? recorder.fill(shape, values[0] ?? 0) : recorder.tensor(values, shape);
		}
		if (op !== 'builtIn') {
			const rest = op === 'cast' ? { dtype: 'float32' } : attrs;
			return recorder.operation(
				op,
				node.inputs.map((place) => made[place]),
				rest,
			);
		}
		const loss = find(String(attrs['loss']));
		const [b = 1, h = 1, w = 1, c = 1] = graph.nodes.find((other) => other.attrs['name'] === 'yTrue')?.shape ?? [];
		if (!loss) throw new GraphError(`There is no built-in loss ${String(attrs['loss'])}.`);
		const values = builtInValues(node);
		return record(recorder, loss, values, [b, h, w, c], begin(loss, values, facts));
	}

	function inputOf(name: string, shape: Shape): Traced {
		if (name.startsWith('variable:')) return recorder.variable(name.slice(9), graph.variables[name.slice(9)] ?? 0);
		if (name === 'yTrue' || name === 'yPred' || name === 'logits' || name === 'valid' || name === 'progress')
			return recorder.input(name, shape);
		throw new GraphError(`The graph asks for ${name}.`);
	}
}
