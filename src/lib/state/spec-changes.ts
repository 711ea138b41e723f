/** What differs between two experiments, in the words of the form fields. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import { weightInWords, type LossChoice, type LossTerm } from '#lib/core/loss-choice.ts';
import type { Params, ParamValue } from '#lib/core/params.ts';
import { findLoss } from '#lib/losses/index.ts';
import { resolveLoss } from '#lib/losses/resolve.ts';

/** Fields by their path, as the steps call them. */
const names: Readonly<Record<string, string>> = {
	seeds: 'Seeds',
	'split.mode': 'Split',
	'split.validation': 'Validation share',
	'split.test': 'Test share',
	'split.seed': 'Seed of the split',
	'split.folds': 'Folds',
	'split.groupSeparator': 'Keep together what shares the name before',
	'split.overrides': 'Images moved between the parts',
	'prepare.channels': 'Channels',
	'prepare.size': 'Size',
	'prepare.sizing': 'Sizing',
	'prepare.foregroundCrops': 'Crops that hold foreground',
	'prepare.intensity': 'Intensity',
	'augment.flip': 'Flips',
	'augment.quarterTurns': 'Quarter turns',
	'augment.scale': 'Scale',
	'augment.brightness': 'Brightness',
	'augment.contrast': 'Contrast',
	'augment.noise': 'Noise',
	'net.depth': 'Depth',
	'net.base': 'Filters of the first level',
	'net.norm': 'Normalisation',
	'net.dropout': 'Dropout',
	'net.up': 'Upsampling',
	'optimizer.kind': 'Optimizer',
	'optimizer.learningRate': 'Learning rate',
	'optimizer.momentum': 'Momentum',
	'optimizer.weightDecay': 'Weight decay',
	'optimizer.clipNorm': 'Clip the gradient’s norm at',
	'optimizer.schedule': 'Schedule',
	'optimizer.warmUpSteps': 'Warm-up',
	'training.epochs': 'Epochs',
	'training.batchSize': 'Batch size',
	'training.sampling': 'Batches',
	'training.stepsPerEpoch': 'Steps per epoch',
	'training.patience': 'Stop early after',
};

/** A value as a form would say it. */
export function inWords(value: unknown): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (Array.isArray(value)) return value.join(', ');
	if (value !== null && typeof value === 'object') return String(Object.keys(value).length);
	return value === '' ? 'nothing' : String(value);
}

const changed = (name: string, before: unknown, after: unknown): string[] =>
	JSON.stringify(before) === JSON.stringify(after) ? [] : [`${name}: ${inWords(before ?? 'off')} → ${inWords(after ?? 'off')}`];

/** Pairs of a path of at most two steps and its value. */
function fields({ version: _version, losses: _losses, ...spec }: ExperimentSpec): [path: string, value: unknown][] {
	return Object.entries(spec).flatMap(([key, part]): [string, unknown][] =>
		Array.isArray(part) ? [[key, part]] : Object.entries(part).map(([inner, value]) => [`${key}.${inner}`, value]),
	);
}

/** Every choice but the losses, as the form fields call it; with folds without the validation share, which does not count then. */
export function specInWords(spec: ExperimentSpec): readonly (readonly [name: string, value: string])[] {
	const counted = fields(spec).filter(([path]) => path !== 'split.validation' || spec.split.folds === undefined);
	return counted.map(([path, value]) => [names[path] ?? path, inWords(value)]);
}

/** What differs between two sets of values of one loss. */
function valueChanges(params: Params, before: LossTerm['values'], after: LossTerm['values']): string[] {
	const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
	const valueOf = (values: LossTerm['values'], key: string): ParamValue | undefined => {
		const param = params[key];
		const value = values[key] ?? param?.default;
		return param?.kind === 'choice' ? (param.options.find((option) => option.value === value)?.label ?? value) : value;
	};
	return keys.flatMap((key) => changed(params[key]?.label ?? key, valueOf(before, key), valueOf(after, key)));
}

const termNames = (terms: readonly LossTerm[]): string => terms.map(({ loss }) => findLoss(loss)?.name ?? loss).join(' + ');

/** What differs between the terms of a weighted sum: which losses they are, or else what is said of each. */
function termChanges(before: readonly LossTerm[], after: readonly LossTerm[]): string[] {
	const names = changed('Terms', termNames(before), termNames(after));
	if (names.length > 0 || before.length !== after.length) return names;
	return after.flatMap((term, place) => {
		const old = before[place] ?? term;
		const [now, was] = [weightInWords(term.weight), weightInWords(old.weight)];
		const weight = now === was ? [] : [`weight ${now}; was ${was}`];
		return [...weight, ...valueChanges(findLoss(term.loss)?.params ?? {}, old.values, term.values)].map(
			(change) => `${termNames([term])}: ${change}`,
		);
	});
}

function lossChanges(before: LossChoice, after: LossChoice): string[] {
	const values = valueChanges(resolveLoss(after)?.params ?? {}, before.values, after.values);
	const terms = termChanges(before.terms ?? [], after.terms ?? []);
	const code = before.own?.code === after.own?.code ? [] : ['another code'];
	const rate = changed('Learning rate, times', before.learningRateFactor, after.learningRateFactor);
	return [...values, ...terms, ...code, ...rate].map((change) => `${before.label}, ${change}`);
}

/** One line for each choice that differs, for instance `Epochs: 20 → 30` or `Dice is new`. */
export function specChanges(before: ExperimentSpec, after: ExperimentSpec): string[] {
	const [old, now] = [new Map(fields(before)), new Map(fields(after))];
	const paths = new Set([...now.keys(), ...old.keys()]);
	const choices = [...paths].flatMap((path) => changed(names[path] ?? path, old.get(path), now.get(path)));
	const oldLosses = new Map(before.losses.map((loss) => [loss.key, loss]));
	const kept = new Set(after.losses.map((loss) => loss.key));
	const losses = after.losses.flatMap((loss) => {
		const was = oldLosses.get(loss.key);
		return was ? lossChanges(was, loss) : [`${loss.label} is new`];
	});
	const gone = before.losses.filter((loss) => !kept.has(loss.key)).map((loss) => `${loss.label} is left out`);
	return [...choices, ...losses, ...gone];
}
