/** "Which loss for my data?": two or three to compare, each with what in the data speaks for it and what was published about it. Pure. */
import type { ParamValue } from '#lib/core/params.ts';
import { findLoss } from '#lib/losses/index.ts';
import type { MaskFacts } from './mask-facts.ts';

export interface Suggestion {
	/** Id on the shelf. */
	readonly loss: string;
	/** Where they differ from the published defaults. */
	readonly values: Readonly<Record<string, ParamValue>>;
	/** What in the data speaks for it. */
	readonly reason: string;
	/** What was measured elsewhere, with its numbers. */
	readonly evidence: string;
}

/** Longer than so many times their width are lines. */
export const lineFrom = 6;
const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

interface Rule {
	/** Null where nothing in the data speaks for it. */
	(facts: MaskFacts, rough: boolean): Suggestion | null;
}

const roughMasks: Rule = (_facts, rough) =>
	rough
		? {
				loss: 'noiseRobustDice',
				values: {},
				reason: 'You say that the masks are drawn roughly: errors count by a power below 2, so that few large ones do not lead.',
				evidence: 'Made for pneumonia in CT with noisy masks (Wang et al. 2020).',
			}
		: null;

const lines: Rule = ({ elongation }) =>
	elongation !== null && elongation >= lineFrom
		? {
				loss: 'clDice',
				values: {},
				reason: `Objects are about ${Math.round(elongation)} times as long as wide: what breaks a line costs few pixels, so a loss should look at centre lines.`,
				evidence: 'Keeps vessels and roads in one piece; only together with Dice, as here (Shit et al. 2021).',
			}
		: null;

const emptyMasks: Rule = ({ empty, images }) =>
	images > 0 && empty / images >= 0.1
		? {
				loss: 'dice',
				values: { batchSums: true },
				reason: `${empty} of ${images} masks are empty: summed over the batch, Dice has a slope on them too.`,
				evidence: 'On toy images of which half were empty: recall 0.76 summed over the batch, 0.40 image by image.',
			}
		: null;

const tiny: Rule = ({ foreground, classes }) =>
	classes === 2 && foreground > 0 && foreground < 0.02
		? {
				loss: 'tversky',
				values: {},
				reason: `The object covers ${percent(foreground)} of the pixels: losses that average over pixels tend to call everything background.`,
				evidence:
					'MS lesions: Dice score 56.4 with the weights 0.3 / 0.7 against 53.4 with equal ones (Salehi et al. 2017). Measured in this app at 0.6 %: cross-entropy finds 0.25 ± 0.44 of the object, Dice 0.86 ± 0.03.',
			}
		: null;

const rareClasses: Rule = ({ classes, rarest }) =>
	classes > 2 && rarest < 0.05
		? {
				loss: 'diceTopK',
				values: {},
				reason: `The rarest class covers ${percent(rarest)} of the pixels: Dice counts each class alike, and the hardest pixels are looked at one by one.`,
				evidence: 'Best on two of three tasks in a comparison of 20 losses with nnU-Net: tumour .669, multi-organ .864 (Ma et al. 2021).',
			}
		: null;

const balanced: Rule = ({ foreground, classes }) =>
	classes === 2 && foreground >= 0.1
		? {
				loss: 'crossEntropy',
				values: {},
				reason: `The object covers ${percent(foreground)} of the pixels: there is no imbalance to mend, and its probabilities can be believed best.`,
				evidence: 'On toy images with 11 % foreground every loss reached a Dice of .88 to .94, cross-entropy .94.',
			}
		: null;

const always: Rule = () => ({
	loss: 'diceCrossEntropy',
	values: {},
	reason: 'The sum of both kinds: overlap counts, and every pixel has a slope.',
	evidence: 'Never far from the best in comparisons: liver .962, multi-organ .851 with nnU-Net (Isensee et al. 2021, Ma et al. 2021).',
});

const alsoDice: Rule = () => ({
	loss: 'dice',
	values: {},
	reason: 'What the masks are mostly judged by, trained on directly: the yardstick for the others.',
	evidence: 'Small objects weigh as much as the background (Milletari et al. 2016).',
});

/** Two or three suggestions, the most particular first. @param rough the person says that the masks are drawn roughly */
export function adviceFor(facts: MaskFacts, rough: boolean): readonly Suggestion[] {
	const rules = [roughMasks, lines, emptyMasks, tiny, rareClasses, balanced, always, alsoDice];
	const all = rules.flatMap((rule) => rule(facts, rough) ?? []);
	const distinct = all.filter(({ loss }, place) => findLoss(loss) && all.findIndex((other) => other.loss === loss) === place);
	return distinct.slice(0, 3);
}
