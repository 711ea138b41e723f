/** What to choose smaller, so that an experiment takes no longer than a person may want to wait. Pure. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';

export interface SmallerChoice {
	/** With its size, filters or epochs made smaller, and nothing else. */
	readonly spec: ExperimentSpec;
	readonly ms: number;
}

/** Divisible by 2⁵, as the deepest net needs. */
const sizes = [384, 320, 256, 192, 160, 128, 96, 64];
const filters = [48, 32, 24, 16, 12, 8];
const epochCounts = [100, 50, 30, 20, 10];

/** The value as it is, and the smaller ones of a list. */
const downFrom = (value: number, list: readonly number[]): number[] => [value, ...list.filter((other) => other < value)];

function smallerSpecs(spec: ExperimentSpec): ExperimentSpec[] {
	const { prepare, net, training } = spec;
	return downFrom(prepare.size, sizes).flatMap((size) =>
		downFrom(net.base, filters).flatMap((base) =>
			downFrom(training.epochs, epochCounts).map((epochs) => ({
				...spec,
				prepare: { ...prepare, size },
				net: { ...net, base },
				training: { ...training, epochs },
			})),
		),
	);
}

/** The sum of the squared logarithms of the three ratios: a little of each is less than much of one. */
function changeOf(from: ExperimentSpec, to: ExperimentSpec): number {
	const ratios = [to.prepare.size / from.prepare.size, to.net.base / from.net.base, to.training.epochs / from.training.epochs];
	return ratios.reduce((sum, ratio) => sum + Math.log(ratio) ** 2, 0);
}

/** The least change that takes at most `limitMs`; null where even the smallest takes longer. */
export function smallerChoice(spec: ExperimentSpec, msOf: (spec: ExperimentSpec) => number, limitMs: number): SmallerChoice | null {
	const fitting = smallerSpecs(spec)
		.map((smaller) => ({ spec: smaller, ms: msOf(smaller) }))
		.filter(({ ms }) => ms <= limitMs);
	fitting.sort((a, b) => changeOf(spec, a.spec) - changeOf(spec, b.spec));
	return fitting[0] ?? null;
}

/** What differs, in words: `128² and 12 filters`. */
export function changeInWords(from: ExperimentSpec, to: ExperimentSpec): string {
	const parts = [
		...(to.prepare.size === from.prepare.size ? [] : [`${to.prepare.size}²`]),
		...(to.net.base === from.net.base ? [] : [`${to.net.base} filters`]),
		...(to.training.epochs === from.training.epochs ? [] : [`${to.training.epochs} epochs`]),
	];
	return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(Boolean).join(' and ');
}
