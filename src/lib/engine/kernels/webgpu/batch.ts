/** OverlapBatch and OverlapIntensity: batches cut and augmented from samples that lie in the GPU's memory. */
import { ignoredClass } from '#lib/core/sample.ts';
import { firstNoise } from '#lib/pixels/augment.ts';
import { drawNames, numbersOfPlace, zoomPlaces, type DrawName } from '../../batch-table.ts';
import type { tf } from '../../tf.ts';
import { input, numberAttribute } from '../attributes.ts';
import { random } from './random.ts';
import { recorderOf } from './recorder.ts';
import { entry, flatGroup, lanes, spread } from './wgsl.ts';

interface Sizes {
	/** Pairs. */
	readonly count: number;
	/** Side of the net's square. */
	readonly size: number;
	readonly channels: number;
	readonly outputs: number;
}

function sizesOf(attrs: tf.NamedAttrMap): Sizes {
	const of = (name: string): number => numberAttribute(attrs, name);
	return { count: of('count'), size: of('size'), channels: of('channels'), outputs: of('outputs') };
}

/** Numbers of a draw in the table, and the place of one among them. */
const numbersOfDraw = drawNames.length;
const at = (name: DrawName): number => drawNames.indexOf(name);

/** `imageAt` and `classAt` of a pixel of the laid square of a slot, from images, classes and table. */
const sampling = (size: number, channels: number): string => `
/** Where a pixel of the laid square lies in the sample. */
fn sourceOf(slot: i32, column: i32, row: i32) -> vec2<i32> {
	let draw = slot * ${numbersOfDraw};
	var at = vec2<i32>(select(column, ${size - 1} - column, table[draw + ${at('flip')}] == 1), row);
	for (var turn = 0; turn < table[draw + ${at('turns')}]; turn++) { at = vec2<i32>(at.y, ${size - 1} - at.x); }
	return at + vec2<i32>(table[draw + ${at('left')}], table[draw + ${at('top')}]);
}
fn imageAt(slot: i32, column: i32, row: i32, channel: i32) -> f32 {
	let draw = slot * ${numbersOfDraw};
	let width = table[draw + ${at('width')}];
	let at = clamp(sourceOf(slot, column, row), vec2<i32>(), vec2<i32>(width, table[draw + ${at('height')}]) - 1);
	return images[(table[draw + ${at('start')}] + at.y * width + at.x) * ${channels} + channel];
}
fn classAt(slot: i32, column: i32, row: i32) -> i32 {
	let draw = slot * ${numbersOfDraw};
	let sides = vec2<i32>(table[draw + ${at('width')}], table[draw + ${at('height')}]);
	let at = sourceOf(slot, column, row);
	if (column < 0 || row < 0 || any(at < vec2<i32>()) || any(at >= sides)) { return ${ignoredClass}; }
	let pixel = u32(table[draw + ${at('start')}] + at.y * sides.x + at.x);
	return i32((classes[pixel / 4u] >> (8u * (pixel % 4u))) & 255u);
}`;

/** Bindings: images, classes, table, x, yTrue, valid. An invocation makes a pixel. What lies outside repeats the edge and is ignored. */
function batchCode({ count, size, channels, outputs }: Sizes, zooms: boolean): string {
	const axis = (name: string, number: number, place: string): string => `
	let ${name} = ${count * numbersOfDraw} + ((slot * 2 + ${number}) * ${size} + ${place}) * ${numbersOfPlace};
	let ${name}Low = table[${name} + ${zoomPlaces.low}];
	let ${name}High = min(${name}Low + 1, ${size - 1});
	let ${name}Share = bitcast<f32>(table[${name} + ${zoomPlaces.share}]);`;
	const blend = `
		let upper = imageAt(slot, acrossLow, downLow, channel) * (1.0 - acrossShare) + imageAt(slot, acrossHigh, downLow, channel) * acrossShare;
		let lower = imageAt(slot, acrossLow, downHigh, channel) * (1.0 - acrossShare) + imageAt(slot, acrossHigh, downHigh, channel) * acrossShare;
		x[pixel * ${channels} + channel] = upper * (1.0 - downShare) + lower * downShare;`;
	return `
@group(0) @binding(0) var<storage, read> images: array<f32>;
@group(0) @binding(1) var<storage, read> classes: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<i32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> yTrue: array<f32>;
@group(0) @binding(5) var<storage, read_write> valid: array<f32>;
${sampling(size, channels)}
${entry()} {
	let pixel = ${flatGroup} * ${lanes} + i32(lane);
	if (pixel >= ${count * size * size}) { return; }
	let column = pixel % ${size};
	let row = pixel / ${size} % ${size};
	let slot = pixel / ${size * size};
	${zooms ? axis('across', 0, 'column') + axis('down', 1, 'row') : ''}
	for (var channel = 0; channel < ${channels}; channel++) {
		${zooms ? blend : `x[pixel * ${channels} + channel] = imageAt(slot, column, row, channel);`}
	}
	let truth = ${zooms ? `classAt(slot, table[across + ${zoomPlaces.nearest}], table[down + ${zoomPlaces.nearest}])` : 'classAt(slot, column, row)'};
	valid[pixel] = select(1.0, 0.0, truth == ${ignoredClass});
	${
		outputs === 1
			? `yTrue[pixel] = select(f32(truth), 0.0, truth == ${ignoredClass});`
			: `for (var kind = 0; kind < ${outputs}; kind++) { yTrue[pixel * ${outputs} + kind] = select(0.0, 1.0, truth == kind); }`
	}
}`;
}

/** Bindings: x, mean [pairs], table, result: (x − mean) · factor + mean + shift + noise · the normal number of its place. */
function intensityCode({ count, size, channels }: Sizes, noise: number): string {
	const numbers = size * size * channels;
	return `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> mean: array<f32>;
@group(0) @binding(2) var<storage, read> table: array<i32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;${random}
${entry()} {
	let at = ${flatGroup} * ${lanes} + i32(lane);
	if (at >= ${count * numbers}) { return; }
	let slot = at / ${numbers};
	let draw = slot * ${numbersOfDraw};
	let factor = bitcast<f32>(table[draw + ${at('factor')}]);
	let shift = bitcast<f32>(table[draw + ${at('shift')}]);
	var value = (x[at] - mean[slot]) * factor + mean[slot] + shift;
	${
		noise > 0
			? `let stream = vec2<u32>(u32(table[draw + ${at('prefix')}]), u32(table[draw + ${at('lengthBytes')}]));
	value += ${noise} * normal(stream, u32(${firstNoise} + at % ${numbers}));`
			: ''
	}
	result[at] = value;
}`;
}

export function batch(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const recorder = recorderOf(backend);
		const sizes = sizesOf(attrs);
		const { count, size, channels, outputs } = sizes;
		const zooms = attrs['zooms'] === true;
		const results = [channels, outputs, 1].map((last) => recorder.output([count, size, size, last]));
		const given = ['images', 'classes', 'table'].map((name) => input(inputs, name));
		const key = `batch ${Object.values(sizes).join()},${zooms}`;
		recorder.run(key, () => batchCode(sizes, zooms), [...given, ...results], spread(Math.ceil((count * size * size) / lanes)));
		return results;
	};
}

export function intensity(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const recorder = recorderOf(backend);
		const sizes = sizesOf(attrs);
		const noise = numberAttribute(attrs, 'noise');
		const { count, size, channels } = sizes;
		const result = recorder.output([count, size, size, channels]);
		const given = ['x', 'mean', 'table'].map((name) => input(inputs, name));
		const key = `intensity ${Object.values(sizes).join()},${noise}`;
		const groups = spread(Math.ceil((count * size * size * channels) / lanes));
		recorder.run(key, () => intensityCode(sizes, noise), [...given, result], groups);
		return result;
	};
}
