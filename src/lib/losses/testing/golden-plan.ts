/** Every golden key that a loss of the shelf can express. */
import type { Plans } from './plan.ts';
import { boundaryPlans } from './plans-boundary.ts';
import { compoundPlans } from './plans-compound.ts';
import { distributionPlans } from './plans-distribution.ts';
import { regionPlans } from './plans-region.ts';
import { regressionPlans } from './plans-regression.ts';

export const plans: Plans = { ...distributionPlans, ...regionPlans, ...boundaryPlans, ...compoundPlans, ...regressionPlans };
