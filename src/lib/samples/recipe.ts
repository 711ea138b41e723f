/** The one contract of every procedural data set. A recipe is a value; drawing needs no screen, so it runs in Node, workers and pages. */
import { isValidValue, type NumberParam } from '#lib/core/params.ts';
import type { LabelMap, LabelScheme, Raster } from '#lib/core/sample.ts';

/** One drawn pair. */
export interface DrawnSample {
	/** File name, for instance `cells-007.png`; names sort in the order of drawing. */
	readonly name: string;
	readonly image: Raster;
	readonly mask: LabelMap;
}

/** What every recipe lets a person change. */
type RecipeParams = {
	/** How many images the data set holds. */
	readonly images: NumberParam;
	/** Side of each square image, pixels. The same scene is drawn in finer detail as it grows. */
	readonly size: NumberParam;
	/** Mean share of the pixels that are not background, percent. */
	readonly foreground: NumberParam;
	/** Standard deviation of the noise where the image is brightest, percent of the range. */
	readonly noise: NumberParam;
};

export type RecipeValues = { readonly [K in keyof RecipeParams]: number };

export interface SampleRecipe {
	/** kebab-case, stable for ever: it is stored in data sets. */
	readonly id: string;
	readonly name: string;
	/** One sentence: what it shows and which losses it separates. */
	readonly summary: string;
	readonly params: RecipeParams;
	readonly scheme: LabelScheme;
	readonly channels: 1 | 3;
	/**
	 * Image `index` (from 0) of the data set of `seed`: a pure function of its arguments, so any image can be drawn alone.
	 * `values.images` does not change it. Equal down to the bit within one JavaScript engine; `Math.sin`, `Math.exp` and
	 * their like may differ in the last digit between engines, which can move an image value by one level.
	 */
	draw(values: RecipeValues, seed: number, index: number): DrawnSample;
}

const sharedParams = {
	size: {
		kind: 'number',
		label: 'Image size',
		help: 'The side of each square image; a larger one shows the same scene in finer detail and trains more slowly.',
		min: 64,
		max: 256,
		step: 32,
		default: 128,
		unit: 'px',
	},
	noise: {
		kind: 'number',
		label: 'Noise',
		help: 'How strongly the camera’s noise shakes the brightest pixels; more noise hides fine and faint structures.',
		min: 0,
		max: 25,
		step: 0.5,
		default: 4,
		unit: '% of range',
	},
} as const satisfies Record<'size' | 'noise', NumberParam>;

/** What differs between the recipes' parameters. */
interface ParamChoices {
	readonly images: number;
	readonly noise: number;
	/** Percent. */
	readonly foreground: Pick<NumberParam, 'min' | 'max' | 'step' | 'default' | 'help'>;
}

/** The parameters that all recipes share, with a recipe's own defaults and limits. */
export function recipeParams(choices: ParamChoices): RecipeParams {
	return {
		images: {
			kind: 'number',
			label: 'Images',
			help: 'How many images are drawn; more make a steadier comparison and longer epochs.',
			min: 8,
			max: 96,
			step: 1,
			default: choices.images,
		},
		size: sharedParams.size,
		foreground: { kind: 'number', label: 'Foreground', unit: '% of pixels', ...choices.foreground },
		noise: { ...sharedParams.noise, default: choices.noise },
	};
}

/** A value that `param` can take: the given one on the nearest step, or the default where it is missing or out of range. */
function settled(param: NumberParam, given: unknown): number {
	if (typeof given !== 'number' || !isValidValue(param, given)) return param.default;
	const onStep = param.min + Math.round((given - param.min) / param.step) * param.step;
	return Math.min(param.max, Number(onStep.toFixed(6)));
}

/** Values to draw with, from a form, a link or a stored data set: whatever is missing or out of range takes its default. */
export function recipeValues(recipe: Pick<SampleRecipe, 'params'>, given: Readonly<Record<string, unknown>> = {}): RecipeValues {
	const { images, size, foreground, noise } = recipe.params;
	return {
		images: settled(images, given.images),
		size: settled(size, given.size),
		foreground: settled(foreground, given.foreground),
		noise: settled(noise, given.noise),
	};
}

/** The file name of image `index` (from 0) of a recipe. */
export function sampleName(id: string, index: number): string {
	return `${id}-${String(index + 1).padStart(3, '0')}.png`;
}
