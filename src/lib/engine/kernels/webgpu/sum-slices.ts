/** Adds the slices that `filter-gradient.ts` leaves, in a fixed order, as WGSL. */
import { declare, entry, flatGroup, repeat, spread } from './wgsl.ts';
import type { Workgroups } from './recorder.ts';

/** Sums of a workgroup, and invocations that share each of them: several only where there are many slices to add. */
const sums = 32;
const mostAlone = 16;
const sharersOf = (slices: number): number => (slices > mostAlone ? 8 : 1);

export const sumSlicesWorkgroups = (length: number): Workgroups => spread(Math.ceil(length / sums));

export const sumSlicesKey = (slices: number, length: number, biasLength: number): string => `sum slices ${slices},${length},${biasLength}`;

/** Bindings: slices [slices, length], weights [length − biasLength], bias [biasLength]. */
export function sumSlicesCode(slices: number, length: number, biasLength: number): string {
	const bindings = [
		{ name: 'slices', quads: false },
		{ name: 'weights', quads: false, written: true },
		{ name: 'bias', quads: false, written: true },
	];
	const sharers = sharersOf(slices);
	const share = `
	shares[lane] = sum;
	workgroupBarrier();
	if (sharer > 0) { return; }
	${repeat(sharers - 1, (index) => `sum += shares[lane + ${(index + 1) * sums}u];`)}`;
	return `${declare(bindings)}
${sharers > 1 ? `var<workgroup> shares: array<f32, ${sums * sharers}>;` : ''}
${entry(sums * sharers)} {
	let place = ${flatGroup} * ${sums} + i32(lane % ${sums}u);
	let sharer = i32(lane / ${sums}u);
	var sum = 0.0;
	if (place < ${length}) {
		for (var slice = sharer; slice < ${slices}; slice += ${sharers}) { sum += slices[slice * ${length} + place]; }
	}
	${sharers > 1 ? share : ''}
	if (place >= ${length}) { return; }
	if (place < ${length - biasLength}) { weights[place] = sum; } else { bias[place - ${length - biasLength}] = sum; }
}`;
}
