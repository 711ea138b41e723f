/** Golden keys of functions of the residual. */
import type { ParamValue } from '#lib/core/params.ts';
import { elements, number, sumScale } from './plan.ts';
import type { Params, Plan, Plans, Skip } from './plan.ts';

/** Regression losses see the values as probabilities; every value is a pixel. */
function residualPlan(loss: string, params: Params, shape: readonly number[], values: Record<string, ParamValue>): Plan | Skip {
	if (params.sampleWeight !== undefined) return { skip: 'weights of samples; ours weigh pixels by the mask only' };
	return { loss, values, activation: 'none', logits: 'given', rowsAsPixels: true, ...sumScale(params, elements(shape)) };
}

export const regressionPlans: Plans = {
	meanSquaredError: (params, shape) => residualPlan('meanSquaredError', params, shape, {}),
	meanAbsoluteError: (params, shape) => residualPlan('meanAbsoluteError', params, shape, {}),
	huber: (params, shape) => residualPlan('huber', params, shape, { delta: number(params, 'delta', 1) }),
	smoothL1: (params, shape) => residualPlan('smoothL1', params, shape, { beta: number(params, 'beta', 1) }),
	logCosh: (params, shape) => residualPlan('logCosh', params, shape, {}),
	charbonnier: (params, shape) => residualPlan('charbonnier', params, shape, { scale: number(params, 'c', 1) }),
	cauchy: (params, shape) => residualPlan('cauchy', params, shape, { scale: number(params, 'c', 1) }),
	gemanMcClure: (params, shape) => residualPlan('gemanMcClure', params, shape, { scale: number(params, 'c', 1) }),
	welsch: (params, shape) => residualPlan('welsch', params, shape, { scale: number(params, 'c', 1) }),
	tukey: (params, shape) => residualPlan('tukey', params, shape, { scale: number(params, 'c', 4.685) }),
	generalRobust: (params, shape) =>
		residualPlan('generalRobust', params, shape, {
			alpha: params.alpha === '-inf' ? -100 : number(params, 'alpha', 1),
			scale: number(params, 'c', 1),
		}),
};
