/** The back of the eye: thin branching vessels, where a pixel of width decides and connectivity counts. */
import { Draws, type ImageKey, shareOfImage, streamOf } from './draws.ts';
import { blurred, fractalNoise, mix, photographed, type Plane, plane, planeOf, smoothstep } from './field.ts';
import { frameSize } from './occupancy.ts';
import { recipeParams, type RecipeValues, type SampleRecipe, sampleName } from './recipe.ts';
import { coverage, drawStroke, type Stroke, visitStroke } from './shapes.ts';
import { grow, type Retina, trunksOf, type Vessel } from './vessel-tree.ts';

const part = { landmarks: 0, tree: 1, choroid: 2, pigment: 3, colour: 4, noise: 5, fibres: 6 } as const;
const shareWeights = [0.8, 0.88, 0.94, 0.98, 1.02, 1.06, 1.12, 1.2];

const keyOf = (seed: number, index: number): ImageKey => ({ seed, recipe: 3, index });

function retinaOf(key: ImageKey): Retina {
	const draws = new Draws(streamOf(key, part.landmarks));
	const side = draws.chance(0.5) ? 1 : -1;
	const centre = { x: 64 + draws.normal(0, 0.6), y: 64 + draws.normal(0, 0.6) };
	const disc = { x: centre.x - side * draws.between(33, 41), y: centre.y + draws.normal(0, 3), radius: draws.between(7.2, 8.8) };
	const fovea = { x: disc.x + side * draws.between(37, 42), y: disc.y + draws.between(1, 5) };
	return { centre, radius: draws.between(60, 62.5), disc, fovea, side };
}

function scaledStroke(stroke: Stroke, scale: number): Stroke {
	return {
		x0: stroke.x0 * scale,
		y0: stroke.y0 * scale,
		x1: stroke.x1 * scale,
		y1: stroke.y1 * scale,
		width0: stroke.width0 * scale,
		width1: stroke.width1 * scale,
	};
}

/** The part of the frame that the round field of view lets through, 0…1. */
function apertureOf(retina: Retina, size: number): Plane {
	const scale = size / frameSize;
	return planeOf(size, (x, y) => {
		const r = Math.hypot((x + 0.5) / scale - retina.centre.x, (y + 0.5) / scale - retina.centre.y);
		return coverage((r - retina.radius) * scale, 1.5 * scale);
	});
}

/** Grows vessels, widest first, until they cover the asked share of the image; returns them in pixels of the image, with their coverage. */
function treeOf(key: ImageKey, share: number, retina: Retina, aperture: Plane): { vessels: Vessel[]; covered: Plane } {
	const { size } = aperture;
	const scale = size / frameSize;
	const draws = new Draws(streamOf(key, part.tree));
	const thinnest = Math.max(1.3, 1.2 / scale);
	const buds = trunksOf(retina, draws, Math.min(1.25, Math.sqrt(share / 0.1)));
	const vessels: Vessel[] = [];
	const covered = plane(size);
	let area = 0;
	for (let next = 0; next < buds.length && next < 600 && area < share * size * size; next++) {
		const { vessel, branches } = grow(buds[next]!, retina, thinnest, draws);
		buds.push(...branches);
		const strokes = vessel.strokes.map((stroke) => scaledStroke(stroke, scale));
		vessels.push({ kind: vessel.kind, strokes });
		for (const stroke of strokes) {
			visitStroke(stroke, size, 0.5, (index, distance, half) => {
				const seen = coverage(distance - half);
				if (seen >= 0.5 && covered.data[index]! < 0.5 && aperture.data[index]! >= 0.5) area++;
				covered.data[index] = Math.max(covered.data[index]!, seen);
			});
		}
	}
	return { vessels, covered };
}

/** How much blood the light crosses at each pixel, and where wide arteries and veins reflect it along their middle. */
function bloodOf(vessels: readonly Vessel[], size: number): { artery: Plane; vein: Plane; reflex: Plane } {
	const out = { artery: plane(size), vein: plane(size), reflex: plane(size) };
	const scale = size / frameSize;
	for (const { kind, strokes } of vessels) {
		const strength = kind === 'vein' ? 1 : 0.74;
		for (const stroke of strokes) {
			const width = Math.max(stroke.width0, stroke.width1) / scale;
			drawStroke(out[kind], stroke, strength * mix(0.58, 1, smoothstep(0.9, 3, width)));
			if (width < 1.7) continue;
			const narrow = { ...stroke, width0: 0.22 * stroke.width0, width1: 0.22 * stroke.width1 };
			drawStroke(out.reflex, narrow, (kind === 'artery' ? 0.55 : 0.28) * smoothstep(1.6, 2.6, width));
		}
	}
	return out;
}

/** The unvesselled back of the eye as red, green and blue light. */
function fundusOf(key: ImageKey, retina: Retina, size: number): Plane[] {
	const draws = new Draws(streamOf(key, part.colour));
	const scale = size / frameSize;
	const choroid = fractalNoise(streamOf(key, part.choroid), size, 5, 4);
	const pigment = fractalNoise(streamOf(key, part.pigment), size, 26, 2);
	const base = [draws.between(0.74, 0.84), draws.between(0.35, 0.43), draws.between(0.14, 0.22)];
	const lamp = { x: retina.centre.x + draws.normal(0, 9), y: retina.centre.y + draws.normal(0, 9) };
	const cup = {
		x: retina.disc.x + draws.normal(0, 0.8),
		y: retina.disc.y + draws.normal(0, 0.8),
		radius: retina.disc.radius * draws.between(0.35, 0.55),
	};
	const discColour = [0.98, 0.74, 0.44];
	const cupColour = [1, 0.9, 0.68];
	return base.map((level, channel) =>
		planeOf(size, (px, py, i) => {
			const x = (px + 0.5) / scale;
			const y = (py + 0.5) / scale;
			const fall = 1.1 - (0.42 * ((x - lamp.x) ** 2 + (y - lamp.y) ** 2)) / 62 ** 2;
			const macula = Math.exp(-((x - retina.fovea.x) ** 2 + (y - retina.fovea.y) ** 2) / (2 * 9 ** 2));
			const mottled = 1 + (0.05 + 0.04 * channel) * choroid.data[i]! + 0.025 * pigment.data[i]!;
			const discDistance = Math.hypot(x - retina.disc.x, (y - retina.disc.y) * 0.93) - retina.disc.radius;
			const halo = 0.16 * Math.exp(-Math.max(0, discDistance) / 7);
			const ground = level * fall * mottled * (1 - (0.22 + 0.1 * channel) * macula) * (1 + halo);
			const disc = smoothstep(1.4, -1.4, discDistance);
			const cupped = smoothstep(2, -2, Math.hypot(x - cup.x, y - cup.y) - cup.radius);
			return mix(ground, mix(discColour[channel]!, cupColour[channel]!, cupped) * Math.min(1.04, fall), 0.92 * disc);
		}),
	);
}

/** Share of red, green and blue light that blood takes away. */
const absorbed = [0.27, 0.62, 0.68] as const;

function draw(values: RecipeValues, seed: number, index: number): ReturnType<SampleRecipe['draw']> {
	const key = keyOf(seed, index);
	const { size } = values;
	const scale = size / frameSize;
	const retina = retinaOf(key);
	const aperture = apertureOf(retina, size);
	const { vessels, covered } = treeOf(key, shareOfImage(key, values.foreground / 100, shareWeights), retina, aperture);
	const blood = bloodOf(vessels, size);
	const seen = fundusOf(key, retina, size).map((ground, channel) => {
		const lit = planeOf(size, (_x, _y, i) => {
			const taken = absorbed[channel]! * Math.max(blood.vein.data[i]!, blood.artery.data[i]!);
			return ground.data[i]! * (1 - taken + 0.35 * blood.reflex.data[i]!);
		});
		const soft = blurred(lit, 0.5 * scale);
		return planeOf(size, (_x, _y, i) => 0.012 + soft.data[i]! * aperture.data[i]!);
	});
	const labels = Uint8Array.from(covered.data, (share, i) => (share >= 0.5 && aperture.data[i]! >= 0.5 ? 1 : 0));
	return {
		name: sampleName('vessels', index),
		image: photographed(seen, values.noise / 100, streamOf(key, part.noise)),
		mask: { width: size, height: size, data: labels },
	};
}

export const vessels: SampleRecipe = {
	id: 'vessels',
	name: 'Vessels',
	summary:
		'Thin branching vessels at the back of the eye: cross-entropy drops the fine branches, overlap losses keep them and draw them wider.',
	params: recipeParams({
		images: 40,
		noise: 3,
		foreground: {
			min: 6,
			max: 14,
			step: 0.5,
			default: 10,
			help: 'How much of each image the vessels cover; more adds finer branches and wider trunks.',
		},
	}),
	scheme: {
		kind: 'values',
		classes: [
			{ name: 'background', values: [0] },
			{ name: 'vessel', values: [1] },
		],
		ignore: [],
	},
	channels: 3,
	draw,
};
