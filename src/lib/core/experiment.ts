/** The experiment: everything that decides a training run, as plain data parsed at every edge. */
import * as v from 'valibot';
import { amount, count } from './bounds.ts';
import { lossChoiceSchema } from './loss-choice.ts';

export const splitSpecSchema = v.object({
	/** `stratified` by foreground share and shuffled by `seed`; `in-order` takes names ascending: train first, then validation, then test. */
	mode: v.picklist(['stratified', 'in-order']),
	/** Shares of all samples (or groups). The rest trains. */
	validation: amount(0, 0.9),
	test: amount(0, 0.9),
	seed: count(0, 0xffffffff),
	/** Cross-validation: what neither tests nor always trains is dealt into so many folds, in place of `validation`; absent is off. */
	folds: v.exactOptional(count(3, 10)),
	/** Samples whose names share the text before this separator stay in one part; '' groups nothing. */
	groupSeparator: v.pipe(v.string(), v.maxLength(20)),
	/** Parts that the person set by hand, by sample id. */
	overrides: v.record(v.string(), v.picklist(['train', 'validation', 'test', 'unused'])),
});
export type SplitSpec = v.InferOutput<typeof splitSpecSchema>;

export const prepareSpecSchema = v.object({
	/** How stored channels become the net's: `grey` 1, `rgb` 3 (grey is repeated, alpha is dropped). */
	channels: v.picklist(['grey', 'rgb']),
	/** Side of the square that the net sees, pixels; divisible by 2^depth. */
	size: count(16, 1024),
	/** `stretch` to size × size; `pad` keeps the aspect and pads by the edge; `crop` trains on random native-scale crops and predicts by tiles. */
	sizing: v.picklist(['stretch', 'pad', 'crop']),
	/** Only for `crop`: share of crops that must hold foreground when the sample has any. */
	foregroundCrops: amount(0, 1),
	/** `range` divides by the largest storable value; `percentile` stretches 1–99 % of an image to 0–1; `zscore-image` and `zscore-set` subtract the mean and divide by the deviation. */
	intensity: v.picklist(['range', 'percentile', 'zscore-image', 'zscore-set']),
});
export type PrepareSpec = v.InferOutput<typeof prepareSpecSchema>;

export const augmentSpecSchema = v.object({
	flip: v.boolean(),
	quarterTurns: v.boolean(),
	/** Largest zoom in or out, as a share: 0.2 scales by 0.8–1.25. */
	scale: amount(0, 0.5),
	/** Largest shift of all intensities, as a share of the range. */
	brightness: amount(0, 0.5),
	/** Largest change of the contrast factor: 0.2 multiplies deviations by 0.8–1.2. */
	contrast: amount(0, 0.9),
	/** Standard deviation of added Gaussian noise, as a share of the range. */
	noise: amount(0, 0.3),
});
export type AugmentSpec = v.InferOutput<typeof augmentSpecSchema>;

export const netSpecSchema = v.object({
	depth: count(2, 5),
	/** Filters of the first level; level l has base · 2^l. */
	base: count(4, 64),
	norm: v.picklist(['none', 'batch', 'group', 'instance']),
	/** Drop rate at the deepest level; 0 is off. */
	dropout: amount(0, 0.8),
	up: v.picklist(['nearest', 'nearest-conv', 'transposed']),
});
export type NetSpec = v.InferOutput<typeof netSpecSchema>;

export const optimizerSpecSchema = v.object({
	kind: v.picklist(['sgd', 'adam', 'adamw', 'rmsprop']),
	learningRate: amount(1e-7, 10),
	/** Only for SGD and RMSProp. */
	momentum: amount(0, 0.999),
	/** L2 penalty added to the gradient (SGD, Adam, RMSProp) or decoupled (AdamW). */
	weightDecay: amount(0, 1),
	/** Largest global norm of the gradient; 0 is off. */
	clipNorm: amount(0, 1000),
	schedule: v.picklist(['constant', 'cosine']),
	/** Steps over which the rate rises linearly from 0. */
	warmUpSteps: count(0, 100000),
});
export type OptimizerSpec = v.InferOutput<typeof optimizerSpecSchema>;

export const trainingSpecSchema = v.object({
	epochs: count(1, 10000),
	batchSize: count(1, 64),
	/** `each-once` shuffles every epoch; `with-replacement` draws independently. */
	sampling: v.picklist(['each-once', 'with-replacement']),
	/** 0: as many as show each training image once. */
	stepsPerEpoch: count(0, 100000),
	/** Epochs without a better validation score after which a run stops; 0 is off. */
	patience: count(0, 10000),
});
export type TrainingSpec = v.InferOutput<typeof trainingSpecSchema>;

export const experimentSpecSchema = v.pipe(
	v.object({
		version: v.literal(1),
		/** Each fixes weights, batch order, augmentation and dropout of one run per loss. */
		seeds: v.pipe(v.array(count(0, 0xffffffff)), v.minLength(1), v.maxLength(20)),
		split: splitSpecSchema,
		prepare: prepareSpecSchema,
		augment: augmentSpecSchema,
		net: netSpecSchema,
		optimizer: optimizerSpecSchema,
		training: trainingSpecSchema,
		losses: v.pipe(v.array(lossChoiceSchema), v.minLength(1), v.maxLength(12)),
	}),
	v.check((spec) => spec.prepare.size % 2 ** spec.net.depth === 0, 'The size must be divisible by 2 to the power of the depth.'),
	v.check((spec) => new Set(spec.losses.map((loss) => loss.key)).size === spec.losses.length, 'Two losses share one key.'),
);
export type ExperimentSpec = v.InferOutput<typeof experimentSpecSchema>;

/** Net presets; `Small` is the default. */
export const netPresets = {
	Tiny: { depth: 2, base: 8 },
	Small: { depth: 3, base: 8 },
	Medium: { depth: 4, base: 16 },
} as const satisfies Record<string, Pick<NetSpec, 'depth' | 'base'>>;

/** What an experiment starts from; `losses` are filled in from the shelf. */
export const defaultSpec: Omit<ExperimentSpec, 'losses'> = {
	version: 1,
	seeds: [1],
	split: { mode: 'stratified', validation: 0.2, test: 0.2, seed: 1, groupSeparator: '', overrides: {} },
	prepare: { channels: 'grey', size: 96, sizing: 'stretch', foregroundCrops: 0.5, intensity: 'range' },
	augment: { flip: true, quarterTurns: true, scale: 0, brightness: 0, contrast: 0, noise: 0 },
	net: { ...netPresets.Small, norm: 'batch', dropout: 0, up: 'nearest' },
	optimizer: { kind: 'adam', learningRate: 0.003, momentum: 0.9, weightDecay: 0, clipNorm: 0, schedule: 'constant', warmUpSteps: 0 },
	training: { epochs: 20, batchSize: 4, sampling: 'each-once', stepsPerEpoch: 0, patience: 0 },
};

/** Input channels of the net. */
export function inputChannels(prepare: PrepareSpec): number {
	return prepare.channels === 'grey' ? 1 : 3;
}

/** Lock-step batches in an epoch with `trainingSamples` samples in the training part. */
export function stepsPerEpoch({ stepsPerEpoch: asked, batchSize }: TrainingSpec, trainingSamples: number): number {
	return asked > 0 ? asked : Math.ceil(trainingSamples / batchSize);
}
