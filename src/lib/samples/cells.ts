/** Nuclei under a fluorescence microscope: balanced classes, so that every loss works and the borders between neighbours decide. */
import { Draws, type ImageKey, shareOfImage, streamOf } from './draws.ts';
import { blurred, clamp, fractalNoise, mix, photographed, type Plane, plane, planeOf, smoothstep } from './field.ts';
import { fill, frameSize, scaled } from './occupancy.ts';
import { recipeParams, type RecipeValues, type SampleRecipe, sampleName } from './recipe.ts';
import { type Blob, coverage, visitBlob, wobbleOf } from './shapes.ts';

const part = { layout: 0, looks: 1, chromatin: 2, stain: 3, light: 4, noise: 5, defocused: 6 } as const;
const shareWeights = [0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.2, 1.3];

const keyOf = (seed: number, index: number): ImageKey => ({ seed, recipe: 1, index });

/** A nucleus somewhere, or, more often, beside one that is there: cells grow in colonies. */
function proposeNucleus(draws: Draws, meanRadius: number, placed: readonly Blob[]): Blob {
	const radius = clamp(draws.normal(meanRadius, 0.17 * meanRadius), 0.6 * meanRadius, 1.5 * meanRadius);
	const stretch = Math.sqrt(draws.between(1, 1.55));
	const neighbour = draws.chance(0.62) ? placed[draws.integer(Math.max(1, placed.length))] : undefined;
	const direction = draws.between(0, 2 * Math.PI);
	const distance = neighbour === undefined ? 0 : (neighbour.a + neighbour.b) / 2 + radius * draws.between(0.86, 1.02);
	return {
		x: neighbour === undefined ? draws.between(-4, frameSize + 4) : neighbour.x + distance * Math.cos(direction),
		y: neighbour === undefined ? draws.between(-4, frameSize + 4) : neighbour.y + distance * Math.sin(direction),
		a: radius * stretch,
		b: radius / stretch,
		angle: draws.between(0, Math.PI),
		wobble: wobbleOf(draws, 0.045),
	};
}

/** The nuclei of an image, in frame pixels. */
export function nucleiOf(values: RecipeValues, seed: number, index: number): Blob[] {
	const key = keyOf(seed, index);
	const draws = new Draws(streamOf(key, part.layout));
	const meanRadius = draws.between(7.6, 10.4);
	return fill(
		{
			share: shareOfImage(key, values.foreground / 100, shareWeights),
			tries: 900,
			propose: (from, progress, placed) => proposeNucleus(from, meanRadius * mix(1, 0.75, progress), placed),
			overlap: 0.1,
			gap: 0,
		},
		draws,
	);
}

/** Lays one nucleus' light and coverage into the planes. Where two overlap their light adds up, as it does in wide field. */
function drawNucleus(light: Plane, covered: Plane, chromatin: Plane, nucleus: Blob, draws: Draws): void {
	const { size } = light;
	const dividing = draws.chance(0.05);
	const brightness = dividing ? draws.between(0.8, 0.95) : clamp(0.5 * Math.exp(draws.normal(0, 0.26)), 0.26, 0.85);
	const grain = draws.between(0.2, 0.42);
	const tilt = draws.between(0, 2 * Math.PI);
	const radius = Math.sqrt(nucleus.a * nucleus.b);
	const nucleoli = Array.from({ length: dividing ? 0 : 1 + draws.integer(4) }, () => {
		const away = radius * draws.between(0.1, 0.6);
		const towards = draws.between(0, 2 * Math.PI);
		return { x: nucleus.x + away * Math.cos(towards), y: nucleus.y + away * Math.sin(towards), r: radius * draws.between(0.13, 0.24) };
	});
	visitBlob(nucleus, size, 2, (index, distance, relative) => {
		const inside = coverage(distance);
		covered.data[index] = Math.max(covered.data[index]!, inside);
		const x = index % size;
		const y = Math.floor(index / size);
		const thickness = mix(0.68, 1, Math.sqrt(Math.max(0, 1 - relative ** 2)));
		const slope = 1 + 0.12 * ((x - nucleus.x) * Math.cos(tilt) + (y - nucleus.y) * Math.sin(tilt)) * (1 / radius);
		let texture = 1 + grain * chromatin.data[index]!;
		for (const { x: cx, y: cy, r } of nucleoli) texture *= 1 - 0.45 * smoothstep(1.4 * r, 0.5 * r, Math.hypot(x - cx, y - cy));
		light.data[index]! += inside * brightness * thickness * slope * texture;
	});
}

/** Nuclei above or below the focal plane: faint, wide blurs that are not labelled. */
function defocusedLight(key: ImageKey, size: number): Plane {
	const draws = new Draws(streamOf(key, part.defocused));
	const light = plane(size);
	const scale = size / frameSize;
	for (let count = draws.integer(4); count > 0; count--) {
		const blob = proposeNucleus(draws, 10, []);
		const strength = draws.between(0.12, 0.28);
		visitBlob(scaled(blob, scale), size, 1, (index, distance) => {
			light.data[index]! += strength * coverage(distance);
		});
	}
	return blurred(light, 4.5 * scale);
}

/** Uneven illumination: brightest off centre, falling towards the corners. */
function illumination(key: ImageKey, size: number): Plane {
	const draws = new Draws(streamOf(key, part.light));
	const [cx, cy] = [draws.between(0.3, 0.7), draws.between(0.3, 0.7)];
	const fall = draws.between(0.35, 0.75);
	return planeOf(size, (x, y) => Math.exp(-fall * (((x + 0.5) / size - cx) ** 2 + ((y + 0.5) / size - cy) ** 2) * 1.6));
}

function draw(values: RecipeValues, seed: number, index: number): ReturnType<SampleRecipe['draw']> {
	const key = keyOf(seed, index);
	const { size } = values;
	const scale = size / frameSize;
	const light = plane(size);
	const covered = plane(size);
	const chromatin = fractalNoise(streamOf(key, part.chromatin), size, 30, 2);
	const looks = new Draws(streamOf(key, part.looks));
	for (const nucleus of nucleiOf(values, seed, index)) drawNucleus(light, covered, chromatin, scaled(nucleus, scale), looks);
	const sharp = blurred(light, 0.75 * scale);
	const glow = blurred(light, 7 * scale);
	const behind = defocusedLight(key, size);
	const stain = fractalNoise(streamOf(key, part.stain), size, 3, 2);
	const lamp = illumination(key, size);
	const seen = planeOf(size, (_x, _y, i) => {
		const background = 0.045 + 0.012 * stain.data[i]! + behind.data[i]!;
		return lamp.data[i]! * (background + 0.16 * glow.data[i]! + 0.98 * sharp.data[i]!);
	});
	const labels = Uint8Array.from(covered.data, (share) => (share >= 0.5 ? 1 : 0));
	return {
		name: sampleName('cells', index),
		image: photographed([seen], values.noise / 100, streamOf(key, part.noise)),
		mask: { width: size, height: size, data: labels },
	};
}

export const cells: SampleRecipe = {
	id: 'cells',
	name: 'Cells',
	summary: 'Touching nuclei under a fluorescence microscope: balanced classes, where all losses do well and differ at the borders.',
	params: recipeParams({
		images: 40,
		noise: 5,
		foreground: { min: 10, max: 45, step: 1, default: 30, help: 'How much of each image the nuclei cover; crowded ones touch more.' },
	}),
	scheme: {
		kind: 'values',
		classes: [
			{ name: 'background', values: [0] },
			{ name: 'nucleus', values: [1] },
		],
		ignore: [],
	},
	channels: 1,
	draw,
};
