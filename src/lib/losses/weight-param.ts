import type { NumberParam } from '#lib/core/params.ts';

/** The weight of one part of a compound loss. */
export function weightParam(label: string, help: string, published: number): NumberParam {
	return { kind: 'number', label, help, min: 0, max: 100, step: 0.1, default: published };
}
