/** Makes a loss out of its description: checks the parameter values, fills in defaults, and frees intermediate tensors. */
import { AppError } from '#lib/core/errors.ts';
import { defaultValues, isValidValue } from '#lib/core/params.ts';
import type { Params, ParamValue, ValuesOf } from '#lib/core/params.ts';
import type { AnyLoss, Loss } from './contract.ts';

/** The first parameter whose value it cannot take. */
function invalidKey(params: Params, values: Readonly<Record<string, unknown>>): string | undefined {
	return Object.entries(params).find(([key, param]) => !isValidValue(param, values[key]))?.[0];
}

function isValuesOf<P extends Params>(params: P, values: unknown): values is ValuesOf<P> {
	return typeof values === 'object' && values !== null && invalidKey(params, { ...values }) === undefined;
}

/**
 * The given values over the defaults.
 * @throws AppError `spec-invalid` for a value that its parameter cannot take, or a name that the loss does not know.
 */
function resolveValues<P extends Params>(id: string, params: P, given: Readonly<Record<string, ParamValue>>): ValuesOf<P> {
	const values: unknown = { ...defaultValues(params), ...given };
	const unknownKey = Object.keys(given).find((key) => params[key] === undefined);
	if (unknownKey === undefined && isValuesOf(params, values)) return values;
	throw new AppError('spec-invalid', {
		loss: id,
		parameter: unknownKey ?? invalidKey(params, { ...defaultValues(params), ...given }) ?? '',
	});
}

/** A loss for the shelf. Its methods take any subset of its parameters; `compute` leaves no tensor behind but the result. */
export function defineLoss<P extends Params>(loss: Loss<P>): AnyLoss {
	const { memory, ...rest } = loss;
	const resolve = (given: Readonly<Record<string, ParamValue>>): ValuesOf<P> => resolveValues(loss.id, loss.params, given);
	return {
		...rest,
		subject: 'masks',
		compute: (tf, input, given) => {
			const values = resolve(given);
			return tf.tidy(() => loss.compute(tf, input, values));
		},
		variables: (given) => loss.variables?.(resolve(given)) ?? {},
		firstState: (given, facts) => memory?.first(resolve(given), facts) ?? {},
		observe: (tf, input, given) => memory?.update?.observe(tf, input, resolve(given)) ?? {},
		nextState: (state, observed, given) => memory?.update?.next(state, observed, resolve(given)) ?? state,
		readings: (moment, given) => loss.readings?.(moment, resolve(given)) ?? {},
	};
}
