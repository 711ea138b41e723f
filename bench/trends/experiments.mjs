/** The experiments behind the trends: which data, which losses, how long. */

/**
 * @typedef {{ key: string, label: string, loss: string, values: Record<string, number | boolean | string>, learningRateFactor: number }} Choice
 * @typedef {{ title: string, data: { sample: string, images: number, foreground?: number } | { folder: string, threshold: number, parts?: readonly string[] },
 *   size: number, sizing: 'stretch' | 'crop', channels: 'grey' | 'rgb', epochs: number, stepsPerEpoch: number, test: number, losses: Choice[] }} Experiment
 */

/** @param {string} label @param {string} loss @param {Choice['values']} values @returns {Choice} */
const choice = (label, loss, values = {}) => ({
	key: label
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/gu, '-')
		.replaceAll(/^-|-$/gu, ''),
	label,
	loss,
	values,
	learningRateFactor: 1,
});

/** @param {number} beta */
const tversky = (beta) => choice(`Tversky β ${beta}`, 'tversky', { alpha: Math.round((1 - beta) * 10) / 10, beta });

const crossEntropy = choice('CE', 'crossEntropy');
const dice = choice('Dice', 'dice');
const diceCrossEntropy = choice('Dice + CE', 'diceCrossEntropy');
const focal = choice('Focal γ 2', 'focal', { gamma: 2, classBalancing: false });
const focal5 = choice('Focal γ 5', 'focal', { gamma: 5, classBalancing: false });
const focalAlphas = [
	choice('Focal γ 2, α .25', 'focal', { gamma: 2, alpha: 0.25 }),
	choice('Focal γ 2, α .75', 'focal', { gamma: 2, alpha: 0.75 }),
];
/** @param {number} positiveWeight (1 − π)/π for the share π of foreground */
const weighted = (positiveWeight) => choice('CE, weight (1 − π)/π', 'crossEntropy', { positiveWeight });
const topK = choice('Top-k 10 %', 'topKCrossEntropy');
const generalizedDice = choice('Generalized Dice', 'generalizedDice', { batchSums: false });
const penaltyGeneralizedDice = choice('Penalty generalized Dice', 'penaltyGeneralizedDice', { batchSums: false });

export const betas = [0.1, 0.3, 0.5, 0.7, 0.9];
export const betaLabels = betas.map((beta) => /** @type {const} */ ([beta, `Tversky β ${beta}`]));
/** Single losses that are said to agree where foreground is common. */
export const agreeing = ['CE', 'Dice', 'Focal γ 2', 'Tversky β 0.7'];
export const compounds = ['Dice + CE', 'Dice + Focal', 'Dice + Top-k'];

const drawn = {
	size: 96,
	sizing: /** @type {const} */ ('stretch'),
	channels: /** @type {const} */ ('grey'),
	epochs: 8,
	stepsPerEpoch: 50,
	test: 0.4,
};

/** Training on real images takes longest, so these are the fewest that answer the questions. Dice is there as Tversky with β ½. */
const onRealData = [crossEntropy, focal, ...betas.map(tversky)];

/** Further losses on the same data, from the same weights and batches: twelve fit in one experiment. @param {number} positiveWeight (1 − π)/π */
const further = (positiveWeight) => [weighted(positiveWeight), focal5, ...focalAlphas, diceCrossEntropy, generalizedDice];

const blowhole = {
	data: { folder: 'data/magnetic-tile/MT_Blowhole/Imgs', threshold: 127 },
	size: 128,
	sizing: /** @type {const} */ ('stretch'),
	channels: /** @type {const} */ ('rgb'),
	epochs: 4,
	stepsPerEpoch: 60,
	test: 0.3,
};

const drive = {
	data: { folder: 'data/DRIVE/training', threshold: 127, parts: ['images', '1st_manual'] },
	size: 128,
	sizing: /** @type {const} */ ('crop'),
	channels: /** @type {const} */ ('rgb'),
	epochs: 2,
	stepsPerEpoch: 75,
	test: 0.33,
};

/** Experiments that continue another one on its data, by its name. */
export const continuations = { blowhole: 'blowholeMore', drive: 'driveMore' };

/** @type {Record<string, Experiment>} */
export const experiments = {
	lesions: {
		...drawn,
		title: 'Lesions, 0.6 % foreground',
		data: { sample: 'Lesions', images: 64, foreground: 0.6 },
		losses: [crossEntropy, weighted(166), focal, focal5, ...focalAlphas, ...betas.map(tversky), dice],
	},
	compound: {
		...drawn,
		title: 'Lesions, 0.6 % foreground, one image in eight without any: compound and generalized losses',
		data: { sample: 'Lesions', images: 64, foreground: 0.6 },
		losses: [
			diceCrossEntropy,
			choice('Dice + Focal', 'diceFocal'),
			choice('Dice + Top-k', 'diceTopK'),
			generalizedDice,
			penaltyGeneralizedDice,
			topK,
		],
	},
	rare: {
		...drawn,
		title: 'Lesions, 0.2 % foreground',
		data: { sample: 'Lesions', images: 64, foreground: 0.2 },
		losses: [crossEntropy, dice, focal, tversky(0.7)],
	},
	tissue: {
		...drawn,
		title: 'Tissue, three classes',
		channels: 'rgb',
		data: { sample: 'Tissue', images: 40 },
		losses: [crossEntropy, dice, generalizedDice, penaltyGeneralizedDice],
	},
	common: {
		...drawn,
		title: 'Cells, 20 % foreground',
		data: { sample: 'Cells', images: 64, foreground: 20 },
		losses: [crossEntropy, dice, focal, tversky(0.7)],
	},
	blowhole: { ...blowhole, title: 'MT_Blowhole, 0.15 % foreground', losses: onRealData },
	blowholeMore: { ...blowhole, title: 'MT_Blowhole, further losses', losses: further(665) },
	drive: { ...drive, title: 'DRIVE, 12 images, 9 % foreground', losses: onRealData },
	driveMore: { ...drive, title: 'DRIVE, further losses', losses: further(10) },
};

/** The experiments whose reports stand in `docs/reports`: few losses, one question each. @type {Record<string, Experiment>} */
export const reports = {
	blowhole: {
		...blowhole,
		data: { ...blowhole.data, folder: 'data/magnetic-tile/MT_Blowhole' },
		title: 'Tiny defects: cross-entropy and focal against Dice and Tversky',
		losses: [crossEntropy, dice, focal, tversky(0.7), tversky(0.9)],
	},
	drive: {
		...drive,
		data: { ...drive.data, folder: 'data/DRIVE', parts: ['training/images', 'training/1st_manual'] },
		title: 'Vessels: what the weight β on false negatives does',
		losses: betas.map(tversky),
	},
};

/** The choices of the app that make an experiment. @param {Experiment} experiment @param {number[]} seeds */
export function specOf({ size, sizing, channels, epochs, stepsPerEpoch, test, losses }, seeds) {
	return {
		version: 1,
		seeds,
		split: { mode: 'stratified', validation: 0.1, test, seed: 1, groupSeparator: '', overrides: {} },
		prepare: { channels, size, sizing, foregroundCrops: 0.5, intensity: 'range' },
		augment: { flip: true, quarterTurns: true, scale: 0, brightness: 0, contrast: 0, noise: 0 },
		net: { depth: 3, base: 8, norm: 'batch', dropout: 0, up: 'nearest' },
		optimizer: { kind: 'adam', learningRate: 0.003, momentum: 0.9, weightDecay: 0, clipNorm: 0, schedule: 'cosine', warmUpSteps: 0 },
		training: { epochs, batchSize: 4, sampling: 'with-replacement', stepsPerEpoch, patience: 0 },
		losses,
	};
}
