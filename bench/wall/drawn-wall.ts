/** Images of drawn cells, and for each run and epoch a prediction that grows sharper. */
import { RandomStream } from '#lib/core/random.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import { sampleRecipes } from '#lib/samples/index.ts';
import type { PredictionMap } from '#lib/ui/overlay/maps.ts';
import type { RowSample } from '#lib/ui/overlay/row-sample.ts';

export interface DrawnWall {
	readonly rows: readonly { readonly id: string; readonly name: string }[];
	readonly runs: readonly string[];
	readonly epochs: number;
	sample(id: string): RowSample | null;
	prediction(id: string, run: number, epoch: number): PredictionMap;
}

export interface WallSize {
	readonly images: number;
	readonly runs: number;
	readonly epochs: number;
	readonly side: number;
}

/** Levels that follow the truth the better the later the epoch, each run with noise of its own. */
function levelsOf(truth: Uint8Array, noise: Uint8Array, run: number, epoch: number): Uint8Array {
	const gain = 20 + 12 * epoch;
	return truth.map((yes, at) => {
		const level = 128 + (yes === 1 ? gain : -gain) + noise[(at + 977 * run + 3571 * epoch) % noise.length]! - 100;
		return Math.max(0, Math.min(255, level));
	});
}

export function drawWall({ images, runs, epochs, side }: WallSize): DrawnWall {
	const recipe = sampleRecipes.find(({ id }) => id === 'cells');
	if (!recipe) throw new RangeError('There is no sample of cells.');
	const values = { images, size: side, foreground: recipe.params.foreground.default, noise: recipe.params.noise.default };
	const lookup = classLookup(recipe.scheme);
	const random = new RandomStream(1, 'sample');
	const noise = Uint8Array.from({ length: 65_521 }, (_, at) => 200 * random.uniform(at));
	const samples = new Map<string, RowSample>();
	const predictions = new Map<string, PredictionMap>();
	for (let index = 0; index < images; index++) {
		const { image, mask } = recipe.draw(values, 1, index);
		const truth = { width: mask.width, height: mask.height, data: toClassMap(mask, lookup) };
		samples.set(String(index), { image, truth });
		for (let run = 0; run < runs; run++) {
			for (let epoch = 0; epoch < epochs; epoch++)
				predictions.set(`${index}/${run}/${epoch}`, { ...truth, kind: 'binary', data: levelsOf(truth.data, noise, run, epoch) });
		}
	}
	return {
		rows: [...samples.keys()].map((id) => ({ id, name: `cells-${id.padStart(3, '0')}.png` })),
		runs: Array.from({ length: runs }, (_, run) => `Loss ${run + 1}`),
		epochs,
		sample: (id) => samples.get(id) ?? null,
		prediction(id, run, epoch) {
			const found = predictions.get(`${id}/${run}/${epoch}`);
			if (!found) throw new RangeError(`There is no prediction ${id}/${run}/${epoch}.`);
			return found;
		},
	};
}
