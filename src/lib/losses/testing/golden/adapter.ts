/** The one adapter from golden names and parameters to losses of the shelf, or to the reason why there is none. */
import { ParamReader, Unsupported } from './param-reader.ts';
import type { Recipe } from './recipe.ts';
import { adaptiveRecipes } from './recipes-adaptive.ts';
import { boundaryRecipes } from './recipes-boundary.ts';
import { compoundRecipes } from './recipes-compound.ts';
import { distributionRecipes } from './recipes-distribution.ts';
import { focalRecipes } from './recipes-focal.ts';
import { regionRecipes } from './recipes-region.ts';
import { regressionRecipes } from './recipes-regression.ts';
import { scoreRecipes } from './recipes-scores.ts';
import { readExclusions } from './layout.ts';
import type { Exclusions } from './layout.ts';
import type { Params } from './types.ts';

const recipes: Readonly<Record<string, (read: ParamReader) => Recipe>> = {
	...distributionRecipes,
	...focalRecipes,
	...regionRecipes,
	...scoreRecipes,
	...compoundRecipes,
	...boundaryRecipes,
	...regressionRecipes,
	...adaptiveRecipes,
};

/** Golden keys that are no segmentation losses, by what they take. */
const elsewhere: Readonly<Record<string, string>> = {
	boxIoU: 'boxes',
	boxGIoU: 'boxes',
	boxDIoU: 'boxes',
	boxCIoU: 'boxes',
	bpr: 'rankings',
	top1: 'rankings',
	bprMax: 'rankings',
	top1Max: 'rankings',
	triplet: 'embeddings',
	contrastive: 'embeddings',
	infoNCE: 'embeddings',
	meanAbsolutePercentageError: 'regression of any value',
	meanSquaredLogarithmicError: 'regression of any value',
	poisson: 'regression of any value',
	quantile: 'regression of any value',
	wing: 'regression of any value',
	cosineSimilarity: 'regression of any value',
};

/** A golden loss in terms of ours. */
export interface Adapted {
	readonly recipe: Recipe;
	readonly exclusions: Exclusions;
}

/** @throws Unsupported with the reason why ours cannot express it */
export function adapt(loss: string, params: Params): Adapted {
	const make = recipes[loss];
	if (make === undefined) throw new Unsupported(elsewhere[loss] === undefined ? 'not a loss of ours' : `family: ${elsewhere[loss]}`);
	const read = new ParamReader(params);
	const exclusions = readExclusions(read);
	const recipe = make(read);
	read.finish();
	return { recipe, exclusions };
}
