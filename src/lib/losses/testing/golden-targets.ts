/** The maps that a loss asks for, prepared for a golden batch. */
import type { PlainBatch } from './inputs.ts';

export function targetsOf(_batch: PlainBatch, _names: readonly string[]): Record<string, number[]> {
	return {};
}
