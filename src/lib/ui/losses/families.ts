/** The families of losses in the words of the reference. */
import type { LossFamily } from '#lib/losses/contract.ts';

export const families: readonly { readonly id: LossFamily; readonly title: string; readonly about: string }[] = [
	{
		id: 'distribution',
		title: 'Pixel by pixel',
		about: 'Each pixel is a guess of its own; the loss is the mean over pixels, so frequent classes lead.',
	},
	{ id: 'region', title: 'By overlap', about: 'Areas are compared, so a small object weighs as much as its background.' },
	{ id: 'boundary', title: 'By boundary', about: 'How far the predicted edge lies from the true one.' },
	{ id: 'compound', title: 'Several at once', about: 'Sums of losses of different families.' },
	{ id: 'regression', title: 'By distance of values', about: 'Differences between probability and truth, as in regression.' },
	{ id: 'adaptive', title: 'Changing while training', about: 'Their weights or shape follow the run.' },
];
