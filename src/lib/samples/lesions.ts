/** White-matter lesions on brain MRI: under 1 % foreground, faint, among brighter things that are no lesions. */
import { brightness, type Slice, sliceOf } from './brain.ts';
import { Draws, type ImageKey, shareOfImage, streamOf } from './draws.ts';
import { blurred, clamp, fractalNoise, photographed, type Plane, plane, planeOf } from './field.ts';
import { frameSize, scaled } from './occupancy.ts';
import { recipeParams, type RecipeValues, type SampleRecipe, sampleName } from './recipe.ts';
import { type Blob, coverage, reachOf, visitBlob, wobbleOf } from './shapes.ts';

const part = { lesions: 0, coil: 1, noise: 2, vessels: 3 } as const;
/** One image in eight holds no lesion: a valid answer that a loss must survive. */
const shareWeights = [0, 0.75, 0.9, 1.05, 1.15, 1.25, 1.4, 1.5];

const keyOf = (seed: number, index: number): ImageKey => ({ seed, recipe: 2, index });

/** How likely a lesion is at a point of the frame: only well inside white matter, and most of all near the ventricles. */
function appetite(deepWhite: Plane, near: Plane, x: number, y: number): number {
	const at = Math.round(y) * frameSize + Math.round(x);
	const midline = Math.abs(x - frameSize / 2) < 6;
	return deepWhite.data[at]! > 0.82 && !midline ? 0.2 + 4 * near.data[at]! : 0;
}

/** The lesions of an image, in frame pixels: the asked area is dealt out among them. */
function lesionsOf(key: ImageKey, share: number, slice: Slice): Blob[] {
	const draws = new Draws(streamOf(key, part.lesions));
	const near = blurred(slice.ventricles, 4.5);
	const deepWhite = blurred(slice.white, 1.5);
	const placed: Blob[] = [];
	let left = share * frameSize ** 2;
	for (let attempt = 0; attempt < 2500 && left > 3; attempt++) {
		const x = draws.between(8, frameSize - 8);
		const y = draws.between(8, frameSize - 8);
		const wanted = clamp(24 * Math.exp(draws.normal(0, 0.6)), 8, 80);
		const wobble = wobbleOf(draws, 0.12);
		const [stretch, angle] = [Math.sqrt(draws.between(1, 1.9)), draws.between(0, Math.PI)];
		if (!draws.chance(appetite(deepWhite, near, x, y))) continue;
		const area = left - wanted < 7 ? left : wanted;
		const radius = Math.sqrt(area / Math.PI);
		const blob = { x, y, a: radius * stretch, b: radius / stretch, angle, wobble };
		if (placed.some((other) => Math.hypot(other.x - x, other.y - y) < reachOf(other) + reachOf(blob) + 2)) continue;
		placed.push(blob);
		left -= area;
	}
	return placed;
}

/** Flow in small vessels shows as bright dots in the folds and at the fissure: brighter than any lesion, and not one. */
function drawVessels(light: Plane, key: ImageKey, slice: Slice, scale: number): void {
	const draws = new Draws(streamOf(key, part.vessels));
	for (let count = 0, attempt = 0; count < 5 && attempt < 600; attempt++) {
		const [x, y] = [draws.between(14, 114), draws.between(14, 114)];
		const [radius, strength] = [draws.between(0.8, 1.3), draws.between(0.62, 0.85)];
		const seen = light.data[Math.round(y * scale) * light.size + Math.round(x * scale)] ?? 1;
		const inFold = seen > 0.09 && seen < 0.25 && Math.hypot(x - 64, (y - 64) * 0.85) < 38 && Math.hypot(x - 64, y - 64) > 27;
		if (!inFold || slice.white.data[Math.round(y) * frameSize + Math.round(x)] === 1) continue;
		count++;
		const dot = { x: x * scale, y: y * scale, a: radius * scale, b: radius * scale, angle: 0, wobble: [] };
		visitBlob(dot, light.size, 2, (index, distance) => {
			light.data[index] = Math.max(light.data[index]!, strength * coverage(distance));
		});
	}
}

function draw(values: RecipeValues, seed: number, index: number): ReturnType<SampleRecipe['draw']> {
	const key = keyOf(seed, index);
	const { size } = values;
	const scale = size / frameSize;
	const slice = sliceOf(key, size);
	const frame = size === frameSize ? slice : sliceOf(key, frameSize);
	const covered = plane(size);
	const looks = new Draws(streamOf(key, part.lesions + 10));
	const light: Plane = { size, data: Float32Array.from(slice.light.data) };
	drawVessels(light, key, frame, scale);
	for (const lesion of lesionsOf(key, shareOfImage(key, values.foreground / 100, shareWeights), frame)) {
		const lift = looks.between(0.15, 0.24);
		visitBlob(scaled(lesion, scale), size, 2 * scale, (i, distance) => {
			covered.data[i] = Math.max(covered.data[i]!, coverage(distance));
			const edge = coverage(distance, 1.6 * scale);
			light.data[i] = light.data[i]! * (1 - edge) + edge * Math.max(light.data[i]!, brightness.white + lift);
		});
	}
	const coil = fractalNoise(streamOf(key, part.coil), size, 2, 1);
	const soft = blurred(light, 0.6 * scale);
	const seen = planeOf(size, (_x, _y, i) => soft.data[i]! * (1.12 + 0.1 * coil.data[i]!));
	return {
		name: sampleName('lesions', index),
		image: photographed([seen], values.noise / 100, streamOf(key, part.noise)),
		mask: { width: size, height: size, data: Uint8Array.from(covered.data, (share) => (share >= 0.5 ? 1 : 0)) },
	};
}

export const lesions: SampleRecipe = {
	id: 'lesions',
	name: 'Lesions',
	summary:
		'Faint lesions in brain MRI, under 1 % of the pixels: plain cross-entropy sees none for many epochs, while Dice and Tversky find them.',
	params: recipeParams({
		images: 40,
		noise: 4,
		foreground: {
			min: 0.2,
			max: 0.9,
			step: 0.05,
			default: 0.6,
			help: 'How much of each image the lesions cover; fewer pixels punish unweighted losses.',
		},
	}),
	scheme: {
		kind: 'values',
		classes: [
			{ name: 'background', values: [0] },
			{ name: 'lesion', values: [1] },
		],
		ignore: [],
	},
	channels: 1,
	draw,
};
