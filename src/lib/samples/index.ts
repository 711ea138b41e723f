/** The shelf of procedural data sets. To add one: copy a neighbour and add a line here; the contract test covers it. */
import { cells } from './cells.ts';
import { lesions } from './lesions.ts';
import { vessels } from './vessels.ts';
import type { SampleRecipe } from './recipe.ts';
import { tissue } from './tissue.ts';

export const sampleRecipes: readonly SampleRecipe[] = [cells, lesions, vessels, tissue];
