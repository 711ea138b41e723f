/** Every setting of several runs side by side, in the words of the form fields. Pure. */
import { weightInWords, type LossChoice, type LossTerm } from '#lib/core/loss-choice.ts';
import { counts, type ParamValue } from '#lib/core/params.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import { classNames } from '#lib/core/sample.ts';
import type { AnyLoss } from '#lib/losses/contract.ts';
import { findLoss } from '#lib/losses/index.ts';
import { resolveLoss } from '#lib/losses/resolve.ts';
import { splitInWords } from './repeats.ts';
import { inWords, specInWords } from './spec-changes.ts';
import { originInWords } from './train-on.ts';

type Setting = readonly [name: string, value: string];

interface SettingsRow {
	readonly name: string;
	/** One a run: the losses of the first experiment, then those of the next; null where a run has no such setting. */
	readonly values: readonly (string | null)[];
	readonly differs: boolean;
}

/** The parameters that count, with the values that they have; lists that were left empty are left out. */
export function valuesInWords({ params }: AnyLoss, values: Readonly<Record<string, ParamValue>>): Setting[] {
	return Object.entries(params).flatMap(([key, param]): Setting[] => {
		const value = values[key] ?? param.default;
		return value === '' || !counts(params, key, values) ? [] : [[param.label, inWords(value)]];
	});
}

function termInWords({ loss: id, values, weight }: LossTerm): string {
	const loss = findLoss(id);
	const said = loss ? valuesInWords(loss, values).map(([name, value]) => `${name}: ${value}`) : [];
	return [`${weightInWords(weight)} · ${loss?.name ?? id}`, ...said].join(', ');
}

/** `codes` of all runs: code is long, so each is called by its number. */
function lossSettings(choice: LossChoice, codes: readonly string[]): Setting[] {
	const loss = resolveLoss(choice);
	const values = loss ? valuesInWords(loss, choice.values) : [];
	return [
		['Loss', loss?.name ?? choice.loss],
		...(choice.terms ? [['Loss, terms', choice.terms.map(termInWords).join('; ')] as const] : []),
		...(choice.own ? [['Loss, code', `code ${codes.indexOf(choice.own.code) + 1}`] as const] : []),
		...values.map(([name, value]) => [`Loss, ${name}`, value] as const),
		['Learning rate, times', inWords(choice.learningRateFactor)],
	];
}

function experimentSettings({ hash, datasetFingerprint, scheme, split, spec, startsFrom }: ExperimentRecord): Setting[] {
	return [
		['Everything but the loss', hash.slice(0, 12)],
		['Fingerprint of the data', datasetFingerprint.slice(0, 12)],
		['Classes', classNames(scheme).join(', ')],
		['Images', splitInWords(split)],
		...specInWords(spec),
		...(startsFrom ? [['Began with', `the ${originInWords(startsFrom)}`] as const] : []),
	];
}

/** One row a setting that any of the runs has; a run is a loss of one of the experiments. */
export function settingsRows(experiments: readonly ExperimentRecord[]): SettingsRow[] {
	const codes = [...new Set(experiments.flatMap(({ spec }) => spec.losses.flatMap(({ own }) => own?.code ?? [])))];
	const runs = experiments.flatMap((experiment) => {
		const shared = new Map(experimentSettings(experiment));
		return experiment.spec.losses.map((choice) => ({ own: new Map(lossSettings(choice, codes)), shared }));
	});
	const names = new Set([...runs.flatMap(({ own }) => [...own.keys()]), ...runs.flatMap(({ shared }) => [...shared.keys()])]);
	return [...names].map((name) => {
		const values = runs.map(({ own, shared }) => own.get(name) ?? shared.get(name) ?? null);
		return { name, values, differs: new Set(values).size > 1 };
	});
}
