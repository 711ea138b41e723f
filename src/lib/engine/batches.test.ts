import { describe, expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec, type PrepareSpec, type TrainingSpec } from '#lib/core/experiment.ts';
import { BatchSource, type TrainingSample } from './batches.ts';

const spec = (training: Partial<TrainingSpec>, prepare: Partial<PrepareSpec> = {}): ExperimentSpec => ({
	...defaultSpec,
	training: { ...defaultSpec.training, batchSize: 2, ...training },
	prepare: { ...defaultSpec.prepare, size: 4, ...prepare },
	augment: { flip: true, quarterTurns: true, scale: 0, brightness: 0, contrast: 0, noise: 0 },
	losses: [],
});

/** `width` × `height`, each pixel its own number; foreground in the last pixel only. */
function sample(width: number, height: number): TrainingSample {
	const classes = new Uint8Array(width * height);
	classes[classes.length - 1] = 1;
	return { image: { width, height, channels: 1, data: Float32Array.from({ length: width * height }, (_, i) => i) }, classes };
}
const five = Array.from({ length: 5 }, () => sample(4, 4));

describe('BatchSource', () => {
	it('shows every sample once in each pass, whatever the batch size', () => {
		const source = new BatchSource(five, spec({}), 1);
		expect(source.stepsPerEpoch).toBe(3); // ⌈5 / 2⌉
		const drawn = Array.from({ length: 5 }, (_, step) => source.indices(step)).flat();
		expect(drawn.slice(0, 5).sort()).toEqual([0, 1, 2, 3, 4]);
		expect(drawn.slice(5).sort()).toEqual([0, 1, 2, 3, 4]);
	});

	it('is a function of seed and step: asked out of order, it answers the same', () => {
		const [first, second] = [new BatchSource(five, spec({}), 3), new BatchSource(five, spec({}), 3)];
		const late = first.pairs(7);
		expect(second.pairs(2)).toEqual(first.pairs(2));
		expect(second.pairs(7)).toEqual(late);
		const other = new BatchSource(five, spec({}), 4);
		expect([0, 1, 2, 3].map((step) => other.indices(step))).not.toEqual([0, 1, 2, 3].map((step) => first.indices(step)));
	});

	it.each(['stretch', 'crop'] as const)('has the labels without the images: %s, zoomed, turned and made noisy', (sizing) => {
		const samples = [sample(9, 9), sample(9, 9)].map((one, place) => ({
			...one,
			classes: one.classes.map((_, at) => (at * (place + 3)) % 5),
		}));
		const augment = { flip: true, quarterTurns: true, scale: 0.3, brightness: 0.1, contrast: 0.1, noise: 0.1 };
		for (const scale of [0, augment.scale]) {
			const source = new BatchSource(samples, { ...spec({}, { sizing, size: 9 }), augment: { ...augment, scale } }, 1);
			for (const step of [0, 1, 2, 3]) {
				const whole = source.pairs(step).map(({ size, classes, origin }) => ({ size, classes, origin }));
				const alone = source.masks(source.draws(step)).map(({ size, classes, origin }) => ({ size, classes, origin }));
				expect(alone).toEqual(whole);
			}
		}
	});

	it('draws with replacement when asked', () => {
		const source = new BatchSource(five, spec({ sampling: 'with-replacement', stepsPerEpoch: 7 }), 1);
		expect(source.stepsPerEpoch).toBe(7);
		const drawn = Array.from({ length: 200 }, (_, step) => source.indices(step)).flat();
		// 400 draws from five: 80 each, deviation 8; bounds at five of them.
		for (let index = 0; index < 5; index++) expect(Math.abs(drawn.filter((one) => one === index).length - 80)).toBeLessThan(40);
	});

	it('cuts crops that hold foreground as often as asked', () => {
		const large = [sample(40, 40)];
		const holding = (share: number): number => {
			const source = new BatchSource(large, spec({}, { sizing: 'crop', foregroundCrops: share }), 1);
			const pairs = Array.from({ length: 100 }, (_, step) => source.pairs(step)).flat();
			return pairs.filter((pair) => pair.classes.includes(1)).length / pairs.length;
		};
		expect(holding(1)).toBe(1);
		expect(holding(0)).toBeLessThan(0.05); // by chance in 1 of 37² windows
	});

	it('centres a crop on an image that is smaller, and ignores what lies outside', () => {
		const source = new BatchSource([sample(2, 2)], spec({}, { sizing: 'crop', foregroundCrops: 0 }), 1);
		const [pair] = source.pairs(0);
		expect(pair?.classes.filter((value) => value === 255)).toHaveLength(12); // 16 − 4
	});
});
