/** The norm of all gradients together, several gradients to a dispatch, in a fixed order. */
import { tf } from '../../tf.ts';
import { recorderOf } from './recorder.ts';
import { entry, flatGroup, lanes, repeat, spread, tree } from './wgsl.ts';

/** Sums that one dispatch leaves at most, and numbers that one sum takes at least. */
const mostSums = 16_384;
const fewestNumbers = 16;
/** Invocations of the workgroup that adds the sums. */
const invocations = 256;

/** Bindings: gradients, then all sums, of which this dispatch writes `count` from `start` on. */
function squaresCode(gradients: number, start: number, count: number): string {
	return `
${repeat(gradients, (index) => `@group(0) @binding(${index}) var<storage, read> gradient${index}: array<f32>;`)}
@group(0) @binding(${gradients}) var<storage, read_write> sums: array<f32>;
${entry()} {
	let place = ${flatGroup} * ${lanes} + i32(lane);
	if (place >= ${count}) { return; }
	var sum = 0.0;
	${repeat(gradients, (index) => `for (var at = place; at < i32(arrayLength(&gradient${index})); at += ${count}) { let value = gradient${index}[at]; sum = fma(value, value, sum); }`)}
	sums[${start} + place] = sum;
}`;
}

/** Bindings: sums, norm. */
function rootCode(count: number): string {
	return `
@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> norm: array<f32>;
var<workgroup> shares: array<f32, ${invocations}>;
${entry(invocations)} {
	var sum = 0.0;
	for (var at = i32(lane); at < ${count}; at += ${invocations}) { sum += sums[at]; }
	shares[lane] = sum;${tree(invocations, (to, from) => `${to} += ${from};`)}
	if (lane == 0u) { norm[0] = sqrt(shares[0]); }
}`;
}

/** OverlapGlobalNorm. */
export function globalNorm(): tf.KernelFunc {
	return ({ inputs, backend }) => {
		const recorder = recorderOf(backend);
		const gradients = Object.values(inputs).filter((info) => info !== undefined);
		const perDispatch = recorder.limits.maxStorageBuffersPerShaderStage - 1;
		const batches = Array.from({ length: Math.ceil(gradients.length / perDispatch) }, (_, index) => {
			const some = gradients.slice(index * perDispatch, (index + 1) * perDispatch);
			const size = some.reduce((sum, info) => sum + tf.util.sizeFromShape(info.shape), 0);
			return { some, count: Math.min(mostSums, Math.ceil(size / fewestNumbers)) };
		});
		const total = batches.reduce((sum, { count }) => sum + count, 0);
		const sums = recorder.scratch(total);
		let start = 0;
		for (const { some, count } of batches) {
			const from = start;
			const key = `squares ${some.length},${from},${count}`;
			recorder.run(key, () => squaresCode(some.length, from, count), [...some, sums], spread(Math.ceil(count / lanes)));
			start += count;
		}
		const norm = recorder.output([]);
		recorder.run(`root ${total}`, () => rootCode(total), [sums, norm], [1, 1, 1]);
		return norm;
	};
}
