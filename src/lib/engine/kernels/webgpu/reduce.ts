/** Sum, Mean, Max and Min over neighbouring axes, by the whole GPU and in a fixed order. Over others the stock kernels reduce. */
import { tf } from '../../tf.ts';
import { input } from '../attributes.ts';
import { recorderOf, type Workgroups } from './recorder.ts';
import { declare, entry, flatGroup, isNan, lanes, spread, tree } from './wgsl.ts';

/** A tensor as [outer, count, inner]; the middle is reduced. */
interface Axes {
	readonly outer: number;
	readonly count: number;
	readonly inner: number;
}

/** A number may count twice in a largest or smallest one, so that any of them can be the first. */
const rules = {
	sum: { start: '0.0', combine: 'a + b' },
	max: { start: 'x[first]', combine: 'select(select(max(a, b), b, isNan(b)), a, isNan(a))' },
	min: { start: 'x[first]', combine: 'select(select(min(a, b), b, isNan(b)), a, isNan(a))' },
} as const;

type Rule = keyof typeof rules;

/** Results above which one invocation each fills a big GPU, and numbers up to which one invocation takes a result alone. */
const manyResults = 16_384;
const fewNumbers = 16;
/** Numbers up to which one workgroup takes a result. */
const mostOfWorkgroup = 4096;

const shared = (rule: Rule): string => `${isNan}
fn combine(a: f32, b: f32) -> f32 { return ${rules[rule].combine}; }`;

const bindings = declare(['x', 'result'].map((name) => ({ name, quads: false, written: name === 'result' })));

/** Bindings: x, result [outer, slices, inner]. An invocation takes every `slices`-th number. */
function slicesCode(rule: Rule, { outer, count, inner }: Axes, slices: number, factor: number): string {
	return `${bindings}${shared(rule)}
${entry()} {
	let id = ${flatGroup} * ${lanes} + i32(lane);
	if (id >= ${outer * slices * inner}) { return; }
	let first = id / ${slices * inner} * ${count * inner} + id % ${inner};
	var all = ${rules[rule].start};
	for (var at = id / ${inner} % ${slices}; at < ${count}; at += ${slices}) { all = combine(all, x[first + at * ${inner}]); }
	result[id] = all * ${factor};
}`;
}

/** Bindings: x, result [outer, inner]. A workgroup takes a result. */
function resultsCode(rule: Rule, { outer, count, inner }: Axes, factor: number): string {
	return `${bindings}${shared(rule)}
var<workgroup> shares: array<f32, ${lanes}>;
${entry()} {
	let id = ${flatGroup};
	let first = id / ${inner} * ${count * inner} + id % ${inner};
	var all = ${rules[rule].start};
	if (id < ${outer * inner}) {
		for (var at = i32(lane); at < ${count}; at += ${lanes}) { all = combine(all, x[first + at * ${inner}]); }
	}
	shares[lane] = all;${tree(lanes, (to, from) => `${to} = combine(${to}, ${from});`)}
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

/** Whole numbers of invocations a slice that fill a big GPU and leave what one workgroup adds. */
function slicesOf({ outer, count, inner }: Axes): number {
	return Math.min(mostOfWorkgroup, Math.ceil(count / fewNumbers), Math.ceil((2 * manyResults) / (outer * inner)));
}

function reduce(rule: Rule, isMean: boolean) {
	return (stock: tf.KernelFunc): tf.KernelFunc =>
		(call) => {
			const { inputs, backend, attrs = {} } = call;
			const x = input(inputs, 'x');
			const reduced = reducedAxes(attrs, x.shape);
			const axes = axesOf(x.shape, reduced);
			if (x.dtype !== 'float32' || !axes || reduced.length === 0 || axes.outer * axes.count * axes.inner === 0) return stock(call);
			const { outer, count, inner } = axes;
			const factor = isMean ? 1 / count : 1;
			const recorder = recorderOf(backend);
			const shape = x.shape.flatMap((side, axis) => (!reduced.includes(axis) ? [side] : attrs['keepDims'] === true ? [1] : []));
			const result = recorder.output(shape);
			const run = (name: string, code: () => string, tensors: Parameters<typeof recorder.run>[2], workgroups: Workgroups): void =>
				recorder.run(`${name} ${rule} ${[outer, count, inner, factor].join()}`, code, tensors, workgroups);
			if (outer * inner >= manyResults || count <= fewNumbers) {
				run('reduce alone', () => slicesCode(rule, axes, 1, factor), [x, result], spread(Math.ceil((outer * inner) / lanes)));
			} else if (count <= mostOfWorkgroup) {
				run('reduce', () => resultsCode(rule, axes, factor), [x, result], spread(outer * inner));
			} else {
				const slices = slicesOf(axes);
				const partial = recorder.scratch(outer * slices * inner);
				run('reduce slices', () => slicesCode(rule, axes, slices, 1), [x, partial], spread(Math.ceil((outer * slices * inner) / lanes)));
				run('reduce sliced', () => resultsCode(rule, { ...axes, count: slices }, factor), [partial, result], spread(outer * inner));
			}
			return result;
		};
}

export const sum = reduce('sum', false);
export const mean = reduce('sum', true);
export const max = reduce('max', false);
export const min = reduce('min', false);
