/** Adds the slices that `filter-gradient.ts` leaves, in a fixed order, as WGSL. */
import { declare, entry, flatGroup, repeat, spread } from './wgsl.ts';
import type { Workgroups } from './recorder.ts';

/** Sums of a workgroup, and invocations that share each of them. */
const sums = 32;
const sharers = 8;

export const sumSlicesWorkgroups = (length: number): Workgroups => spread(Math.ceil(length / sums));

export const sumSlicesKey = (slices: number, length: number, biasLength: number): string => `sum slices ${slices},${length},${biasLength}`;

/** Bindings: slices [slices, length], weights [length − biasLength], bias [biasLength]. */
export function sumSlicesCode(slices: number, length: number, biasLength: number): string {
	const bindings = [
		{ name: 'slices', quads: false },
		{ name: 'weights', quads: false, written: true },
		{ name: 'bias', quads: false, written: true },
	];
	return `${declare(bindings)}
var<workgroup> shares: array<f32, ${sums * sharers}>;
${entry(sums * sharers)} {
	let place = ${flatGroup} * ${sums} + i32(lane % ${sums}u);
	let sharer = i32(lane / ${sums}u);
	var sum = 0.0;
	if (place < ${length}) {
		for (var slice = sharer; slice < ${slices}; slice += ${sharers}) { sum += slices[slice * ${length} + place]; }
	}
	shares[lane] = sum;
	workgroupBarrier();
	if (sharer > 0 || place >= ${length}) { return; }
	${repeat(sharers - 1, (index) => `sum += shares[lane + ${(index + 1) * sums}u];`)}
	if (place < ${length - biasLength}) { weights[place] = sum; } else { bias[place - ${length - biasLength}] = sum; }
}`;
}
