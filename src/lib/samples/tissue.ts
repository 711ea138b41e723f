/** Stained tissue with glands, in colour: three classes of unequal size, one inside another. */
import { Draws, type ImageKey, shareOfImage, streamOf } from './draws.ts';
import { blurred, clamp, fractalNoise, mix, photographed, type Plane, plane, planeOf, smoothstep } from './field.ts';
import { type Gland, glandsOf, scaledGland } from './glands.ts';
import { frameSize } from './occupancy.ts';
import { recipeParams, type RecipeValues, type SampleRecipe, sampleName } from './recipe.ts';
import { type Blob, coverage, visitBlob, wobbleOf } from './shapes.ts';

const part = { glands: 0, fibres: 1, grain: 2, flow: 3, stroma: 4, stain: 5, noise: 6, clefts: 7 } as const;
const shareWeights = [0.82, 0.88, 0.94, 0.98, 1.02, 1.06, 1.12, 1.18];

const keyOf = (seed: number, index: number): ImageKey => ({ seed, recipe: 4, index });

/** What the two stains leave of red, green and blue light: optical densities after Ruifrok & Johnston 2001, Anal Quant Cytol Histol 23:291. */
const hematoxylin = [0.65, 0.7, 0.29] as const;
const eosin = [0.07, 0.99, 0.11] as const;

/** The amounts of both stains at each pixel. */
interface Stains {
	readonly hematoxylin: Plane;
	readonly eosin: Plane;
}

/** Moves both stains towards the given amounts inside a blob. */
function stainBlob(stains: Stains, blob: Blob, amounts: { h: number; e: number }, softness: number, grain: Plane, roughness: number): void {
	visitBlob(blob, stains.eosin.size, softness, (index, distance) => {
		const inside = coverage(distance, softness);
		if (inside === 0) return;
		const rough = 1 + roughness * grain.data[index]!;
		stains.hematoxylin.data[index] = mix(stains.hematoxylin.data[index]!, amounts.h * rough, inside);
		stains.eosin.data[index] = mix(stains.eosin.data[index]!, amounts.e, inside);
	});
}

/** Connective tissue: wavy bundles of collagen that run along a slowly turning direction, with pale clefts between them. */
function stromaOf(key: ImageKey, size: number): Stains {
	const flow = fractalNoise(streamOf(key, part.flow), size, 2.5, 2);
	const fibres = fractalNoise(streamOf(key, part.fibres), size, 14, 2);
	const grain = fractalNoise(streamOf(key, part.grain), size, 36, 2);
	const clefts = fractalNoise(streamOf(key, part.clefts), size, 6, 2);
	const amount = planeOf(size, (_x, _y, i) => {
		const bundle = Math.sin(26 * flow.data[i]! + 2.2 * fibres.data[i]!);
		const cleft = smoothstep(0.42, 0.62, clefts.data[i]!) * smoothstep(-0.1, 0.5, -bundle);
		return (0.4 + 0.1 * bundle + 0.07 * fibres.data[i]! + 0.04 * grain.data[i]!) * (1 - 0.9 * cleft);
	});
	return {
		eosin: amount,
		hematoxylin: planeOf(size, (_x, _y, i) => 0.055 + 0.12 * amount.data[i]! + 0.015 * grain.data[i]!),
	};
}

/** Nuclei of the connective tissue: slim fibroblasts along the fibres and round lymphocytes in loose groups. They are background. */
function drawStromalNuclei(stains: Stains, key: ImageKey, scale: number, grain: Plane): void {
	const draws = new Draws(streamOf(key, part.stroma));
	const flow = fractalNoise(streamOf(key, part.flow), stains.eosin.size, 2.5, 2);
	const { size } = flow;
	const at = (x: number, y: number): number => flow.data[clamp(Math.round(y), 0, size - 1) * size + clamp(Math.round(x), 0, size - 1)]!;
	const centre = { x: draws.between(0, frameSize), y: draws.between(0, frameSize) };
	for (let count = 0; count < 130; count++) {
		const round = draws.chance(0.35);
		const x = (round ? draws.normal(centre.x, 26) : draws.between(-2, frameSize + 2)) * scale;
		const y = (round ? draws.normal(centre.y, 26) : draws.between(-2, frameSize + 2)) * scale;
		const along = Math.atan2(-(at(x + 2, y) - at(x - 2, y)), at(x, y + 2) - at(x, y - 2)) + Math.PI;
		const a = (round ? draws.between(1.2, 1.6) : draws.between(1.9, 3.3)) * scale;
		const b = (round ? draws.between(1.1, 1.5) : draws.between(0.6, 0.9)) * scale;
		const angle = Math.atan2(at(x + 2, y) - at(x - 2, y), -(at(x, y + 2) - at(x, y - 2)));
		const blob = {
			x,
			y,
			a,
			b,
			angle: round ? along : angle + Math.PI / 2 + draws.normal(0, 0.2) + Math.PI / 2,
			wobble: wobbleOf(draws, 0.05, 2),
		};
		stainBlob(stains, blob, { h: draws.between(0.75, 1.15), e: 0.25 }, 1.1 * scale, grain, 0.2);
	}
}

/** One gland: basement line, cytoplasm that pales towards the lumen, droplets, lumen, nuclei. */
function drawGland(stains: Stains, gland: Gland, scale: number, grain: Plane, draws: Draws): void {
	const { size } = grain;
	const tone = draws.between(0.85, 1.15);
	visitBlob(gland.outline, size, 2.5 * scale, (index, distance) => {
		const depth = -distance / scale;
		const inside = coverage(distance, 1.2 * scale);
		const rough = 1 + 0.14 * grain.data[index]!;
		const base = smoothstep(7, 2.5, depth);
		const halo = smoothstep(-2.3, -0.8, depth) * (1 - inside);
		stains.eosin.data[index] = mix(stains.eosin.data[index]! * (1 - 0.5 * halo), mix(0.24, 0.34, base) * rough, inside);
		stains.hematoxylin.data[index] = mix(stains.hematoxylin.data[index]! * (1 - 0.5 * halo), tone * mix(0.2, 0.36, base) * rough, inside);
	});
	for (const droplet of gland.goblets) stainBlob(stains, droplet, { h: 0.13, e: 0.05 }, 1.2 * scale, grain, 0.25);
	stainBlob(stains, gland.lumen, { h: 0.02, e: 0.025 }, 1.3 * scale, grain, 0.5);
	for (const nucleus of gland.nuclei)
		stainBlob(stains, nucleus, { h: tone * draws.between(0.78, 1.15), e: 0.22 }, 1.1 * scale, grain, 0.25);
}

/** Labels of the glands: 1 where epithelium, 2 where lumen. */
function labelsOf(glands: readonly Gland[], size: number): Uint8Array {
	const labels = new Uint8Array(size * size);
	for (const gland of glands) {
		visitBlob(gland.outline, size, 0, (index, distance) => {
			if (distance <= 0) labels[index] = 1;
		});
		visitBlob(gland.lumen, size, 0, (index, distance) => {
			if (distance <= 0 && labels[index] === 1) labels[index] = 2;
		});
	}
	return labels;
}

/** The light that both stains let through, as red, green and blue (Beer–Lambert). */
function transmitted(stains: Stains, strength: { h: number; e: number }, lamp: Plane): Plane[] {
	return [0, 1, 2].map((channel) =>
		planeOf(lamp.size, (_x, _y, i) => {
			const density =
				strength.h * stains.hematoxylin.data[i]! * hematoxylin[channel]! + strength.e * stains.eosin.data[i]! * eosin[channel]!;
			return lamp.data[i]! * Math.exp(-Math.LN10 * 0.62 * density);
		}),
	);
}

function draw(values: RecipeValues, seed: number, index: number): ReturnType<SampleRecipe['draw']> {
	const key = keyOf(seed, index);
	const { size } = values;
	const scale = size / frameSize;
	const layout = new Draws(streamOf(key, part.glands));
	const glands = glandsOf(shareOfImage(key, values.foreground / 100, shareWeights), layout).map((gland) => scaledGland(gland, scale));
	const grain = fractalNoise(streamOf(key, part.grain + 10), size, 34, 2);
	const stains = stromaOf(key, size);
	drawStromalNuclei(stains, key, scale, grain);
	const looks = new Draws(streamOf(key, part.stain));
	const strength = { h: looks.between(0.9, 1.15), e: looks.between(0.85, 1.15) };
	const lamp = plane(size, looks.between(0.955, 0.985));
	for (const gland of glands) drawGland(stains, gland, scale, grain, looks);
	const seen = transmitted(stains, strength, lamp).map((light) => blurred(light, 0.45 * scale));
	return {
		name: sampleName('tissue', index),
		image: photographed(seen, values.noise / 100, streamOf(key, part.noise)),
		mask: { width: size, height: size, data: labelsOf(glands, size) },
	};
}

export const tissue: SampleRecipe = {
	id: 'tissue',
	name: 'Tissue',
	summary:
		'Glands in stained tissue, three classes in colour: losses that weigh classes alike keep the small lumen, plain ones favour the rest.',
	params: recipeParams({
		images: 24,
		noise: 2,
		foreground: {
			min: 20,
			max: 55,
			step: 1,
			default: 42,
			help: 'How much of each image the glands cover, wall and lumen together; more packs them closer.',
		},
	}),
	scheme: {
		kind: 'values',
		classes: [
			{ name: 'stroma', values: [0] },
			{ name: 'epithelium', values: [1] },
			{ name: 'lumen', values: [2] },
		],
		ignore: [],
	},
	channels: 3,
	draw,
};
