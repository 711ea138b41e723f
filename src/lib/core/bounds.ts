/** Numbers within bounds, for the schemas of what is stored and shared. */
import * as v from 'valibot';

/** A whole number from `min` to `max`. */
export const count = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** A finite number from `min` to `max`. */
export const amount = (min: number, max: number) => v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max));
