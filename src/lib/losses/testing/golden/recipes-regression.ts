/** Golden keys of functions of the residual: every value is a pixel of one channel. */
import type { ParamValue } from '#lib/core/params.ts';
import { elementView } from './inputs.ts';
import type { ParamReader } from './param-reader.ts';
import { ours } from './recipe.ts';
import type { Recipe } from './recipe.ts';
import { readPointwise, reducePoints } from './reductions.ts';

function residual(read: ParamReader, id: string, values: Readonly<Record<string, ParamValue>>): Recipe {
	read.choice('predKind', ['values', 'probabilities'], 'values');
	const rules = readPointwise(read);
	const loss = ours(id, values);
	return {
		losses: [id],
		outputs: (layout) => reducePoints(layout, { unit: 'elements', view: elementView(layout, 'values'), loss }, rules),
	};
}

const scaled = (id: string, c: number) => (read: ParamReader) => residual(read, id, { scale: read.number('c', c) });

export const regressionRecipes = {
	meanSquaredError: (read) => residual(read, 'meanSquaredError', {}),
	meanAbsoluteError: (read) => residual(read, 'meanAbsoluteError', {}),
	huber: (read) => residual(read, 'huber', { delta: read.number('delta', 1) }),
	smoothL1: (read) => residual(read, 'smoothL1', { beta: read.number('beta', 1) }),
	logCosh: (read) => residual(read, 'logCosh', {}),
	charbonnier: scaled('charbonnier', 1),
	cauchy: scaled('cauchy', 1),
	gemanMcClure: scaled('gemanMcClure', 1),
	welsch: scaled('welsch', 1),
	tukey: scaled('tukey', 4.685),
} as const satisfies Readonly<Record<string, (read: ParamReader) => Recipe>>;
