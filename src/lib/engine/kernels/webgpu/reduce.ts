/** Sum, Mean, Max and Min over neighbouring axes, by the whole GPU and in a fixed order. Over others the stock kernels reduce. */
import { tf } from '../../tf.ts';
import { input } from '../attributes.ts';
import { recorderOf, type GpuRecorder, type Workgroups } from './recorder.ts';
import { entry, flatGroup, isNan, lanes, powerOfTwo, spread, tree } from './wgsl.ts';

/** A tensor as [outer, count, inner]; the middle is reduced. */
interface Axes {
	readonly outer: number;
	readonly count: number;
	readonly inner: number;
}

/** A number may count twice in a largest or smallest one, so that any of them can be the first. */
const rules = {
	sum: { start: '0.0', combine: 'a + b' },
	max: { start: 'f32(x[first])', combine: 'select(select(max(a, b), b, isNan(b)), a, isNan(a))' },
	min: { start: 'f32(x[first])', combine: 'select(select(min(a, b), b, isNan(b)), a, isNan(a))' },
} as const;

type Rule = keyof typeof rules;

interface Values {
	readonly rule: Rule;
	/** Whether they are whole numbers, whatever the type of their tensor says. */
	readonly isWhole: boolean;
}

/** Results above which one invocation each fills a big GPU, and numbers up to which one invocation takes a result alone. */
const manyResults = 16_384;
const fewNumbers = 16;
/** Numbers up to which one workgroup takes a result, and its invocations at most. */
const mostOfWorkgroup = 16_384;
const mostInvocations = 256;

const shared = (rule: Rule, isWhole: boolean): string => `
@group(0) @binding(0) var<storage, read> x: array<${isWhole ? 'i32' : 'f32'}>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;${isNan}
fn combine(a: f32, b: f32) -> f32 { return ${rules[rule].combine}; }`;

/** Bindings: x, result [outer, slices, inner]. An invocation takes every `slices`-th number. */
function slicesCode({ rule, isWhole }: Values, { outer, count, inner }: Axes, slices: number, factor: number): string {
	return `${shared(rule, isWhole)}
${entry()} {
	let id = ${flatGroup} * ${lanes} + i32(lane);
	if (id >= ${outer * slices * inner}) { return; }
	let first = id / ${slices * inner} * ${count * inner} + id % ${inner};
	var all = ${rules[rule].start};
	for (var at = id / ${inner} % ${slices}; at < ${count}; at += ${slices}) { all = combine(all, f32(x[first + at * ${inner}])); }
	result[id] = all * ${factor};
}`;
}

/** Bindings: x, result [outer, inner]. A workgroup takes a result. */
function resultsCode({ rule, isWhole }: Values, { outer, count, inner }: Axes, factor: number): string {
	const invocations = powerOfTwo(Math.ceil(count / fewNumbers), mostInvocations);
	return `${shared(rule, isWhole)}
var<workgroup> shares: array<f32, ${invocations}>;
${entry(invocations)} {
	let id = ${flatGroup};
	let first = id / ${inner} * ${count * inner} + id % ${inner};
	var all = ${rules[rule].start};
	if (id < ${outer * inner}) {
		for (var at = i32(lane); at < ${count}; at += ${invocations}) { all = combine(all, f32(x[first + at * ${inner}])); }
	}
	shares[lane] = all;${tree(invocations, (to, from) => `${to} = combine(${to}, ${from});`)}
	if (lane == 0u && id < ${outer * inner}) { result[id] = shares[0] * ${factor}; }
}`;
}

/** The tensor as [outer, count, inner]; null where the reduced axes are not neighbours. */
function axesOf(shape: readonly number[], axes: readonly number[]): Axes | null {
	const [first = 0] = axes;
	if (axes.some((axis, index) => axis !== first + index)) return null;
	const size = (sides: readonly number[]): number => sides.reduce((product, side) => product * side, 1);
	const end = first + axes.length;
	return { outer: size(shape.slice(0, first)), count: size(shape.slice(first, end)), inner: size(shape.slice(end)) };
}

/** A stock kernel's name in the attributes for the axes. */
const axesAttributes = ['axis', 'reductionIndices'] as const;

function reducedAxes(attrs: tf.NamedAttrMap, shape: number[]): number[] {
	const given = axesAttributes.map((name) => attrs[name]).find((value) => value !== undefined);
	const list = Array.isArray(given) ? given.filter((axis) => typeof axis === 'number') : typeof given === 'number' ? [given] : [];
	return tf.util.parseAxisParam(given === undefined || given === null ? shape.map((_, axis) => axis) : list, shape).sort((a, b) => a - b);
}

/** Slices that fill a big GPU, but no more than one workgroup adds, and none of few numbers. */
function slicesOf({ outer, count, inner }: Axes): number {
	return Math.min(mostOfWorkgroup, Math.ceil(count / fewNumbers), Math.ceil((2 * manyResults) / (outer * inner)));
}

function record(recorder: GpuRecorder, rule: Rule, axes: Axes, factor: number, x: tf.TensorInfo, result: tf.TensorInfo): void {
	const { outer, count, inner } = axes;
	const values: Values = { rule, isWhole: recorder.holdsWhole(x) };
	const given: tf.TensorInfo = { ...x, dtype: values.isWhole ? 'int32' : 'float32' };
	const run = (name: string, code: () => string, tensors: Parameters<typeof recorder.run>[2], workgroups: Workgroups): void =>
		recorder.run(`${name} ${rule} ${[outer, count, inner, factor, values.isWhole].join()}`, code, tensors, workgroups);
	if (outer * inner >= manyResults || count <= fewNumbers) {
		run('reduce alone', () => slicesCode(values, axes, 1, factor), [given, result], spread(Math.ceil((outer * inner) / lanes)));
	} else if (count <= mostOfWorkgroup) {
		run('reduce', () => resultsCode(values, axes, factor), [given, result], spread(outer * inner));
	} else {
		const slices = slicesOf(axes);
		const partial = recorder.scratch(outer * slices * inner);
		const sliced = { ...axes, count: slices };
		run('reduce slices', () => slicesCode(values, axes, slices, 1), [given, partial], spread(Math.ceil((outer * slices * inner) / lanes)));
		run('reduce sliced', () => resultsCode({ rule, isWhole: false }, sliced, factor), [partial, result], spread(outer * inner));
	}
}

function reduce(rule: Rule, isMean: boolean) {
	return (stock: tf.KernelFunc): tf.KernelFunc =>
		(call) => {
			const { inputs, backend, attrs = {} } = call;
			const x = input(inputs, 'x');
			const reduced = reducedAxes(attrs, x.shape);
			const axes = axesOf(x.shape, reduced);
			if (x.dtype !== 'float32' || !axes || reduced.length === 0 || axes.outer * axes.count * axes.inner === 0) return stock(call);
			const recorder = recorderOf(backend);
			const shape = x.shape.flatMap((side, axis) => (!reduced.includes(axis) ? [side] : attrs['keepDims'] === true ? [1] : []));
			const result = recorder.output(shape);
			record(recorder, rule, axes, isMean ? 1 / axes.count : 1, x, result);
			return result;
		};
}

export const sum = reduce('sum', false);
export const mean = reduce('sum', true);
export const max = reduce('max', false);
export const min = reduce('min', false);
