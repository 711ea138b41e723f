/** Pieces of WGSL that our programs share. Sizes are baked in as constants; a vector holds four neighbouring channels. */
import type { Workgroups } from './recorder.ts';

/** Invocations of a workgroup of a program without shared memory. */
export const lanes = 64;

/** Largest number of workgroups in one dimension that every device allows. */
const mostWorkgroups = 65_535;

/** `count` workgroups spread over x and y; `flatGroup` counts them again. `z` goes through. */
export function spread(count: number, z = 1): Workgroups {
	const y = Math.ceil(count / mostWorkgroups);
	return [Math.ceil(count / y), y, z];
}

export const entry = (invocations = lanes): string => `
@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32)`;

/** Number of this workgroup among those of `spread`, as i32. */
export const flatGroup = 'i32(group.x + group.y * groups.x)';

export const quads = (channels: number): number => Math.ceil(channels / 4);

/** The largest power of two that is at most `most` and at most the smallest that covers `count`. */
export function powerOfTwo(count: number, most: number): number {
	let power = 1;
	while (power < count && power < most) power *= 2;
	return power;
}

/** Declares the bindings of group 0 in order. Whole quads of channels are read as vectors, everything else as numbers. */
export function declare(bindings: readonly { readonly name: string; readonly quads: boolean; readonly written?: boolean }[]): string {
	return bindings
		.map(({ name, quads: vectors, written }, index) => {
			const access = written ? 'read_write' : 'read';
			return `@group(0) @binding(${index}) var<storage, ${access}> ${name}: array<${vectors ? 'vec4<f32>' : 'f32'}>;`;
		})
		.join('\n');
}

/** True where rows of `channels` numbers can be read as vectors. */
export const whole = (channels: number): boolean => channels % 4 === 0;

/**
 * A function `name(row, quad)` that reads four channels of a row of `channels`; those past the end are 0.
 * The binding `from` is declared with `quads: whole(channels)`.
 */
export function reader(name: string, from: string, channels: number): string {
	const head = `fn ${name}(row: i32, quad: i32) -> vec4<f32>`;
	if (whole(channels)) return `${head} { return ${from}[row * ${channels / 4} + quad]; }`;
	const parts = [0, 1, 2, 3].map((part) => {
		const value = `${from}[row * ${channels} + 4 * quad + ${part}]`;
		if (channels < 4) return part < channels ? value : '0.0';
		return part === 0 ? value : `select(0.0, ${value}, 4 * quad + ${part} < ${channels})`;
	});
	return `${head} { return vec4<f32>(${parts.join(', ')}); }`;
}

/** A function `name(row, quad, value)` that writes what `reader` reads. */
export function writer(name: string, to: string, channels: number): string {
	const head = `fn ${name}(row: i32, quad: i32, value: vec4<f32>)`;
	if (whole(channels)) return `${head} { ${to}[row * ${channels / 4} + quad] = value; }`;
	const parts = [0, 1, 2, 3].map((part) => {
		const store = `${to}[row * ${channels} + 4 * quad + ${part}] = value[${part}];`;
		if (channels < 4) return part < channels ? store : '';
		return part === 0 ? store : `if (4 * quad + ${part} < ${channels}) { ${store} }`;
	});
	return `${head} { ${parts.join(' ')} }`;
}

/** Some channels of images, in a tensor of their own; they follow on those of the part before, which fill whole quads. */
export interface Part {
	readonly channels: number;
	/** 2 where the tensor has half the sides, and each of its pixels stands for 2 × 2. */
	readonly scale: 1 | 2;
}

/** The part that a quad of channels lies in, and the quad there: `make` gets both. */
function byPart(parts: readonly Part[], make: (index: number, quad: string) => string): string {
	let before = 0;
	return parts
		.map(({ channels }, index) => {
			const use = make(index, `quad - ${before}`);
			before += quads(channels);
			return index === parts.length - 1 ? use : `if (quad < ${before}) { ${use} }`;
		})
		.join(' ');
}

/** Bindings of the parts of `from`, which `partsReader` or `partsWriter` uses. */
export const partsOf = (from: string, parts: readonly Part[], written = false) =>
	parts.map(({ channels }, index) => ({ name: `${from}${index}`, quads: whole(channels), written }));

/** A function `name(line, column, quad)` that reads four channels of images of `width`, whose lines are counted through all images. */
export function partsReader(name: string, from: string, parts: readonly Part[], width: number): string {
	const pixel = (scale: number): string => (scale === 2 ? `line / 2 * ${width / 2} + column / 2` : `line * ${width} + column`);
	return `${parts.map(({ channels }, index) => reader(`${name}${index}`, `${from}${index}`, channels)).join('\n')}
fn ${name}(line: i32, column: i32, quad: i32) -> vec4<f32> {
	${byPart(parts, (index, quad) => `return ${name}${index}(${pixel(parts[index]?.scale ?? 1)}, ${quad});`)}
}`;
}

/** A function `name(row, quad, value)` that writes four channels of a pixel. */
export function partsWriter(name: string, to: string, parts: readonly Part[]): string {
	return `${parts.map(({ channels }, index) => writer(`${name}${index}`, `${to}${index}`, channels)).join('\n')}
fn ${name}(row: i32, quad: i32, value: vec4<f32>) {
	${byPart(parts, (index, quad) => `${name}${index}(row, ${quad}, value); return;`)}
}`;
}

/** Lines `make(0)`, …, `make(count - 1)`. */
export const repeat = (count: number, make: (index: number) => string): string =>
	Array.from({ length: count }, (_, i) => make(i)).join('\n');

/** WGSL may take it that no number is NaN; bits it must take as they are. */
export const isNan = `
fn isNan(value: f32) -> bool { return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u; }`;

/** ReLU that lets NaN through, which `max` need not. */
export const relu = (value: string): string => `select(${value}, vec4<f32>(), ${value} < vec4<f32>())`;

/**
 * Adds up `shares[lane]` over a workgroup of `invocations`, a power of two, by `combine(a, b)`; the result is `shares[0]`, in a fixed order.
 * Every invocation must get here.
 */
export const tree = (invocations: number, combine: (to: string, from: string) => string): string => `
	for (var half = ${invocations >> 1}u; half > 0u; half /= 2u) {
		workgroupBarrier();
		if (lane < half) { ${combine('shares[lane]', 'shares[lane + half]')} }
	}
	workgroupBarrier();`;
