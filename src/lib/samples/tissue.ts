/** Stained tissue with glands, in colour: three classes of unequal size, one inside another. */
import { Draws, type ImageKey, shareOfImage, streamOf } from './draws.ts';
import { blurred, clamp, fractalNoise, mix, photographed, type Plane, plane, planeOf, smoothstep } from './field.ts';
import { type Gland, glandsOf, scaledGland, visitGland } from './glands.ts';
import { frameSize } from './occupancy.ts';
import { recipeParams, type RecipeValues, type SampleRecipe, sampleName } from './recipe.ts';
import { type Blob, coverage, visitBlob, wobbleOf } from './shapes.ts';

const part = { glands: 0, fibres: 1, grain: 2, flow: 3, stroma: 4, stain: 5, noise: 6, clefts: 7 } as const;
const shareWeights = [0.82, 0.88, 0.94, 0.98, 1.02, 1.06, 1.12, 1.18];

const keyOf = (seed: number, index: number): ImageKey => ({ seed, recipe: 4, index });

/** Optical density of each stain in red, green and blue light: the reference colours of Macenko et al. 2009, ISBI, p. 1107. */
const hematoxylin = [0.563, 0.72, 0.406] as const;
const eosin = [0.216, 0.801, 0.558] as const;

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

/** The way the collagen runs: waves across one main direction, bent by slow noise. Fibres follow the level lines of `phase`. */
function wavesOf(key: ImageKey, size: number): Plane {
	const bend = fractalNoise(streamOf(key, part.flow), size, 2.5, 3);
	const across = new Draws(streamOf(key, part.flow + 10)).between(0, 2 * Math.PI);
	const [perX, perY] = [(Math.cos(across) * 95) / size, (Math.sin(across) * 95) / size];
	return planeOf(size, (x, y, i) => x * perX + y * perY + 11 * bend.data[i]!);
}

/** Connective tissue: wavy bundles of collagen with pale clefts between them. */
function stromaOf(key: ImageKey, size: number, phase: Plane): Stains {
	const patches = fractalNoise(streamOf(key, part.fibres), size, 9, 3);
	const grain = fractalNoise(streamOf(key, part.grain), size, 36, 2);
	const clefts = fractalNoise(streamOf(key, part.clefts), size, 5, 2);
	const amount = planeOf(size, (_x, _y, i) => {
		const bundle = 0.65 * Math.sin(phase.data[i]! + 1.3 * patches.data[i]!) + 0.35 * Math.sin(2.7 * phase.data[i]! + 2 * patches.data[i]!);
		const cleft = smoothstep(0.3, 0.6, clefts.data[i]!) * smoothstep(-0.1, 0.45, -bundle);
		return (0.37 + 0.07 * bundle + 0.09 * patches.data[i]! + 0.05 * grain.data[i]!) * (1 - 0.92 * cleft);
	});
	return {
		eosin: amount,
		hematoxylin: planeOf(size, (_x, _y, i) => 0.03 + 0.13 * amount.data[i]! + 0.012 * grain.data[i]!),
	};
}

/** Nuclei of the connective tissue: slim fibroblasts along the fibres and round lymphocytes in a loose group. They are background. */
function drawStromalNuclei(stains: Stains, key: ImageKey, phase: Plane, grain: Plane): void {
	const draws = new Draws(streamOf(key, part.stroma));
	const { size } = phase;
	const scale = size / frameSize;
	const at = (x: number, y: number): number => phase.data[clamp(Math.round(y), 0, size - 1) * size + clamp(Math.round(x), 0, size - 1)]!;
	const group = { x: draws.between(0, frameSize), y: draws.between(0, frameSize), spread: draws.between(12, 30) };
	for (let count = 0; count < 140; count++) {
		const round = draws.chance(0.35);
		const x = (round ? draws.normal(group.x, group.spread) : draws.between(-2, frameSize + 2)) * scale;
		const y = (round ? draws.normal(group.y, group.spread) : draws.between(-2, frameSize + 2)) * scale;
		const across = Math.atan2(at(x, y + scale) - at(x, y - scale), at(x + scale, y) - at(x - scale, y));
		const a = (round ? draws.between(1.2, 1.6) : draws.between(1.9, 3.3)) * scale;
		const b = (round ? draws.between(1.1, 1.5) : draws.between(0.6, 0.95)) * scale;
		const blob = { x, y, a, b, angle: across + Math.PI / 2 + draws.normal(0, 0.2), wobble: wobbleOf(draws, 0.05, 2) };
		stainBlob(stains, blob, { h: draws.between(0.75, 1.15), e: 0.25 }, 1.1 * scale, grain, 0.2);
	}
}

/** One gland: pale rim, cytoplasm that lightens towards the lumen, droplets, lumen, nuclei. */
function drawGland(stains: Stains, gland: Gland, scale: number, grain: Plane, draws: Draws): void {
	const tone = draws.between(0.85, 1.15);
	const layer = (visit: (index: number, depth: number, inside: number, open: number) => void): void =>
		visitGland(gland, grain.size, 2.5 * scale, (index, distance, lumenDistance) =>
			visit(index, -distance / scale, coverage(distance, 1.2 * scale), coverage(lumenDistance, 1.3 * scale)),
		);
	const tint = (index: number, h: number, e: number, amount: number): void => {
		stains.hematoxylin.data[index] = mix(stains.hematoxylin.data[index]!, h, amount);
		stains.eosin.data[index] = mix(stains.eosin.data[index]!, e, amount);
	};
	layer((index, depth, inside) => {
		const base = smoothstep(8, 2.5, depth);
		const rough = 1 + 0.14 * grain.data[index]!;
		tint(index, 0.03, 0.16, 0.55 * smoothstep(-2.3, -0.8, depth) * (1 - inside));
		tint(index, tone * mix(0.2, 0.4, base) * rough, mix(0.2, 0.26, base) * rough, inside);
	});
	for (const droplet of gland.goblets) stainBlob(stains, droplet, { h: 0.12, e: 0.04 }, 1.2 * scale, grain, 0.25);
	layer((index, _depth, _inside, open) => tint(index, 0.015, 0.02, open));
	for (const nucleus of gland.nuclei)
		stainBlob(stains, nucleus, { h: tone * draws.between(0.85, 1.25), e: 0.16 }, 1.1 * scale, grain, 0.25);
}

/** Labels of the glands: 1 where epithelium, 2 where lumen. */
function labelsOf(glands: readonly Gland[], size: number): Uint8Array {
	const labels = new Uint8Array(size * size);
	for (const gland of glands) {
		visitGland(gland, size, 0, (index, distance, lumenDistance) => {
			if (distance <= 0) labels[index] = lumenDistance <= 0 ? 2 : 1;
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
			return lamp.data[i]! * Math.exp(-Math.LN10 * 0.72 * density);
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
	const phase = wavesOf(key, size);
	const stains = stromaOf(key, size, phase);
	drawStromalNuclei(stains, key, phase, grain);
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
	summary: 'Glands in stained tissue, three classes in colour: losses that weigh the classes alike keep more of the small lumen.',
	params: recipeParams({
		images: 40,
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
