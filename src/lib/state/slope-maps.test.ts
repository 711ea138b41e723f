import { describe, expect, it } from 'vitest';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { ExperimentRecord, Preview } from '#lib/core/run.ts';
import type { SlopeMap, SlopeRequest } from '#lib/core/slopes.ts';
import { sharesOverEpochs, spreadEpochs } from './slope-maps.ts';

const losses: LossChoice[] = ['dice', 'focal'].map((key) => ({
	key,
	label: key.toUpperCase(),
	loss: key,
	values: {},
	learningRateFactor: 1,
}));

/** A trainer whose border share is the first level over 100, and 0 for the second loss. */
const trainer = {
	slopes: async ({ levels, losses: asked }: SlopeRequest): Promise<SlopeMap[]> =>
		asked.map(({ key }, place) => {
			const border = place === 0 ? (levels[0] ?? 0) / 100 : 0;
			return { key, value: 1, slopes: new Float32Array(4), largest: 1, shares: { border, foreground: 1 - border, background: 0 } };
		}),
};
const ownLosses = { recorded: (given: readonly LossChoice[]) => Promise.resolve([...given]) };

describe('slopes over epochs', () => {
	it('are taken at all epochs of a short run, and at an even choice of a long one with its last', () => {
		expect(spreadEpochs(3)).toEqual([1, 2, 3]);
		expect(spreadEpochs(0)).toEqual([]);
		const many = spreadEpochs(100);
		expect(many).toHaveLength(20);
		expect([many[0], many.at(-1)]).toEqual([5, 100]);
	});

	it('follow the predictions that are kept, and leave out the others', async () => {
		const experiment = { spec: { losses, training: { epochs: 4 } } } as Pick<ExperimentRecord, 'spec'>;
		const kept: Record<number, number> = { 1: 10, 3: 30 };
		const predictionAt = (epoch: number): Promise<Preview | undefined> => {
			const level = kept[epoch];
			const prediction: Preview = { sampleId: 'a', kind: 'binary', width: 2, height: 2, data: new Uint8Array(4).fill(level ?? 0) };
			return Promise.resolve(level === undefined ? undefined : prediction);
		};
		const sample = { truth: { width: 2, height: 2, data: Uint8Array.of(0, 1, 0, 1) } };
		const [dice, focal] = await sharesOverEpochs({ trainer, ownLosses }, experiment, predictionAt, sample, 3);
		expect(dice).toMatchObject({ key: 'dice', name: 'DICE', place: 0, epochs: [1, 3] });
		expect(dice!.shares.map((share) => share!.border)).toEqual([0.1, 0.3]);
		expect(focal!.shares.map((share) => share!.border)).toEqual([0, 0]);
	});
});
