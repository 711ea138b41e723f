import { expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { changeInWords, smallerChoice } from './smaller-choice.ts';

const specOf = (size: number, base: number, epochs: number): ExperimentSpec => ({
	...defaultSpec,
	prepare: { ...defaultSpec.prepare, size },
	net: { ...defaultSpec.net, base },
	training: { ...defaultSpec.training, epochs },
	losses: [],
});
/** As the area, the filters and the epochs. */
const msOf = ({ prepare, net, training }: ExperimentSpec): number => prepare.size ** 2 * net.base * training.epochs;
const chosen = (from: ExperimentSpec, share: number): string => {
	const smaller = smallerChoice(from, msOf, msOf(from) * share);
	return smaller ? changeInWords(from, smaller.spec) : 'nothing';
};

it('is the least change that fits', () => {
	// 12 of 16 filters, 160 of 192 pixels or 30 of 50 epochs would do; 160 / 192 is nearest to 1.
	expect(chosen(specOf(192, 16, 50), 0.9)).toBe('160²');
	// (160 / 256)² · 12 / 16 = 0.29 of the time, a change of ln² 0.625 + ln² 0.75 = 0.30; 128² alone is ln² 0.5 = 0.48, 192² with 8 filters 0.56.
	expect(chosen(specOf(256, 16, 10), 0.3)).toBe('160² and 12 filters');
	// At 64² and 8 filters only the epochs can become fewer.
	expect(chosen(specOf(64, 8, 50), 0.6)).toBe('30 epochs');
	// 8 / 16 · 30 / 50 = 0.3, a change of 0.48 + 0.26; with 12 filters and 20 epochs it is 0.08 + 0.84.
	expect(chosen(specOf(64, 16, 50), 0.3)).toBe('8 filters and 30 epochs');
});

it('says all that changes, and how long it takes then', () => {
	const from = specOf(512, 64, 200);
	// The smallest of all: an eighth of the side, of the filters, and a twentieth of the epochs.
	const least = msOf(specOf(64, 8, 10));
	const smaller = smallerChoice(from, msOf, least);
	expect(smaller).toMatchObject({ ms: least });
	expect(smaller && changeInWords(from, smaller.spec)).toBe('64², 8 filters and 10 epochs');
	expect(smallerChoice(from, msOf, least - 1)).toBeNull();
});
