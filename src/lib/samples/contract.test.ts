import { describe, expect, it, vi } from 'vitest';
import { isValidValue } from '#lib/core/params.ts';
import { nucleiOf } from './cells.ts';
import { sampleRecipes } from './index.ts';
import { type DrawnSample, recipeValues, type RecipeValues, type SampleRecipe } from './recipe.ts';

// Whole sets are drawn here; a busy machine may take longer than the usual limit.
vi.setConfig({ testTimeout: 60_000 });

function defaultsOf(recipe: SampleRecipe, changes: Partial<RecipeValues> = {}): RecipeValues {
	return { ...recipeValues(recipe), ...changes };
}

function drawMany(recipe: SampleRecipe, values: RecipeValues, count: number, seed = 1): DrawnSample[] {
	return Array.from({ length: count }, (_, index) => recipe.draw(values, seed, index));
}

/** Share of the mask that is not background, 0…1. */
function shareOf({ mask }: DrawnSample): number {
	return mask.data.filter((label) => label !== 0).length / mask.data.length;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** Root mean square difference of two images, levels. */
function difference(a: DrawnSample, b: DrawnSample): number {
	return Math.sqrt(mean(Array.from(a.image.data, (level, i) => (level - (b.image.data[i] ?? 0)) ** 2)));
}

/** Groups of foreground pixels that touch by an edge or a corner. */
function componentCount({ mask }: DrawnSample): number {
	const { width, height } = mask;
	const open = Uint8Array.from(mask.data);
	let count = 0;
	for (let start = 0; start < open.length; start++) {
		if (open[start] === 0) continue;
		count++;
		const stack = [start];
		open[start] = 0;
		for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
			const [x, y] = [at % width, Math.floor(at / width)];
			for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
				for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
					if (open[ny * width + nx] === 0) continue;
					open[ny * width + nx] = 0;
					stack.push(ny * width + nx);
				}
			}
		}
	}
	return count;
}

function recipe(id: string): SampleRecipe {
	const found = sampleRecipes.find((candidate) => candidate.id === id);
	if (found === undefined) throw new Error(`no recipe ${id}`);
	return found;
}

describe('the shelf of samples', () => {
	it('names every recipe once', () => {
		expect(new Set(sampleRecipes.map(({ id }) => id)).size).toBe(sampleRecipes.length);
	});
	it('never draws the same scene from two recipes', () => {
		const values = { images: 8, size: 64, foreground: 10, noise: 0 };
		const pictures = sampleRecipes.map((each) => Array.from(each.draw(values, 1, 0).image.data.subarray(0, 4096)).join());
		expect(new Set(pictures).size).toBe(sampleRecipes.length);
	});
});

describe.each(sampleRecipes.map((each) => [each.id, each] as const))('%s', (id, each) => {
	it('has defaults that its own limits allow', () => {
		for (const param of Object.values(each.params)) expect(isValidValue(param, param.default)).toBe(true);
	});

	it('settles values from outside: kept when allowed, on a step, the default when missing or out of range', () => {
		const usual = recipeValues(each);
		expect(recipeValues(each, { size: 96, noise: 7 })).toEqual({ ...usual, size: 96, noise: 7 });
		expect(recipeValues(each, { size: 100.3, images: 9.4 })).toEqual({ ...usual, size: 96, images: 9 });
		expect(recipeValues(each, { size: 1e9, noise: -1, images: 'many', foreground: NaN })).toEqual(usual);
	});

	it('draws the same pair twice, whatever was drawn between and however many images are asked for', () => {
		const values = defaultsOf(each, { size: 96 });
		const first = each.draw(values, 5, 3);
		each.draw(values, 5, 9);
		expect(each.draw({ ...values, images: 50 }, 5, 3)).toEqual(first);
	});

	it('draws another scene for another index and for another seed', () => {
		const values = defaultsOf(each, { size: 64, noise: 0 });
		const first = each.draw(values, 5, 3);
		expect(difference(first, each.draw(values, 5, 4))).toBeGreaterThan(5);
		expect(difference(first, each.draw(values, 6, 3))).toBeGreaterThan(5);
	});

	it.each([64, 160, 256])('draws image and mask of %i pixels a side', (size) => {
		const { image, mask, name } = each.draw(defaultsOf(each, { size }), 1, 11);
		expect([image.width, image.height, mask.width, mask.height]).toEqual([size, size, size, size]);
		expect(image.channels).toBe(each.channels);
		expect(image.maxValue).toBe(255);
		expect(image.data.length).toBe(size * size * each.channels);
		expect(mask.data.length).toBe(size * size);
		expect(name).toBe(`${id}-012.png`);
	});

	it('uses all label values of its scheme and no other', () => {
		const labels = new Set(drawMany(each, defaultsOf(each, { size: 64 }), 8).flatMap(({ mask }) => [...mask.data]));
		const known = each.scheme.kind === 'values' ? each.scheme.classes.flatMap(({ values }) => values) : [];
		expect([...labels].sort()).toEqual([...known].sort());
	});

	it('draws the same scene at every size', () => {
		const [small, large] = [64, 128].map((size) => each.draw(defaultsOf(each, { size, noise: 0 }), 2, 1));
		const halved = Uint8Array.from(small!.mask.data, (_, i) => large!.mask.data[2 * Math.floor(i / 64) * 128 + 2 * (i % 64)]!);
		const both = small!.mask.data.filter((label, i) => label !== 0 && halved[i] !== 0).length;
		const either = small!.mask.data.filter((label, i) => label !== 0 || halved[i] !== 0).length;
		expect(both / either).toBeGreaterThan(0.4);
	});

	it.each([
		['by default', 128, 0.5, false],
		['when little is asked for', 96, 0.1, true],
		['when much is asked for', 64, 0.9, true],
	] as const)('delivers the asked foreground share %s', (_when, size, along, moved) => {
		const { min, max, default: usual } = each.params.foreground;
		const foreground = moved ? min + along * (max - min) : usual;
		const share = mean(drawMany(each, defaultsOf(each, { size, foreground }), 24).map(shareOf));
		expect((100 * share) / foreground).toBeGreaterThan(0.75);
		expect((100 * share) / foreground).toBeLessThan(1.25);
	});

	it('lets noise shake the image by about the asked deviation, and never the mask', () => {
		const clean = each.draw(defaultsOf(each, { noise: 0 }), 4, 2);
		for (const noise of [2, 8, 20]) {
			const noisy = each.draw(defaultsOf(each, { noise }), 4, 2);
			// The deviation runs from noise · √0.15 in the dark to noise in the light; black and white cut off up to half of it.
			expect(difference(clean, noisy)).toBeGreaterThan(0.2 * noise * 2.55);
			expect(difference(clean, noisy)).toBeLessThan(1.05 * noise * 2.55);
			expect(noisy.mask).toEqual(clean.mask);
		}
	});

	it('uses the range of brightness without cutting off the highlights', () => {
		const { image } = each.draw(defaultsOf(each), 1, 0);
		const levels = [...image.data].sort((a, b) => a - b);
		const quantile = (share: number): number => levels[Math.floor(share * (levels.length - 1))] ?? 0;
		expect(quantile(0.98) - quantile(0.02)).toBeGreaterThan(90);
		expect(levels.filter((level) => level === 255).length / levels.length).toBeLessThan(0.05);
	});
});

describe('what tells the losses apart', () => {
	it('keeps every image of the lesions under 1 % foreground, one in eight empty', () => {
		const shares = drawMany(recipe('lesions'), defaultsOf(recipe('lesions')), 32).map(shareOf);
		expect(Math.max(...shares)).toBeLessThan(0.01);
		expect(shares.filter((share) => share === 0).length).toBe(4);
	});

	it('lets cells touch: fewer connected pieces than nuclei', () => {
		const values = defaultsOf(recipe('cells'));
		const pieces = drawMany(recipe('cells'), values, 12).map(componentCount);
		const nuclei = pieces.map((_, index) => nucleiOf(values, 1, index).length);
		expect(mean(pieces)).toBeLessThan(0.75 * mean(nuclei));
		expect(mean(pieces)).toBeGreaterThan(3);
	});

	it('keeps vessels thin: most of their pixels lie at the rim', () => {
		const { mask } = recipe('vessels').draw(defaultsOf(recipe('vessels')), 1, 0);
		const at = (x: number, y: number): number => mask.data[y * mask.width + x] ?? 0;
		const inner = mask.data.filter((label, i) => {
			const [x, y] = [i % mask.width, Math.floor(i / mask.width)];
			return label === 1 && at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) === 4;
		});
		expect(inner.length).toBeLessThan(0.35 * mask.data.filter((label) => label === 1).length);
	});

	it('gives tissue three classes of unequal size: stroma, then epithelium, then lumen', () => {
		const samples = drawMany(recipe('tissue'), defaultsOf(recipe('tissue')), 8);
		const share = (label: number): number =>
			mean(samples.map(({ mask }) => mask.data.filter((value) => value === label).length / mask.data.length));
		expect(share(0)).toBeGreaterThan(share(1));
		expect(share(1)).toBeGreaterThan(2 * share(2));
		expect(share(2)).toBeGreaterThan(0.03);
	});
});
