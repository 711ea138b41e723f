/** The shelf of procedural data sets. To add one: copy a neighbour and add a line here; the contract test covers it. */
import { cells } from './cells.ts';
import type { SampleRecipe } from './recipe.ts';

export const sampleRecipes: readonly SampleRecipe[] = [cells];
