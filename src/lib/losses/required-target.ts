import type { LossInput, Tensor4D } from './contract.ts';

/**
 * A map that the loss declared in `targets`.
 * @throws RangeError when the host did not prepare it, which is a bug of the host
 */
export function requiredTarget(input: LossInput, name: string): Tensor4D {
	const map = input.targets[name];
	if (map === undefined) throw new RangeError(`the target ${name} was not prepared`);
	return map;
}
