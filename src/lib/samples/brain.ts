/** The anatomy behind the lesions recipe: an axial slice of a head as fluid-attenuated MRI (FLAIR) shows it. Drawn, not measured. */
import { Draws, type ImageKey, streamOf } from './draws.ts';
import { clamp, fractalNoise, mix, type Plane, plane, planeOf, smoothstep } from './field.ts';
import { frameSize } from './occupancy.ts';
import { type Blob, coverage, drawStroke, radiusAt, type Stroke, visitBlob, wobbleOf } from './shapes.ts';

const part = { layout: 10, folds: 11, tissue: 12, scalp: 13 } as const;

/** Relative brightness of what a FLAIR slice shows. */
export const brightness = { air: 0.015, fat: 0.7, bone: 0.06, marrow: 0.19, fluid: 0.1, white: 0.36, grey: 0.485 } as const;

export interface Slice {
	/** Brightness before coils, blur and noise. */
	readonly light: Plane;
	/** 1 where white matter is surely white matter, 0 elsewhere. */
	readonly white: Plane;
	/** 1 in the ventricles. */
	readonly ventricles: Plane;
}

interface Layout {
	readonly head: Blob;
	readonly brain: Blob;
	/** Rotation of the head, radians. */
	readonly tilt: number;
	readonly ventricleWidth: number;
	readonly ventricleLength: number;
	/** Frame pixels by which the sulci reach inwards. */
	readonly foldDepth: number;
}

function layoutOf(key: ImageKey): Layout {
	const draws = new Draws(streamOf(key, part.layout));
	const tilt = draws.normal(0, 0.07);
	const a = draws.between(55, 59);
	const centre = { x: 64 + draws.normal(0, 1.2), y: 64 + draws.normal(0, 1.2), angle: Math.PI / 2 + tilt };
	const head = { ...centre, a, b: a * draws.between(0.8, 0.87), wobble: wobbleOf(draws, 0.008, 3) };
	const inset = draws.between(6, 7.2);
	return {
		head,
		brain: { ...head, a: head.a - inset, b: head.b - inset },
		tilt,
		ventricleWidth: draws.between(2.4, 4.6),
		ventricleLength: draws.between(0.85, 1.15),
		foldDepth: draws.between(17, 24),
	};
}

/** A point given in head coordinates (right, down; frame pixels from the centre), turned and moved with the head. */
function placeIn(layout: Layout, right: number, down: number): [x: number, y: number] {
	const [cos, sin] = [Math.cos(layout.tilt), Math.sin(layout.tilt)];
	return [layout.head.x + right * cos - down * sin, layout.head.y + right * sin + down * cos];
}

/** A chain of points (right, down, width) in head coordinates as strokes in pixels of the image. */
function chain(layout: Layout, scale: number, points: readonly (readonly [right: number, down: number, width: number])[]): Stroke[] {
	return points.slice(1).map((to, i) => {
		const from = points[i]!;
		const [x0, y0] = placeIn(layout, from[0], from[1]);
		const [x1, y1] = placeIn(layout, to[0], to[1]);
		return { x0: x0 * scale, y0: y0 * scale, x1: x1 * scale, y1: y1 * scale, width0: from[2] * scale, width1: to[2] * scale };
	});
}

/** The lateral ventricles (front and back horns of both sides) and the third one between them. */
function ventriclesOf(layout: Layout, size: number): Plane {
	const out = plane(size);
	const w = layout.ventricleWidth;
	const l = layout.ventricleLength;
	for (const side of [-1, 1]) {
		const horn = [
			[side * (7 + w), -19 * l, 0.5 * w],
			[side * (3.2 + 0.6 * w), -13 * l, 1.25 * w],
			[side * (2.2 + 0.5 * w), -5 * l, 1.05 * w],
			[side * (4.5 + 0.5 * w), 4 * l, 0.9 * w],
			[side * (9 + w), 13 * l, 1.35 * w],
			[side * (8.5 + w), 20 * l, 0.5 * w],
		] as const;
		for (const stroke of chain(layout, size / frameSize, horn)) drawStroke(out, stroke);
	}
	const third = [
		[0, 0, 0.5 * w],
		[0, 8, 0.35 * w],
	] as const;
	for (const stroke of chain(layout, size / frameSize, third)) drawStroke(out, stroke);
	return out;
}

/** The fissure between the hemispheres, in front and behind. */
function fissureOf(layout: Layout, size: number): Plane {
	const out = plane(size);
	const [front, back] = [-layout.brain.a, layout.brain.a];
	const cuts = [
		[
			[0, front - 1, 2.2],
			[0.5, front * 0.72, 1.2],
			[0, -21 * layout.ventricleLength, 0.9],
		],
		[
			[0, back + 1, 2.2],
			[-0.5, back * 0.75, 1.2],
			[0, 20 * layout.ventricleLength, 0.9],
		],
	] as const;
	for (const cut of cuts) for (const stroke of chain(layout, size / frameSize, cut)) drawStroke(out, stroke);
	return out;
}

/** Deep grey matter: thalamus and lentiform nucleus of both sides. */
function deepGreyOf(layout: Layout, size: number, draws: Draws): Plane {
	const out = plane(size);
	const scale = size / frameSize;
	for (const side of [-1, 1]) {
		for (const [right, down, a, b, turn] of [
			[6.5, 4, 7, 4.6, 1.3],
			[17, -4, 9.5, 4, 1.35],
			[8.8, -11, 5, 2.4, 1.2],
		] as const) {
			const [x, y] = placeIn(layout, side * (right + 0.4 * layout.ventricleWidth), down);
			const angle = (side > 0 ? turn : Math.PI - turn) + layout.tilt;
			const blob = { x: x * scale, y: y * scale, a: a * scale, b: b * scale, angle, wobble: wobbleOf(draws, 0.05, 3) };
			visitBlob(blob, size, 4 * scale, (index, distance) => {
				out.data[index] = Math.max(out.data[index]!, coverage(distance, 2.4 * scale));
			});
		}
	}
	return out;
}

/**
 * Distance of each pixel to the nearest sulcus, frame pixels. Sulci are the zero lines of noise that leans on a wave
 * around the centre, so that they wind, and yet run inwards more often than along.
 */
function sulciOf(key: ImageKey, layout: Layout, size: number): Plane {
	const scale = size / frameSize;
	const folds = fractalNoise(streamOf(key, part.folds), size, 12, 2);
	const draws = new Draws(streamOf(key, part.folds + 10));
	const [count, phase] = [13 + draws.integer(5), draws.between(0, 2 * Math.PI)];
	const leaning = planeOf(size, (x, y, i) => {
		const theta = Math.atan2((y + 0.5) / scale - layout.head.y, (x + 0.5) / scale - layout.head.x);
		return 0.85 * folds.data[i]! + 0.5 * Math.cos(count * theta + phase);
	});
	const at = (x: number, y: number): number => leaning.data[clamp(y, 0, size - 1) * size + clamp(x, 0, size - 1)]!;
	return planeOf(size, (x, y) => {
		const [across, down] = [at(x + 1, y) - at(x - 1, y), at(x, y + 1) - at(x, y - 1)];
		return Math.abs(at(x, y)) / Math.max(0.5 * Math.sqrt(across * across + down * down), 1e-4) / scale;
	});
}

/** Brightness between skin and brain at `depth` frame pixels under the skin; `thick` varies the fat around the head. */
function shellLight(depth: number, thick: number): number {
	const fat = smoothstep(-0.6, 0.5, depth) * smoothstep(2.7 + thick, 1.9 + thick, depth);
	const marrow = smoothstep(3.4 + thick, 4.3 + thick, depth) * smoothstep(5.4, 4.6, depth);
	return (
		brightness.air +
		(brightness.bone - brightness.air) * smoothstep(-0.5, 0.5, depth) +
		fat * (brightness.fat - brightness.bone) +
		marrow * (brightness.marrow - brightness.bone)
	);
}

/** Draws the slice of image `key` at `size` pixels. */
export function sliceOf(key: ImageKey, size: number): Slice {
	const layout = layoutOf(key);
	const scale = size / frameSize;
	const sulci = sulciOf(key, layout, size);
	const matter = fractalNoise(streamOf(key, part.tissue), size, 16, 3);
	const scalp = fractalNoise(streamOf(key, part.scalp), size, 6, 2);
	const ventricles = ventriclesOf(layout, size);
	const fissure = fissureOf(layout, size);
	const deepGrey = deepGreyOf(layout, size, new Draws(streamOf(key, part.layout + 10)));
	const light = plane(size);
	const white = plane(size);
	for (let y = 0, i = 0; y < size; y++) {
		for (let x = 0; x < size; x++, i++) {
			const dx = (x + 0.5) / scale - layout.head.x;
			const dy = (y + 0.5) / scale - layout.head.y;
			const r = Math.sqrt(dx * dx + dy * dy);
			const theta = Math.atan2(dy, dx);
			const shell = shellLight(radiusAt(layout.head, theta) - r, 0.9 * scalp.data[i]!) * (1 + 0.18 * scalp.data[i]!);
			const depth = radiusAt(layout.brain, theta) - r + 0.8 * scalp.data[i]!;
			if (depth < -1.5) {
				light.data[i] = shell;
				continue;
			}
			const reach = smoothstep(layout.foldDepth, 0.35 * layout.foldDepth, depth + 2.5 * scalp.data[i]!);
			const sulcus = sulci.data[i]!;
			const groove = reach * smoothstep(0.35 + 1.1 * reach, 0.1, sulcus);
			const cortex = Math.max(smoothstep(4.4, 2.6, depth), reach * smoothstep(3.6, 2.2, sulcus), smoothstep(0.02, 0.6, fissure.data[i]!));
			const greyness = Math.max(cortex, 0.85 * deepGrey.data[i]!);
			const solid = mix(brightness.white, brightness.grey, greyness) * (1 + 0.045 * matter.data[i]!);
			const fluid = Math.max(0.85 * groove, ventricles.data[i]!, 0.9 * fissure.data[i]!, smoothstep(0.9, -0.2, depth));
			light.data[i] = mix(mix(solid, brightness.fluid, fluid), shell, smoothstep(0, -1.5, depth));
			white.data[i] = depth > 7 && greyness < 0.12 && fluid < 0.05 ? 1 : 0;
		}
	}
	return { light, white, ventricles };
}
