/** A few lines of code that use an exported model in stock TensorFlow.js, prepared the way it was trained. */
import { outputChannels } from '#lib/core/sample.ts';
import type { NetSpec, PrepareSpec } from '#lib/core/experiment.ts';
import type { ModelFacts } from './model-library.ts';

/** Why stock TF.js cannot open the model, as a sentence; '' when it can. */
export function stockProblem({ norm, dropout }: NetSpec): string {
	const own = [
		...(norm === 'group' || norm === 'instance' ? [`${norm} normalisation`] : []),
		...(dropout > 0 ? ['dropout that can be repeated from a seed'] : []),
	];
	return own.length === 0 ? '' : `It has ${own.join(' and ')}, a layer that stock TensorFlow.js lacks. It opens in Overlap only.`;
}

const greyLines = ['// Grey by Rec. 601.', 'x = tf.sum(tf.mul(x, [0.299, 0.587, 0.114]), 2, true);'];

const intensityLines: Record<PrepareSpec['intensity'], readonly string[]> = {
	range: [],
	percentile: [
		'// Stretched from the 1st to the 99th percentile.',
		'const sorted = x.dataSync().slice().sort();',
		'const [low, high] = [0.01, 0.99].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);',
		'x = tf.clipByValue(tf.div(tf.sub(x, low), high - low), 0, 1);',
	],
	'zscore-image': [
		'// Mean 0 and deviation 1, over this image.',
		'const { mean, variance } = tf.moments(x, [0, 1]);',
		'x = tf.div(tf.sub(x, mean), tf.sqrt(tf.maximum(variance, 1e-12)));',
	],
	'zscore-set': [
		'// Mean 0 and deviation 1, as over the training images.',
		'x = tf.div(tf.sub(x, card.statistics.mean), card.statistics.deviation);',
	],
};

/** Repeats the edge rows and columns up to `rows` × `columns`. */
const padLines = [
	'const repeated = (count, from, length) => Array.from({ length: count }, (_, i) => Math.min(Math.max(i - from, 0), length - 1));',
	"x = tf.gather(x, tf.tensor1d(repeated(rows, top, h), 'int32'), 0);",
	"x = tf.gather(x, tf.tensor1d(repeated(columns, left, w), 'int32'), 1);",
];

/** As `pixels/resize.ts`: TF.js' own resizing does not smooth when it shrinks. */
const resizeLines = [
	'// Bilinear, smoothed when shrinking, as in training.',
	'const weights = (from, to) => tf.tensor2d(Array.from({ length: to }, (_, i) => {',
	'  const support = Math.max(1, from / to);',
	'  const near = (k) => Math.max(0, 1 - Math.abs(k + 0.5 - ((i + 0.5) * from) / to) / support);',
	'  const row = Array.from({ length: from }, (_, k) => near(k));',
	'  const sum = row.reduce((total, weight) => total + weight);',
	'  return row.map((weight) => weight / sum);',
	'}));',
	'const resize = (t, h, w) => {',
	'  const [fromH, fromW, c] = t.shape;',
	'  const rows = tf.matMul(weights(fromH, h), tf.reshape(t, [fromH, fromW * c]));',
	'  return tf.matMul(tf.expandDims(weights(fromW, w), 0), tf.reshape(rows, [h, fromW, c]));',
	'};',
];

function placeLines({ sizing, size }: PrepareSpec, depth: number): string[] {
	if (sizing === 'stretch') return [...resizeLines, `x = resize(x, ${size}, ${size});`];
	if (sizing === 'pad') {
		return [
			...resizeLines,
			`const scale = ${size} / Math.max(height, width);`,
			'const [h, w] = [height, width].map((side) => Math.max(1, Math.round(side * scale)));',
			'x = resize(x, h, w);',
			`const [rows, columns] = [${size}, ${size}];`,
			'const [top, left] = [rows - h, columns - w].map((gap) => gap >> 1);',
			...padLines,
		];
	}
	const step = 2 ** depth;
	return [
		`// Any size divisible by ${step}. Overlap itself predicts tiles of ${size} × ${size} and blends them.`,
		'const [h, w, top, left] = [height, width, 0, 0];',
		`const [rows, columns] = [h, w].map((side) => Math.ceil(side / ${step}) * ${step});`,
		...padLines,
	];
}

function backLines({ sizing }: PrepareSpec): string[] {
	const cut = sizing === 'stretch' ? [] : ['y = tf.slice(y, [top, left, 0], [h, w, y.shape[2]]);'];
	return sizing === 'crop' ? cut : [...cut, 'y = resize(y, height, width);'];
}

/**
 * The body of `predict(image)`: statements over `tf`, `model`, `card` and `image` (anything that `tf.browser.fromPixels`
 * takes) that end with `return`. The result is [height, width]: probabilities of the foreground, or class indices.
 */
export function predictionBody({ net, prepare, scheme }: ModelFacts): string {
	const lines = [
		'let x = tf.div(tf.browser.fromPixels(image, 3), 255); // 8-bit RGB',
		'const [height, width] = x.shape;',
		...(prepare.channels === 'grey' ? greyLines : []),
		...intensityLines[prepare.intensity],
		...placeLines(prepare, net.depth),
		`let y = tf.squeeze(model.predict(tf.expandDims(x, 0)), [0]); // ${outputChannels(scheme) === 1 ? 'sigmoid' : 'softmax'}`,
		...backLines(prepare),
		outputChannels(scheme) === 1 ? 'return tf.squeeze(y, [2]);' : 'return tf.argMax(y, 2);',
	];
	return lines.join('\n');
}

/** A whole example. `folder` is where the archive was unpacked, `threshold` a probability. */
export function modelSnippet(facts: ModelFacts, folder: string, threshold: number): string {
	const classes = facts.scheme.classes.map(({ name }, index) => `${index} ${name}`).join(', ');
	const isBinary = outputChannels(facts.scheme) === 1;
	const [, foreground] = facts.scheme.classes;
	const needsCard = facts.prepare.intensity === 'zscore-set';
	return [
		"import * as tf from '@tensorflow/tfjs';",
		'',
		`const model = await tf.loadLayersModel('${folder}/model.json');`,
		...(needsCard ? [`const card = await (await fetch('${folder}/overlap.json')).json();`] : []),
		'',
		'const predict = (image) => tf.tidy(() => {',
		...predictionBody(facts)
			.split('\n')
			.map((line) => `  ${line}`),
		'});',
		'',
		isBinary
			? `const mask = tf.greaterEqual(predict(image), ${threshold}); // true: ${foreground.name}`
			: `const labels = predict(image); // ${classes}`,
	].join('\n');
}
